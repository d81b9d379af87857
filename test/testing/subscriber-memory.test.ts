import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it, vi } from "vitest";
import { createExecutionStore } from "../../src/testing/execution-store.js";
import type { WorkflowExecution } from "../../src/workflowexecution/v1.js";
import { idOf, soon, workflowKind } from "./fixtures.js";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

it("a subscriber that leaves is forgotten, also when nothing changes", async () => {
  const store = createExecutionStore<WorkflowExecution>("WorkflowExecution");
  const id = idOf(store.create(workflowKind.valid()));

  async function subscribeAndLeave(): Promise<WeakRef<object>> {
    const leave = new AbortController();
    const states = store.subscribe(id, leave.signal)[Symbol.asyncIterator]();
    await states.next();
    const next = states.next();
    const reason = new Error("bye");
    leave.abort(reason);
    expect(await next.catch((error: unknown) => error)).toBe(reason);
    return new WeakRef(leave.signal);
  }

  const left = await subscribeAndLeave();
  await vi.waitFor(() => {
    collectGarbage();
    // Not the object itself, which a failed assertion would keep.
    expect(left.deref() === undefined).toBe(true);
  }, soon);
  expect(store.get(id).metadata?.id).toBe(id);
});
