export * from "../../gen/ai/stigmer/agentic/workflowexecution/v1/api_pb.js";
export * from "../../gen/ai/stigmer/agentic/workflowexecution/v1/command_pb.js";
export * from "../../gen/ai/stigmer/agentic/workflowexecution/v1/enum_pb.js";
export * from "../../gen/ai/stigmer/agentic/workflowexecution/v1/io_pb.js";
export * from "../../gen/ai/stigmer/agentic/workflowexecution/v1/query_pb.js";
export * from "../../gen/ai/stigmer/agentic/workflowexecution/v1/spec_pb.js";
