import { create, type JsonObject, toBinary, toJson } from "@bufbuild/protobuf";
import { callbackToken, clearCallbackToken, setCallbackToken } from "@stigmer/apis";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import { describe, expect, it } from "vitest";
import {
  asBinary,
  asJson,
  base64,
  byName,
  type Execution,
  type Kind,
  newExecution,
  newToken,
} from "../kinds.js";
import type { Program } from "../program.js";

/** The program tells set, absent and empty as the contract does: only a token that is set waits. */
export function describeTokens(program: () => Program): void {
  describe("a token set, absent or empty", () => {
    describe.each(byName)("of a %s", (_, kind) => {
      const nobodyWaits = { set: false, token: "" };
      // All 64 digits of Base64, and padding.
      const bytes = callbackToken(Uint8Array.from({ length: 256 }, (_, byte) => byte));
      const token = base64(bytes);

      const inJson = (spec: JsonObject) => {
        const json = toJson<Kind>(kind, newExecution(kind)) as { spec: JsonObject };
        return asJson(kind, { ...json, spec: { ...json.spec, ...spec } });
      };

      it("is read when it is set", async () => {
        const execution = newExecution(kind);
        setCallbackToken(execution, bytes);
        const answer = await program().ask({ op: "readToken", ...asBinary(kind, execution) });
        expect(answer).toEqual({ set: true, token });
      });

      it("is read from JSON in both alphabets of Base64, with and without padding", async () => {
        const urlSafe = token.replaceAll("+", "-").replaceAll("/", "_");
        for (const padded of [token, urlSafe]) {
          for (const callbackToken of [padded, padded.replace(/=+$/, "")]) {
            const request = inJson({ callbackToken });
            const answer = await program().ask({ op: "readToken", ...request });
            expect(answer).toEqual({ set: true, token });
          }
        }
      });

      it.each([
        ["absent", () => asBinary(kind, newExecution(kind))],
        ["absent, with its spec", () => asBinary(kind, create<Kind>(kind))],
        ["empty", () => withEmptyToken(kind)],
        ["absent in JSON", () => inJson({})],
        ["empty in JSON", () => inJson({ callbackToken: "" })],
        ["null in JSON", () => inJson({ callbackToken: null })],
      ])("is nobody's when it is %s", async (_, request) => {
        expect(await program().ask({ op: "readToken", ...request() })).toEqual(nobodyWaits);
      });

      it("is written when it is set, in place of another", async () => {
        for (const execution of [newExecution(kind), withToken(kind)]) {
          const request = { ...asBinary(kind, execution), token };
          const { binary } = await program().ask({ op: "writeToken", ...request });
          setCallbackToken(execution, bytes);
          expect(binary).toBe(asBinary(kind, execution).binary);
        }
      });

      it("is not written when it is taken out, or set to no bytes", async () => {
        for (const token of [undefined, ""]) {
          const execution = withToken(kind);
          const request = { ...asBinary(kind, execution), ...(token === "" && { token }) };
          const { binary } = await program().ask({ op: "writeToken", ...request });
          clearCallbackToken(execution);
          expect(binary).toBe(asBinary(kind, execution).binary);
        }
      });
    });
  });
}

function withToken(kind: Kind): Execution {
  const execution = newExecution(kind);
  setCallbackToken(execution, newToken());
  return execution;
}

/** With a token of no bytes in its bytes, where proto3 leaves it out. */
function withEmptyToken(kind: Kind) {
  const tag = kind === WorkflowExecutionSchema ? 0x3a : 0x32;
  const bytes = [...toBinary<Kind>(kind, newExecution(kind)), 0x22, 2, tag, 0];
  return { type: kind.typeName, binary: base64(Uint8Array.from(bytes)) };
}
