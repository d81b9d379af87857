import { create } from "@bufbuild/protobuf";
import { createActivityEngine, pending } from "@stigmer/apis/testing";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";

const engine = createActivityEngine();
const status = create(WorkflowExecutionStatusSchema, { phase: ExecutionPhase.EXECUTION_COMPLETED });

// With a status, the activity ends when its function does.
const atOnce = engine.startActivity(async () => status);
console.log((await atOnce.result).outcome); // => completed

// With `pending`, it waits until somebody ends it by its token.
const later = engine.startActivity(async ({ token }) => {
  setTimeout(() => engine.complete(token, status), 10);
  return pending;
});
console.log((await later.result).outcome); // => completed
