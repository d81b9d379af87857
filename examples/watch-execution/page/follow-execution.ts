import { type WorkflowExecutionSubscriber, waitForExecution } from "@stigmer/apis/handshake";
import type {
  WorkflowExecution,
  WorkflowExecutionStatus,
} from "@stigmer/apis/workflowexecution/v1";

export interface ExecutionObserver {
  /** Told of the current state, and then of every change. */
  showExecution(execution: WorkflowExecution): void;

  /** Told when the connection is lost. It is opened again until the execution has ended. */
  showConnectionLost(): void;
}

/**
 * Waits until the execution has ended and tells the observer of everything on the way. Throws what
 * `waitForExecution` throws, such as NOT_FOUND.
 */
export function followExecution(
  queries: WorkflowExecutionSubscriber,
  id: string,
  observer: ExecutionObserver,
): Promise<WorkflowExecutionStatus> {
  // It opens a lost stream again, so all that is left to do is to look at what passes.
  return waitForExecution(id, { subscribe: (...call) => observed(queries.subscribe(...call)) });

  async function* observed(executions: AsyncIterable<WorkflowExecution>) {
    try {
      for await (const execution of executions) {
        observer.showExecution(execution);
        yield execution;
      }
    } catch (error) {
      observer.showConnectionLost();
      throw error;
    }
    observer.showConnectionLost();
  }
}
