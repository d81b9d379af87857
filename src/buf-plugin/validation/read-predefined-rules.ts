import type { DescExtension } from "@bufbuild/protobuf";
import type { Files } from "../rule.js";
import type { Rules } from "./constraint.js";
import { expressionsIn } from "./expressions-in.js";

/** What a rule of one's own asks, wherever it is used: an extension of buf.validate.StringRules or the like. */
export function readPredefinedRules(extension: DescExtension, files: Files): Rules {
  const rules = files.option(extension, "buf.validate.predefined");
  return { constraints: rules ? expressionsIn(rules, "") : [], unknown: new Map() };
}
