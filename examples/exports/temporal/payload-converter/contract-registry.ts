import { contractRegistry } from "@stigmer/apis/temporal/payload-converter";

const name = "ai.stigmer.agentic.agentexecution.v1.AgentExecution";
console.log(contractRegistry.getMessage(name)?.name); // => AgentExecution
