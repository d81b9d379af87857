import { inject } from "vitest";
import { createProject } from "./project.js";

/** A project with projects/uses.js, and with what is given of projects/ to begin with. */
export function createUser(
  parent: string,
  copies: Readonly<Record<string, string>>,
  others: Readonly<Record<string, unknown>> = {},
): string {
  const server = `export const server = ${JSON.stringify(inject("server"))};\n`;
  return createProject(
    parent,
    { "uses.js": "uses.js", ...copies },
    { "server.js": server, "package.json": { private: true, type: "module" }, ...others },
  );
}

/** What projects/uses.js tells. */
export const used = {
  token: "3 bytes, sha256:039058c6",
  wire: "1,2,3",
  redaction: { workflowId: "wfl-1", callbackToken: "3 bytes, sha256:039058c6" },
  call: "3 bytes, sha256:039058c6",
};

/** The same for the table on docs/modules-and-tools.md. */
export const usedInWords = "tokens, encoded bytes, redaction, a call";
