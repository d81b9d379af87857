import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Apis, root } from "./mutations-apis.js";

const buf = join(root, "node_modules/.bin/buf");

/** What `--error-format json` says about a finding. */
export interface Finding {
  readonly path?: string;
  readonly start_line?: number;
  readonly type: string;
  readonly message: string;
}

export interface Findings {
  readonly lint: readonly Finding[];
  readonly breaking: readonly Finding[];
}

/** Runs the gate on one contract, under its real names, against an image or another contract. */
export async function runGate(apis: Apis, against: Apis | string): Promise<Findings> {
  return inWorkspace(["ai"], async (folder) => {
    write(join(folder, "apis"), apis);
    if (typeof against !== "string") write(join(folder, "against/apis"), against);
    return check(folder, typeof against === "string" ? against : "against");
  });
}

/**
 * Runs the gate once on many contracts, each under a root package of its own. The findings of a
 * contract stand at its place in the answer, under the real names.
 */
export async function runGateOnAll(all: readonly Apis[], against: Apis): Promise<Findings[]> {
  const copies = all.map((_, index) => `m${String(index).padStart(3, "0")}`);
  const { lint, breaking } = await inWorkspace(copies, async (folder) => {
    for (const [index, copy] of copies.entries()) {
      write(join(folder, "apis"), under(copy, all[index] ?? {}));
      write(join(folder, "against/apis"), under(copy, against));
    }
    return check(folder, "against");
  });
  const of = (copy: string, findings: readonly Finding[]) =>
    findings.filter(({ path, message }) =>
      path === undefined ? message.includes(`"${copy}/`) : path.startsWith(`apis/${copy}/`),
    );
  return copies.map((copy) => ({ lint: of(copy, lint), breaking: of(copy, breaking) }));
}

function under(copy: string, apis: Apis): Apis {
  return Object.fromEntries(
    Object.entries(apis).map(([path, text]) => [
      path.replace(/^ai\//, `${copy}/`),
      text
        .replaceAll("ai.stigmer.", `${copy}.stigmer.`)
        .replaceAll("ai/stigmer/", `${copy}/stigmer/`),
    ]),
  );
}

function write(folder: string, apis: Apis): void {
  for (const [path, text] of Object.entries(apis)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A folder with this project's buf.yaml, whose exceptions hold for each of the given root packages. */
async function inWorkspace<T>(
  packages: readonly string[],
  run: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-mutations-"));
  try {
    const plugin = "dist/buf-plugin-stigmer.js";
    const config = readFileSync(join(root, "buf.yaml"), "utf8")
      .replace(plugin, join(root, plugin))
      .replace(/^ +- apis\/ai\/.+\n/gm, (line) =>
        packages.map((name) => line.replace("apis/ai/", `apis/${name}/`)).join(""),
      );
    writeFileSync(join(folder, "buf.yaml"), config);
    cpSync(join(root, "third_party"), join(folder, "third_party"), { recursive: true });
    cpSync(join(root, "third_party"), join(folder, "against/third_party"), { recursive: true });
    writeFileSync(
      join(folder, "against/buf.yaml"),
      "version: v2\nmodules:\n  - path: apis\n  - path: third_party/protovalidate\n",
    );
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(folder: string, against: string): Promise<Findings> {
  const [lint, breaking] = await Promise.all([
    findings(folder, ["lint"]),
    findings(folder, ["breaking", "--against", against]),
  ]);
  return { lint, breaking };
}

function findings(cwd: string, args: readonly string[]): Promise<Finding[]> {
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
    execFile(buf, [...args, "--error-format", "json"], options, (error, stdout, stderr) => {
      const lines = stdout.split("\n").filter((line) => line !== "");
      const found = lines.map((line): Finding => JSON.parse(line));
      const broken = found.filter(({ type }) => type === "COMPILE");
      // Exit code 100 says that there are findings.
      if (broken.length > 0 || stderr !== "" || (error && error.code !== 100)) {
        const details = broken.map(
          ({ path, start_line, message }) => `${path}:${start_line}: ${message}`,
        );
        reject(
          new Error([`buf ${args[0]} failed:`, ...details, stderr || error?.message].join("\n")),
        );
      } else {
        resolve(found);
      }
    });
  });
}
