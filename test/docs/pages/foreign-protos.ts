import { type Files, openPullRequest, type PullRequest } from "./pull-request.js";

// Protos of somebody else's, and changes of them.

const foo = (token: string, phase: string) => `syntax = "proto3";

package foreign.v1;

message FooSpec {
  bytes callback_token = ${token};
}

message FooStatus {
  ${phase}
}
`;
const bar = (...fields: string[]) => `syntax = "proto3";

package foreign.v1;

message Bar {
${fields.map((field) => `  ${field}\n`).join("")}}
`;

/** Changes of foo.proto, which is right before. */
const changes = {
  right: foo("1 [debug_redact = true]", "string phase = 1;\n  string note = 2;"),
  // Only in comparison with what was before.
  breaking: foo("2 [debug_redact = true]", "int32 phase = 1;"),
  wrong: foo("1", "int32 phaseOf = 1;"),
};
/** What is shown of them: one finding of buf's own, and one of the plugin's. */
export const lintOfWrong = ["lower_snake_case", "must have [debug_redact = true]"];
export const breakingOfWrong = ["changed type", "has lost debug_redact"];
export const breakingOfBreaking = ["changed type", "moved from field 1 to field 2"];

export type Change = keyof typeof changes;

/** A pull request in a folder that changes foo.proto, which stands in the folder of protos. */
export function openForeign(
  folder: string,
  change: Change,
  base: Files,
  protos = "proto",
): PullRequest {
  const path = (name: string) => `${protos}/foreign/v1/${name}.proto`;
  return openPullRequest(folder, {
    base: {
      ".gitignore": "node_modules\n",
      [path("foo")]: foo("1 [debug_redact = true]", "string phase = 1;"),
      ...base,
    },
    change: { [path("foo")]: changes[change] },
    // Compared with the main of today, the change would lack these.
    main: [
      { [path("bar")]: bar("string id = 1;") },
      { [path("bar")]: bar("string id = 1;", "string note = 2;") },
    ],
  });
}
