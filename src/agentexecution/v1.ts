export * from "../../gen/ai/stigmer/agentic/agentexecution/v1/api_pb.js";
export * from "../../gen/ai/stigmer/agentic/agentexecution/v1/command_pb.js";
export * from "../../gen/ai/stigmer/agentic/agentexecution/v1/enum_pb.js";
export * from "../../gen/ai/stigmer/agentic/agentexecution/v1/io_pb.js";
export * from "../../gen/ai/stigmer/agentic/agentexecution/v1/query_pb.js";
export * from "../../gen/ai/stigmer/agentic/agentexecution/v1/spec_pb.js";
