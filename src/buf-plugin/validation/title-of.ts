import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";

/** What a message calls an element: `Field "id" on message "Order"`. */
export function titleOf(element: DescField | DescMessage | DescOneof): string {
  if (element.kind === "message") return `Message "${element.name}"`;
  const kind = element.kind === "field" ? "Field" : "Oneof";
  return `${kind} "${element.name}" on message "${element.parent.name}"`;
}
