import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBaseline, tarballBeside } from "../../../scripts/gate/baseline.js";
import { linkPackage } from "../../support/pack.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const peers = [
  ...["@bufbuild/protobuf", "@noble/hashes", "@connectrpc/connect", "@connectrpc/connect-node"],
  ...["@temporalio/activity", "@temporalio/client", "@temporalio/common", "@temporalio/workflow"],
];

/** The tests' program, which has the package as it is built here. */
export const current: string = fileURLToPath(new URL("program/", import.meta.url));

/** The same program in a project of its own, which has the package as it was last released. */
export function createReleased(): { readonly folder: string; remove(): void } {
  const project = mkdtempSync(join(tmpdir(), "stigmer-released-"));
  const folder = join(project, "program/");
  cpSync(current, folder, { recursive: true });
  const target = join(project, "node_modules/@stigmer/apis");
  mkdirSync(target, { recursive: true });
  const tarball = join(root, tarballBeside(findBaseline().path));
  execFileSync("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
  for (const name of peers) linkPackage(project, name);
  return { folder, remove: () => rmSync(project, { recursive: true }) };
}
