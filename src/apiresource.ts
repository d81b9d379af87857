export * from "../gen/ai/stigmer/commons/apiresource/enum_pb.js";
export * from "../gen/ai/stigmer/commons/apiresource/io_pb.js";
export * from "../gen/ai/stigmer/commons/apiresource/metadata_pb.js";
export * from "../gen/ai/stigmer/commons/apiresource/status_pb.js";
