import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { linkPackage, unpackInto } from "../support/pack.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entries = Object.keys(manifest.exports)
  .filter((entry) => entry !== "./package.json" && !entry.includes("*"))
  .map((entry) => entry.replace(".", "@stigmer/apis"));

let project: string;
let installed: string;

// What `npm install` of the tarball leaves in a user's project, without a registry.
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "stigmer-apis-"));
  installed = join(project, "node_modules/@stigmer/apis");
  unpackInto(installed);
  for (const name of Object.keys(manifest.dependencies)) linkPackage(project, name);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** What the build writes that no source stands for. */
const written = [
  "dist/buf-plugin-stigmer.js",
  "dist/cjs/package.json",
  "dist/src/buf-plugin/bundle.js",
];

describe("the tarball", () => {
  it("holds the built package, the protos, the cases, the templates, what watches and the documents, and nothing else", () => {
    const files = filesOf(installed);
    const builds = files.filter((file) =>
      /^dist\/(?:cjs\/)?(?:src|gen)\/[\w/-]+(?:\.d\.ts|\.js)$/.test(file),
    );
    const protos = filesOf(root, "apis").filter((file) => file.endsWith(".proto"));
    const others = ["third_party", "conformance"].flatMap((folder) => filesOf(root, folder));
    const templates = filesOf(root, "codegen").filter(
      (file) => !/\/(?:gen|target|__pycache__)\/|\.gitignore$/.test(file),
    );
    const watching = ["monitoring/alerts.yaml", "monitoring/dashboard.json"];
    const documents = ["CHANGELOG.md", "LICENSE", "README.md", "buf.yaml", "package.json"];
    // Not the reference: it is as large as all stubs, and an editor shows the same comments.
    const pages = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
    const documented = [...documents, ...pages.map((name) => `docs/${name}`)];
    const all = new Set([
      ...[...builds, ...written, ...protos, ...others, ...templates, ...watching],
      ...documented,
    ]);
    expect(files).toEqual([...all].sort());
  });

  it("holds what its documents link to", () => {
    const documents = filesOf(installed).filter((file) => file.endsWith(".md"));
    const links = documents.flatMap((file) => {
      const text = readFileSync(join(installed, file), "utf8").replaceAll(
        /^```[\s\S]*?^```$/gm,
        "",
      );
      return [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, link = ""]) => ({ file, link }));
    });
    const relative = links.filter(({ link }) => !/^https?:/.test(link));
    expect(relative.length).toBeGreaterThan(40);
    const dead = relative.filter(
      ({ file, link }) =>
        !statSync(join(installed, dirname(file), link), { throwIfNoEntry: false })?.isFile(),
    );
    expect(dead).toEqual([]);
  });

  it("has the types and the code of every source", () => {
    const stems = ["src", "gen"]
      .flatMap((folder) => filesOf(root, folder))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `dist/${file.replace(/\.ts$/, "")}`);
    // The plugin and the command run in processes of their own.
    const commonjs = stems
      .filter((stem) => !/^dist\/src\/(?:buf-plugin|command)\//.test(stem))
      .map((stem) => stem.replace("dist/", "dist/cjs/"));
    const expected = [...stems, ...commonjs].flatMap((stem) => [`${stem}.d.ts`, `${stem}.js`]);
    expect(filesOf(installed, "dist")).toEqual([...expected, ...written].sort());
  });
});

describe("a project that installed the tarball", () => {
  it("loads every entry point, and without its peers all but those that need one", () => {
    const failing = () => entries.filter((entry) => load(entry) !== "ok");
    const needing = [
      "@stigmer/apis/validation",
      "@stigmer/apis/connect",
      "@stigmer/apis/temporal",
      "@stigmer/apis/temporal/workflow",
      "@stigmer/apis/temporal/payload-converter",
      "@stigmer/apis/testing",
    ];
    expect(failing()).toEqual(needing);
    for (const entry of needing) expect(load(entry)).toBe("ERR_MODULE_NOT_FOUND");
    for (const name of Object.keys(manifest.peerDependencies)) linkPackage(project, name);
    expect(failing()).toEqual([]);
  });

  it("reads and writes a token", () => {
    const program = `
      import { create } from "@bufbuild/protobuf";
      import { callbackToken, getCallbackToken, setCallbackToken } from "@stigmer/apis";
      import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
      const execution = create(WorkflowExecutionSchema);
      setCallbackToken(execution, callbackToken(Uint8Array.of(1, 2, 3)));
      console.log(getCallbackToken(execution).join());
    `;
    expect(run(program)).toBe("1,2,3");
  });

  it("loads each generated file by the path of its proto, with what its entry point exports", () => {
    const protos = filesOf(installed, "apis").filter((file) => file.endsWith(".proto"));
    const pairs = protos.map((proto) => {
      const [, path = "", entry = ""] =
        /^apis\/(ai\/stigmer\/\w+\/(.+)\/\w+)\.proto$/.exec(proto) ?? [];
      return [`@stigmer/apis/gen/${path}_pb.js`, `@stigmer/apis/${entry}`];
    });
    const program = `
      for (const [path, entry] of ${JSON.stringify(pairs)}) {
        const [stubs, exported] = [await import(path), await import(entry)];
        const names = Object.keys(stubs);
        const same = names.length > 0 && names.every((name) => stubs[name] === exported[name]);
        console.log(path, same);
      }
    `;
    expect(run(program).split("\n")).toEqual(pairs.map(([path]) => `${path} true`));
    const generated = filesOf(installed, "dist/gen").filter((file) => file.endsWith(".js"));
    expect(pairs).toHaveLength(generated.length);
  });

  it("can import no other file of the package", () => {
    const paths = filesOf(installed).filter((file) => file !== "package.json");
    const specifiers = [
      ...paths,
      // Sources as they are called in this repository, and generated files under other names.
      ...paths.filter((path) => !path.endsWith("_pb.js")).map((path) => path.replace("dist/", "")),
      ...["token", "rpc", "workflowexecution", "gen", "gen/ai/stigmer/commons/apiresource"],
      ...["io_pb", "io_pb.ts", "io.js"].map((name) => `gen/ai/stigmer/commons/apiresource/${name}`),
    ].map((path) => `@stigmer/apis/${path}`);
    const program = `
      const codes = await Promise.all(
        ${JSON.stringify(specifiers)}.map((specifier) =>
          import(specifier).then(() => specifier, ({ code }) => code),
        ),
      );
      console.log([...new Set(codes)].join("\\n"));
    `;
    expect(run(program)).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  it("can read the package's own version", () => {
    const program = `
      import { createRequire } from "node:module";
      const require = createRequire(process.cwd() + "/");
      console.log(require("@stigmer/apis/package.json").version);
    `;
    expect(run(program)).toBe(manifest.version);
  });
});

/** Imports a module in the project: "ok" when it has exports, else the code of the error. */
function load(specifier: string): string {
  return run(`
    const count = (module) => Object.keys(module).length;
    const done = await import(${JSON.stringify(specifier)}).then(count, (error) => error.code);
    console.log(done > 0 ? "ok" : done);
  `);
}

function run(program: string): string {
  const args = ["--input-type=module", "--eval", program];
  return execFileSync(process.execPath, args, { cwd: project, encoding: "utf8" }).trim();
}

function filesOf(base: string, folder = ""): string[] {
  return readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}
