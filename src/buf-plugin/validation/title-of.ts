import type { Ruled } from "./compared-rules.js";

/** What a message calls an element: `Field "id" on message "Order"`. */
export function titleOf(element: Ruled): string {
  switch (element.kind) {
    case "message":
      return `Message "${element.name}"`;
    case "extension":
      return `Extension "${element.name}" of message "${element.extendee.name}"`;
    case "field":
      return `Field "${element.name}" on message "${element.parent.name}"`;
    case "oneof":
      return `Oneof "${element.name}" on message "${element.parent.name}"`;
  }
}
