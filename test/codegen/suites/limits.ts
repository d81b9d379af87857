import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  type WorkflowExecution,
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { describe, expect, it } from "vitest";
import { newExecution } from "../kinds.js";
import type { Language } from "../language.js";
import type { Program } from "../program.js";
import { serve } from "../serve.js";

const large = "x".repeat(5 * 1024 * 1024);
const pingIntervalMs = 100;

/** What a client in each language says of an answer that is too large for it. */
const codes: Readonly<Record<string, string>> = {
  Go: "ResourceExhausted",
  Python: "RESOURCE_EXHAUSTED",
  Java: "CANCELLED",
};
// Not all pings of a client are as far apart as it wants.
const minPingMs = pingIntervalMs / 2;

/** Limits that grpc sets by itself, as docs/other-languages.md tells them. */
export function describeLimits({ name }: Language, program: () => Program): void {
  describe("limits of messages", () => {
    it("refuse an answer of 5 MiB, unless they are raised", async () => {
      const { address } = await serve(WorkflowExecutionSchema);
      const execution = newLargeExecution();
      await clientsOf(address).commands.create(execution);
      const get = (isRaised: boolean) =>
        program().ask({ op: "get", address, id: execution.metadata?.id ?? "", isRaised });
      expect(await get(false)).toEqual({ refused: codes[name] });
      expect(await get(true)).toEqual({ bytes: large.length });
    });

    it("refuse a request of 5 MiB, unless they are raised", async () => {
      const send = async (isRaised: boolean) => {
        const { address } = await program().ask({ op: "serve", isRaised, minPingMs });
        return clientsOf(address).commands.create(newLargeExecution());
      };
      await expect(send(false)).rejects.toMatchObject({ code: Code.ResourceExhausted });
      await expect(send(true)).resolves.toMatchObject({ metadata: { id: expect.any(String) } });
    });
  });

  describe("pings", () => {
    it("end a call that is open, unless the server allows them", async () => {
      const subscribe = async (isRaised: boolean, forMs: number) => {
        const { address } = await program().ask({ op: "serve", isRaised, minPingMs });
        const signal = AbortSignal.timeout(forMs);
        try {
          const request = { executionId: "wex-1" };
          for await (const _ of clientsOf(address, { pingIntervalMs }).queries.subscribe(request, {
            signal,
          }));
          return "ended";
        } catch (error) {
          return signal.aborted ? "open" : ConnectError.from(error).message;
        }
      };
      const [refused, allowed] = await Promise.all([
        subscribe(false, 30_000),
        subscribe(true, 3_000),
      ]);
      expect(refused).toBe("[internal] Session closed with error code 11");
      expect(allowed).toBe("open");
    });
  });
}

function newLargeExecution(): WorkflowExecution {
  const execution = newExecution(WorkflowExecutionSchema) as WorkflowExecution;
  if (execution.spec) execution.spec.triggerMessage = large;
  return execution;
}

function clientsOf(address: string, options: { pingIntervalMs?: number } = {}) {
  const transport = createGrpcTransport({ baseUrl: `http://${address}`, ...options });
  return {
    commands: createClient(WorkflowExecutionCommandController, transport),
    queries: createClient(WorkflowExecutionQueryController, transport),
  };
}
