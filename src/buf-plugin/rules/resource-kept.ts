import { fieldNamed, isResource, messagesOf } from "../descriptors.js";
import type { Rule } from "../rule.js";

export const resourceKept: Rule = {
  id: "STIGMER_RESOURCE_KEPT",
  purpose: "Checks that a resource keeps its spec and its status.",
  type: "breaking",
  *check(files, against) {
    for (const was of messagesOf(against)) {
      const at = files.message(was.typeName);
      if (!isResource(was) || at === undefined) continue;
      for (const name of ["spec", "status"]) {
        if (fieldNamed(at, name) !== undefined) continue;
        yield {
          at,
          was: fieldNamed(was, name),
          message: `Message "${at.name}" is no resource any more, because its ${name} is gone: whoever handles resources of any kind alike, by their spec and status, passes over it. Keep the ${name}, or add a new message.`,
        };
      }
    }
  },
};
