/**
 * Under which ids to look for the workflow that runs an execution: what its status says; its own id; and
 * what existing services make of that.
 */
export function runnerWorkflowIds(executionId: string, inStatus: string | undefined): string[] {
  const usual = [executionId, `workflow-exec-${executionId}`];
  return inStatus === undefined ? usual : [...new Set([inStatus, ...usual])];
}
