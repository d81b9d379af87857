import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { BadRequestSchema } from "@stigmer/apis";
import { ApiResourceOwnerScope } from "@stigmer/apis/apiresource";
import { validateExecution } from "@stigmer/apis/validation";
import {
  WorkflowExecutionCommandController,
  WorkflowExecutionQueryController,
  WorkflowExecutionSchema,
} from "@stigmer/apis/workflowexecution/v1";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCases, textsOf } from "../cases.js";
import type { Language, Versions } from "../language.js";
import type { Program, Violation } from "../program.js";
import { installed } from "../project.js";

declare module "vitest" {
  interface TaskMeta {
    /** More libraries for the table in docs/other-languages.md. */
    libraries?: Versions;
  }
}

/** Stubs with the rules give the violations that the file of cases tells, and so does the README's service. */
export function describeRules({ name }: Language, start: () => Promise<Program>): void {
  describe("cases of the rules", () => {
    let program: Program;
    let address: string;

    beforeAll(async () => {
      program = await start();
      ({ address } = await program.ask({ op: "serve" }));
    });
    afterAll(() => program?.stop());

    it("runs on the versions that the README names", async ({ task }) => {
      const versions = (await program.ask({ op: "versions" })) as unknown as Versions;
      const readme = join(installed(), `codegen/${name.toLowerCase()}/README.md`);
      const text = await readFile(readme, "utf8");
      for (const version of Object.values(versions)) expect(text).toContain(version);
      task.meta.libraries = versions;
    });

    it("gives each case its violations", async () => {
      const cases = await readCases();
      expect(cases.length).toBeGreaterThan(300);
      for (const { name, type, message, violations } of cases) {
        const found = (await program.ask({ op: "validate", type, json: message })).violations;
        expect([name, ...textsOf(found)]).toEqual([name, ...violations]);
      }
    });

    it("says what is wrong as TypeScript does", async () => {
      const json = {
        metadata: { id: "aex-1", ownerScope: 99 },
        spec: { callbackToken: Buffer.alloc(8_193).toString("base64"), runtimeEnv: { 'A"é': {} } },
      };
      const { violations } = await program.ask({
        op: "validate",
        type: WorkflowExecutionSchema.typeName,
        json: JSON.stringify(json),
      });
      const expected = validateExecution(
        create(WorkflowExecutionSchema, {
          metadata: { id: "aex-1", ownerScope: 99 as ApiResourceOwnerScope },
          spec: { callbackToken: new Uint8Array(8_193), runtimeEnv: { 'A"é': {} } },
        }),
      );
      // It adds what came.
      const texts = sorted(expected).map((text) => text.replace(/, got .*$/, ""));
      expect(sorted(violations)).toEqual(texts);
      expect(expected.length).toBeGreaterThan(5);
    });

    const refusalOf = async (call: (address: string) => Promise<unknown>) => {
      const reason = await call(address).then(
        () => expect.fail("expected a refusal"),
        (error: unknown) => ConnectError.from(error),
      );
      expect([reason.code, reason.rawMessage]).toEqual([Code.InvalidArgument, expect.any(String)]);
      const [detail] = reason.findDetails(BadRequestSchema);
      return { text: reason.rawMessage, violations: detail?.fieldViolations ?? [] };
    };

    it("refuses a request in the service, with the detail of the contract", async () => {
      const { text, violations } = await refusalOf((address) => createAt(address, {}));
      expect(text).toBe(`violations of ${WorkflowExecutionSchema.typeName}: 4`);
      expect(violations.map(({ field, reason }) => `${field}: ${reason}`).sort()).toEqual([
        "api_version: string.const",
        "kind: string.const",
        "metadata: required",
        "spec: required",
      ]);
      expect(violations.map(({ description }) => description)).toContain("value is required");
    });

    it("refuses a request whose answer is a stream", async () => {
      const { violations } = await refusalOf((address) => firstStateAt(address, ""));
      expect(violations).toMatchObject([{ field: "execution_id", reason: "string.min_len" }]);
    });

    it("refuses what has many violations at long paths", async () => {
      const keys = Array.from({ length: 1_000 }, (_, i) => `${"é".repeat(300)}${i}`);
      const runtimeEnv = Object.fromEntries(keys.map((key) => [key, {}]));
      const { violations } = await refusalOf((address) =>
        createAt(address, { ...valid, spec: { workflowId: "wfl-1", runtimeEnv } }),
      );
      expect(violations).toHaveLength(11);
      expect(violations.at(-1)).toMatchObject({ field: "", reason: "omitted" });
      expect(violations.at(-1)?.description).toBe("990 more violations");
      expect(violations[0]?.field.length).toBeLessThan(110);
    });

    it("takes a valid request, and checks no answer", async () => {
      expect(await createAt(address, valid)).toEqual(create(WorkflowExecutionSchema));
      expect(await firstStateAt(address, "wex-1")).toEqual(create(WorkflowExecutionSchema));
    });
  });
}

const valid = {
  apiVersion: "agentic.stigmer.ai/v1",
  kind: "WorkflowExecution",
  metadata: { ownerScope: ApiResourceOwnerScope.organization },
  spec: { workflowId: "wfl-1" },
} satisfies MessageInitShape<typeof WorkflowExecutionSchema>;

function createAt(address: string, request: MessageInitShape<typeof WorkflowExecutionSchema>) {
  return createClient(WorkflowExecutionCommandController, transportTo(address)).create(request);
}

// An answer with too much metadata may never come.
const transportTo = (address: string) =>
  createGrpcTransport({ baseUrl: `http://${address}`, defaultTimeoutMs: 30_000 });

async function firstStateAt(address: string, executionId: string) {
  const client = createClient(WorkflowExecutionQueryController, transportTo(address));
  for await (const state of client.subscribe({ executionId })) return state;
  return undefined;
}

function sorted(violations: readonly Violation[]): string[] {
  return violations.map(({ field, rule, message }) => `${field}: ${rule}: ${message}`).sort();
}
