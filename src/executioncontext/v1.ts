export * from "../../gen/ai/stigmer/agentic/executioncontext/v1/spec_pb.js";
