import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { linkPackage, unpackInto } from "../support/pack.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

// What a user installs beside the package to run the example.
const besides = [
  "@bufbuild/protobuf",
  "@bufbuild/protovalidate",
  "@noble/hashes",
  "@connectrpc/connect",
  "@connectrpc/connect-node",
  "@connectrpc/connect-web",
  "esbuild",
];

/** A user's project that has installed the packed package and copied the example. */
export interface Project {
  /** The folder of the installed package. */
  readonly package: string;
  /** The sources of the example's page. */
  readonly page: string;
  /** The example's program, compiled. */
  readonly main: string;
  remove(): void;
}

export function createProject(): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "stigmer-watch-")));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    installPackage(folder);
    for (const part of ["examples/watch-execution", "build/examples/watch-execution"]) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
  } catch (error) {
    remove();
    throw error;
  }
  return {
    package: join(folder, "node_modules/@stigmer/apis"),
    page: join(folder, "examples/watch-execution/page"),
    main: join(folder, "build/examples/watch-execution/main.js"),
    remove,
  };
}

/** Does what `npm install` of the tarball would, without a registry. */
function installPackage(folder: string): void {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  unpackInto(join(folder, "node_modules/@stigmer/apis"));
  for (const name of besides) linkPackage(folder, name);
}
