import { describeCallbackToken, getCallbackToken, setCallbackToken } from "@stigmer/apis";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";
import { describe, expect, it } from "vitest";
import { asBinary, byName, decode, type Execution, newExecution, newToken } from "../kinds.js";
import type { Program, Protocol } from "../program.js";
import { serve } from "../serve.js";

const { EXECUTION_PENDING, EXECUTION_IN_PROGRESS, EXECUTION_COMPLETED } = ExecutionPhase;

/** The program is a client of the package's service, over HTTP/2. */
export function describeCalls(program: () => Program, over: Protocol): void {
  describe(`calls over ${over}`, () => {
    it.each(byName)("leave the token of a %s as it is", async (_, kind) => {
      const service = await serve(kind);
      const execution = newExecution(kind);
      const token = newToken();
      setCallbackToken(execution, token);
      const id = execution.metadata?.id ?? "";

      const seen: unknown[] = [];
      const request = { ...asBinary(kind, execution), address: service.address, over };
      for await (const { received } of program().follow({ op: "call", ...request })) {
        seen.push(summary(decode(kind, received)));
        // The first is what `create` returns, the second what `subscribe` sends at once.
        if (seen.length === 2) await service.updatePhase(id, EXECUTION_IN_PROGRESS);
        if (seen.length === 3) await service.updatePhase(id, EXECUTION_COMPLETED);
      }

      const states = [EXECUTION_PENDING, EXECUTION_PENDING, EXECUTION_IN_PROGRESS];
      const waits = describeCallbackToken(token);
      expect(seen).toEqual([...states, EXECUTION_COMPLETED].map((phase) => ({ id, phase, waits })));
      expect(summary(await service.get(id))).toEqual(seen.at(-1));
    });
  });
}

/** Which execution it is, how far it is, and who waits for it. */
function summary(execution: Execution) {
  const token = getCallbackToken(execution);
  return {
    id: execution.metadata?.id,
    phase: execution.status?.phase,
    waits: token && describeCallbackToken(token),
  };
}
