import { create, isMessage, toBinary } from "@bufbuild/protobuf";
import { FileOptions_OptimizeMode, FileOptionsSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { shallowCopy } from "../../../src/temporal/payload/shallow-copy.js";
import {
  type WorkflowExecution,
  WorkflowExecutionSchema,
} from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";

describe("a shallow copy of a message", () => {
  const message = filled(WorkflowExecutionSchema).message as WorkflowExecution;

  it("is the same message, with all that it has, also what its type does not know", () => {
    const copy = shallowCopy(message);
    expect(copy).not.toBe(message);
    expect(isMessage(copy, WorkflowExecutionSchema)).toBe(true);
    expect(toBinary(WorkflowExecutionSchema, copy)).toEqual(
      toBinary(WorkflowExecutionSchema, message),
    );
  });

  it("has the defaults of its type, where a type has some of its own", () => {
    const copy = shallowCopy(create(FileOptionsSchema));
    expect(copy.optimizeFor).toBe(FileOptions_OptimizeMode.SPEED);
    expect(isMessage(copy, FileOptionsSchema)).toBe(true);
  });

  it("has the very values of the fields, and none of its own", () => {
    expect(shallowCopy(message).spec).toBe(message.spec);
  });

  it("keeps what a field is replaced by to itself", () => {
    const before = message.status;
    const copy = shallowCopy(message);
    delete copy.status;
    copy.kind = "another";
    expect(message.status).toBe(before);
    expect(message.kind).not.toBe("another");
  });
});
