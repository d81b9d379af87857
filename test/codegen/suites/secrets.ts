import { randomBytes } from "node:crypto";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { callbackToken, setCallbackToken } from "@stigmer/apis";
import { describe, expect, it } from "vitest";
import { findSecrets } from "../../find-secrets.js";
import { asBinary, byName, newExecution } from "../kinds.js";
import type { Printed, Program } from "../program.js";

/** The program's own ways to print show secrets, and none shows any of what its README makes. */
export function describeSecrets(program: () => Program): void {
  describe("secrets kept from print", () => {
    describe.each(byName)("of a %s", (_, kind) => {
      // Letters and digits, which no way to print writes as anything else.
      const [inToken, inValue] = [randomBytes(33).toString("hex"), randomBytes(33).toString("hex")];
      const execution = newExecution(kind);
      setCallbackToken(execution, callbackToken(Buffer.from(inToken)));
      Object.assign(execution.spec ?? {}, {
        runtimeEnv: {
          KEY: { $typeName: envType, value: inValue, isSecret: true },
        },
      });
      // As the status of an old service has its token, and a newer contract a secret of its own.
      const inUnknown = randomBytes(33).toString("hex");
      const data = new BinaryWriter().bytes(Buffer.from(inUnknown)).finish();
      if (execution.spec) {
        execution.spec.$unknown = [{ no: 2001, wireType: WireType.LengthDelimited, data }];
      }
      const request = { op: "print", ...asBinary(kind, execution) } as const;
      const id = execution.metadata?.id ?? "";
      const shownIn = (texts: Printed, secret: string) =>
        Object.keys(texts).filter((how) => findSecrets(texts[how] ?? "", [secret]).length > 0);

      it.each([
        ["the token", inToken],
        ["a secret of runtime_env", inValue],
      ])("shows %s, unless it is taken out", async (_, secret) => {
        const { printed, safe } = await program().ask(request);
        expect(shownIn(printed, secret)).toEqual(Object.keys(printed));
        expect(Object.keys(safe)).toEqual(Object.keys(printed));
        expect(shownIn(safe, secret)).toEqual([]);
      });

      it("shows no field that the stubs do not know", async () => {
        const { safe } = await program().ask(request);
        expect(shownIn(safe, inUnknown)).toEqual([]);
      });

      it("takes nothing else out", async () => {
        const { safe } = await program().ask(request);
        const ofMessage = Object.entries(safe).filter(([how]) => !how.endsWith("of an Any"));
        expect(ofMessage.length).toBeGreaterThan(1);
        for (const [, text] of ofMessage) {
          expect(text).toContain(id);
          expect(text).toContain("KEY");
        }
      });

      it("leaves the message itself as it is", async () => {
        const { binary } = await program().ask(request);
        expect(binary).toBe(request.binary);
      });
    });
  });
}

const envType = "ai.stigmer.agentic.executioncontext.v1.ExecutionValue";
