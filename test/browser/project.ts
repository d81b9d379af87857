import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

// What a user installs beside the package to run the example.
const besides = [
  "@bufbuild/protobuf",
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
  const modules = join(folder, "node_modules");
  const target = join(modules, "@stigmer/apis");
  mkdirSync(target, { recursive: true });
  // The global setup has built dist/; to build it again would take it from the tests beside this one.
  const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  execFileSync("npm", pack, { cwd: root, stdio: "pipe" });
  const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", join(folder, tarball), "-C", target, "--strip-components=1"]);
  for (const name of besides) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(modules, name), "junction");
  }
}
