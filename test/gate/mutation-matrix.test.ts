import { beforeAll, describe, expect, it } from "vitest";
import { apis, type Mutation, mutations } from "./mutations.js";
import { replaced } from "./mutations-apis.js";
import { checkAll } from "./mutations-check.js";
import { type Finding, type Findings, runGate } from "./mutations-run.js";

const ids = (findings: readonly Finding[] = []) => findings.map(({ type }) => type).sort();

describe("the gate", () => {
  let results: ReadonlyMap<Mutation, Findings>;

  beforeAll(async () => {
    results = await checkAll(mutations);
  }, 300_000);

  it.each([...new Set(mutations.map(({ kind }) => kind))])("says what it must to: %s", (kind) => {
    const all = mutations.filter((mutation) => mutation.kind === kind);
    const said = all.map((mutation) => {
      const { breaking, lint } = results.get(mutation) ?? {};
      return { element: mutation.element, breaking: ids(breaking), lint: ids(lint) };
    });
    expect(said).toEqual(
      all.map(({ element, expected: { breaking = [], lint = [] } }) => ({
        element,
        breaking: [...breaking].sort(),
        lint: [...lint].sort(),
      })),
    );
  });
});

describe("a token that was in a status", () => {
  it.each([
    ["workflowexecution", "WorkflowExecution", 11, 7],
    ["agentexecution", "AgentExecution", 10, 6],
  ])(
    "in %s: the gate tells its readers where it is now, and what old bytes do",
    async (folder, name, was, is) => {
      const path = `ai/stigmer/agentic/${folder}/v1`;
      const old = [
        replaced(
          `${path}/api.proto`,
          `  reserved ${was};\n`,
          `  bytes callback_token = ${was} [debug_redact = true];\n`,
        ),
        replaced(`${path}/api.proto`, '  reserved "callback_token";\n', ""),
        replaced(`${path}/spec.proto`, /^ {2}bytes callback_token = .+\n/m, ""),
      ].reduce((all, edit) => edit(all), apis);
      const { lint, breaking } = await runGate(apis, old);
      expect(lint).toEqual([]);
      expect(ids(breaking)).toEqual(["FIELD_NO_DELETE", "STIGMER_CALLBACK_TOKEN_NOT_MOVED"]);
      const moved = breaking.find(({ type }) => type === "STIGMER_CALLBACK_TOKEN_NOT_MOVED");
      expect(moved).toMatchObject({
        path: `apis/${path}/spec.proto`,
        start_line: expect.any(Number),
      });
      expect(moved?.message).toContain(
        `moved from field ${was} to field ${is} of message "${name}Spec"`,
      );
      expect(moved?.message).toContain("readers of today skip as unknown");
      expect(moved?.message).toContain("the caller waits until its timeout");
      expect(moved?.message).toContain(
        `Keep number ${was} and the name reserved in "${name}Status" for good`,
      );
    },
  );
});
