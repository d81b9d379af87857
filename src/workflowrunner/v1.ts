export * from "../../gen/ai/stigmer/agentic/workflowrunner/v1/interface_pb.js";
export * from "../../gen/ai/stigmer/agentic/workflowrunner/v1/io_pb.js";
