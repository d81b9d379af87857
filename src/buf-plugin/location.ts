import type {
  DescEnum,
  DescEnumValue,
  DescExtension,
  DescField,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";
import type { Value } from "./encode.js";

/** What a finding can stand at. */
export type Element =
  | DescEnum
  | DescEnumValue
  | DescExtension
  | DescField
  | DescMessage
  | DescMethod
  | DescOneof
  | DescService;

/** A buf.plugin.descriptor.v1.FileLocation. */
export function locationOf(element: Element): Value {
  const owner = "file" in element ? element : element.parent;
  return { file_name: owner.file.proto.name, source_path: sourcePathOf(element) };
}

/**
 * The path of an element within its file, as in google.protobuf.SourceCodeInfo.Location.path: numbers
 * of descriptor.proto, each with a place in that list.
 */
function sourcePathOf(element: Element): number[] {
  switch (element.kind) {
    case "field":
      return within(element.parent, 2, element.parent.proto.field.indexOf(element.proto));
    case "oneof":
      return within(element.parent, 8, element.parent.proto.oneofDecl.indexOf(element.proto));
    case "enum_value":
      return within(element.parent, 2, element.parent.proto.value.indexOf(element.proto));
    case "rpc":
      return within(element.parent, 2, element.parent.proto.method.indexOf(element.proto));
    case "service":
      return [6, element.file.proto.service.indexOf(element.proto)];
    case "message":
      return element.parent === undefined
        ? [4, element.file.proto.messageType.indexOf(element.proto)]
        : within(element.parent, 3, element.parent.proto.nestedType.indexOf(element.proto));
    case "enum":
      return element.parent === undefined
        ? [5, element.file.proto.enumType.indexOf(element.proto)]
        : within(element.parent, 4, element.parent.proto.enumType.indexOf(element.proto));
    case "extension":
      return element.parent === undefined
        ? [7, element.file.proto.extension.indexOf(element.proto)]
        : within(element.parent, 6, element.parent.proto.extension.indexOf(element.proto));
  }
}

function within(parent: DescEnum | DescMessage | DescService, list: number, index: number) {
  return [...sourcePathOf(parent), list, index];
}
