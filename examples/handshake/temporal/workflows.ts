// What is bundled for the workers, once for both.

export { answerCustomer, checkOut } from "./caller-workflows.js";
export { ExecuteServerlessWorkflow, RunAgent } from "./runner-workflows.js";
