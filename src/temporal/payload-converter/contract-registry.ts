import { createRegistry, type DescFile, type Registry } from "@bufbuild/protobuf";
import {
  file_ai_stigmer_agentic_agentexecution_v1_command,
  file_ai_stigmer_agentic_agentexecution_v1_query,
} from "../../agentexecution/v1.js";
import {
  file_ai_stigmer_agentic_workflowexecution_v1_command,
  file_ai_stigmer_agentic_workflowexecution_v1_query,
} from "../../workflowexecution/v1.js";
import { file_ai_stigmer_agentic_workflowrunner_v1_interface } from "../../workflowrunner/v1.js";

/**
 * All messages of this contract and the well-known types that they use. For a worker that has
 * messages of its own too: `createPayloadConverter(createRegistry(contractRegistry, ...))`.
 */
export const contractRegistry: Registry = createRegistry(
  ...[
    // No file imports these, and they import all others.
    file_ai_stigmer_agentic_agentexecution_v1_command,
    file_ai_stigmer_agentic_agentexecution_v1_query,
    file_ai_stigmer_agentic_workflowexecution_v1_command,
    file_ai_stigmer_agentic_workflowexecution_v1_query,
    file_ai_stigmer_agentic_workflowrunner_v1_interface,
  ].flatMap(withDependencies),
);

function withDependencies(file: DescFile): DescFile[] {
  return [file, ...file.dependencies.flatMap(withDependencies)];
}
