import { create } from "@bufbuild/protobuf";
import type { CallbackToken } from "@stigmer/apis";
import { createActivityEngine, pending } from "@stigmer/apis/testing";
import { ExecutionPhase, WorkflowExecutionStatusSchema } from "@stigmer/apis/workflowexecution/v1";

const engine = createActivityEngine();
const tokens: CallbackToken[] = [];
const status = create(WorkflowExecutionStatusSchema, {
  phase: ExecutionPhase.EXECUTION_COMPLETED,
  output: { parcel: 4711 },
});

const activity = engine.startActivity(async ({ attempt, token }) => {
  console.log(`attempt ${attempt}`);
  // => attempt 1
  // => attempt 2
  tokens.push(token);
  if (attempt === 1) throw new Error("the worker was restarted");
  void engine.complete(token, status); // Whoever ends the execution does this, days later.
  return pending;
});
console.log((await activity.result).outcome); // => completed

// Every attempt had a token of its own, and none of them is of use any more.
for (const token of tokens) console.log(await engine.complete(token, status));
// => not-found
// => not-found
