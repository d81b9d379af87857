import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { create, toBinary } from "@bufbuild/protobuf";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { describeCallbackToken } from "../../src/index.js";
import { WorkflowExecutionSchema } from "../../src/workflowexecution/v1.js";
import { taskToken } from "./fixtures.js";

describe("the built package in a workflow sandbox", () => {
  const sandbox = createContext({ TextEncoder, TextDecoder });
  let bundle = "";

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          export { fromBinary } from "@bufbuild/protobuf";
          export { describeCallbackToken, getCallbackToken } from "@stigmer/apis";
          export { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
        `,
        resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      },
      bundle: true,
      write: false,
      platform: "neutral",
      format: "iife",
      globalName: "apis",
    });
    bundle = outputFiles[0]?.text ?? "";
  });

  it("bundles without anything of Node", () => {
    expect(bundle).toContain("describeCallbackToken");
    expect(bundle).not.toMatch(/["'`]node:|\brequire\s*\(/);
  });

  it("reads and describes a token with nothing but ECMAScript around it", () => {
    const gone = "[typeof process, typeof Buffer, typeof crypto, typeof require, typeof atob]";
    expect(new Set(runInContext(gone, sandbox))).toEqual(new Set(["undefined"]));

    runInContext(bundle, sandbox);
    const execution = create(WorkflowExecutionSchema, { spec: { callbackToken: taskToken } });
    sandbox.bytes = toBinary(WorkflowExecutionSchema, execution);
    const described = runInContext(
      `apis.describeCallbackToken(
        apis.getCallbackToken(apis.fromBinary(apis.WorkflowExecutionSchema, bytes)),
      )`,
      sandbox,
    );
    expect(described).toBe(describeCallbackToken(taskToken));
  });
});
