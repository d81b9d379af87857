// What the worker runs: the examples of executeAgent and executeWorkflow.

export { answer } from "./workflow/execute-agent.js";
export { ship } from "./workflow/execute-workflow.js";
