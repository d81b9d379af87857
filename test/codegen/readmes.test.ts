import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { root } from "../../scripts/buf.js";
import { type Registry, startRegistry } from "../docs/walkthrough/registry.js";
import { filesIn } from "./files-in.js";
import { generateAnew } from "./generate-anew.js";
import { gitRepository } from "./git-repository.js";
import { go } from "./go.js";
import { java } from "./java.js";
import { downloads, isAvailable, type Language } from "./language.js";
import { type MavenRepository, mavenRepository } from "./maven-repository.js";
import { installed, project } from "./project.js";
import { checkTypesIn, generateWithRules, python } from "./python.js";
import { leftOut, newReader, type Reader } from "./reader.js";
import { startGo } from "./rules/start-go.js";
import { startJava } from "./rules/start-java.js";
import { startPython } from "./rules/start-python.js";
import { run } from "./run.js";
import { describeRules } from "./suites/rules.js";

// What the READMEs of the templates say, done word for word by somebody with services whose protos
// import the contract's.

// The first run downloads.
vi.setConfig({ testTimeout: 600_000 });

const anyBuf = join(root, "node_modules/.bin");
let registry: Registry;
let env: Record<string, string>;
let repository: MavenRepository | undefined;
/** Those who have followed a README up to where requests are checked. */
const readers = new Map<Language, Reader>();
beforeAll(async () => {
  registry = await startRegistry(await mkdtemp(join(project(), "registry-")));
  env = {
    ...registry.env,
    npm_config_prefer_offline: "true",
    PIP_NO_COMPILE: "1",
    REPOSITORY: `file://${await gitRepository()}`,
    VERSION: manifest.version,
  };
});
afterAll(async () => {
  await registry?.stop();
  await repository?.keep();
});

describe.skipIf(!isAvailable(go))("the README of Go", () => {
  const plugins = join(downloads, "go");
  const newGoReader = (path: string[] = []) => {
    return newReader("go", { ...env, GOBIN: plugins }, [plugins, ...path]);
  };
  let reader: Reader;

  it("lets two services share the stubs in one program", async () => {
    reader = await newGoReader();
    readers.set(go, reader);
    await reader.follow("npm install", "cp -R", "buf generate orders", "mod edit");
    const folder = join(reader.folder, "program");
    expect(await run(["go", "run", "-trimpath", "."], { folder })).toBe("WorkflowExecution\n");
    expect(await readdir(join(reader.folder, "orders/gen"))).toEqual(["orders"]);
  });

  it("makes the same module from git", async () => {
    const { folder, follow } = await newGoReader([anyBuf]);
    await follow("git clone", "cp -R");
    const module = await filesIn(join(folder, "stigmer-apis"));
    expect(module).toEqual(await filesIn(join(reader.folder, "stigmer-apis")));
    expect(Object.keys(module).length).toBeGreaterThan(20);
  });

  it("says how a program ends that links a module with stubs of its own", async () => {
    const { folder } = reader;
    const template = await readFile(join(folder, "stigmer-apis/buf.gen.yaml"), "utf8");
    const own = template.replace("github.com/stigmer/apis/gen", "example.com/orders/gen");
    await writeFile(join(folder, "own.yaml"), own);
    const args = ["--template", "own.yaml", "--output", "orders"];
    await run(["buf", "generate", installed(), ...args], { folder, path: [plugins] });
    const stubs = "example.com/orders/gen/ai/stigmer/commons/apiresource";
    await writeFile(join(folder, "program/own.go"), `package main\n\nimport _ "${stubs}"\n`);
    const program = { folder: join(folder, "program") };
    await expect(run(["go", "run", "-trimpath", "."], program)).rejects.toThrow(
      /panic: .*file "ai\/stigmer\/.*" is already registered/,
    );
  });
});

describe.skipIf(!isAvailable(python))("the README of Python", () => {
  let reader: Reader;
  let wheel: Record<string, string>;
  const wheelFile = `stigmer_apis-${manifest.version}-py3-none-any.whl`;
  const interpreter = () => join(reader.folder, ".venv/bin/python3");

  it("lets two projects share the stubs in one environment", async () => {
    reader = await newReader("python", env);
    readers.set(python, reader);
    const wheel = ["venv", "npm install", "pip install stigmer_apis"];
    await reader.follow(...wheel, "buf generate orders", "pip install ./orders");
    expect(await inEnvironment("program.py")).toBe("WorkflowExecution True OrderServiceStub\n");
    expect(await readdir(join(reader.folder, "orders/gen"))).not.toContain("ai");
  });

  it("builds a wheel of what the template generates, with its types", async () => {
    wheel = await contentsOfWheel();
    await python.prepare();
    const stubs = await generateAnew(python, installed());
    expect(wheel).toMatchObject(stubs);
    expect(Object.keys(stubs).length).toBeGreaterThan(50);
    await expect(checkTypesIn(reader.folder, interpreter(), "text_for_number.py")).rejects.toThrow(
      'expression has type "str", variable has type "int"',
    );
  });

  it("builds the same wheel from git", async () => {
    // In the same environment, as another one takes time to make.
    await rm(join(reader.folder, wheelFile));
    await reader.follow("venv", "git+");
    expect(await contentsOfWheel()).toEqual(wheel);
  });

  it("builds it with what requirements.txt pins", async () => {
    const template = join(installed(), "codegen/python");
    const pins = await readFile(join(template, "requirements.txt"), "utf8");
    const text = await readFile(join(template, "pyproject.toml"), "utf8");
    const [, requires = ""] = /^requires = \[(.+)\]$/m.exec(text) ?? [];
    for (const pin of JSON.parse(`[${requires}]`)) expect(pins.split("\n")).toContain(pin);
  });

  function inEnvironment(...args: string[]): Promise<string> {
    return run([interpreter(), ...args], { folder: reader.folder });
  }

  async function contentsOfWheel(): Promise<Record<string, string>> {
    const folder = await mkdtemp(join(reader.folder, "wheel-"));
    await inEnvironment("-m", "zipfile", "--extract", wheelFile, folder);
    return filesIn(folder);
  }
});

describe.skipIf(!isAvailable(java))("the README of Java", () => {
  let folderOfMaven: string;
  let reader: Reader;

  beforeAll(async () => {
    repository = await mavenRepository();
    folderOfMaven = repository.folder;
  });

  const newJavaReader = (others: Record<string, string> = {}, path: string[] = []) => {
    const options = `-Dmaven.repo.local=${folderOfMaven} -XX:TieredStopAtLevel=1`;
    return newReader("java", { ...env, MAVEN_OPTS: options, ...others }, path);
  };
  const jarOf = ({ folder }: Reader, contract: string) => {
    return readFile(join(folder, contract, "codegen/java/target/stigmer-apis-local.jar"));
  };

  it("lets a service's protos import the contract's, without its classes again", async () => {
    reader = await newJavaReader();
    readers.set(java, reader);
    await reader.follow("npm install", "java install", "orders compile");
    const classes = join(reader.folder, "orders/target/classes");
    expect(await readdir(classes)).toEqual(["orders"]);
    const jars = await Promise.all(
      ["ai/stigmer", "com/google/protobuf/protobuf-java", "io/grpc"].map((group) =>
        jarsIn(join(folderOfMaven, group)),
      ),
    );
    const classpath = [classes, ...jars.flat()].join(delimiter);
    const said = await run(["java", "-cp", classpath, "orders.Program"], { folder: reader.folder });
    expect(said).toBe("WorkflowExecution orders.v1.OrderService\n");
  });

  it("makes the same jar, byte for byte, from git, elsewhere and later", async () => {
    const umask = process.umask(0o077);
    try {
      const other = await newJavaReader({ TZ: "America/New_York" }, [anyBuf]);
      await other.follow("git clone", "java install");
      const jar = await jarOf(other, "contract");
      expect(jar.equals(await jarOf(reader, "node_modules/@stigmer/apis"))).toBe(true);
    } finally {
      process.umask(umask);
    }
  });

  it("names the versions of the template", async () => {
    const template = await readFile(join(installed(), "codegen/java/pom.xml"), "utf8");
    const version = (name: string) => template.match(`<${name}\\.version>(.+)<`)?.[1];
    const service = await readFile(join(reader.folder, "orders/pom.xml"), "utf8");
    expect(service).toContain(`<protocVersion>${version("protobuf")}</protocVersion>`);
    expect(service).toContain(`<version>${version("grpc")}</version>`);
  });

  async function jarsIn(folder: string): Promise<string[]> {
    const files = await readdir(folder, { recursive: true });
    return files.filter((file) => file.endsWith(".jar")).map((file) => join(folder, file));
  }
});

const services = [
  {
    language: go,
    start: startGo,
    stubs: "leaves the stubs of buf.validate to protovalidate",
    async expectStubs(folder: string) {
      expect(await readdir(join(folder, "stigmer-apis/gen"))).toEqual(["ai"]);
    },
  },
  {
    language: python,
    start: startPython,
    stubs: "has a wheel of what the template with the rules generates",
    async expectStubs(folder: string) {
      const [version = ""] = await readdir(join(folder, ".venv/lib"));
      const packages = join(folder, ".venv/lib", version, "site-packages");
      await python.prepare();
      const stubs = Object.entries(await filesIn(await generateWithRules()));
      expect(stubs.map(([file]) => file)).toContain("buf/validate/validate_pb2.py");
      for (const [file, text] of stubs) {
        // Nothing has services there.
        if (file === "buf/validate/validate_pb2_grpc.py") continue;
        expect([file, await readFile(join(packages, file), "utf8")]).toEqual([file, text]);
      }
    },
  },
  {
    language: java,
    start: startJava,
    stubs: "leaves the classes of build.buf.validate to protovalidate",
    async expectStubs(folder: string) {
      const classes = "node_modules/@stigmer/apis/codegen/java/target/classes";
      const packed = await readdir(join(folder, classes));
      expect(packed.sort()).toEqual(expect.arrayContaining(["ai", "buf"]));
      expect(packed).not.toContain("build");
    },
  },
];

for (const { language, start, stubs, expectStubs } of services) {
  describe.skipIf(!isAvailable(language))(language.name, () => {
    let reader: Reader;
    describeRules(language, () => {
      const follower = readers.get(language);
      if (follower === undefined) throw new Error("expected a reader who has followed the README");
      reader = follower;
      return start(reader);
    });

    describe("cases of the rules", () => {
      it(stubs, () => expectStubs(reader.folder));
    });
  });

  describe.skipIf(!isAvailable(language))(`the README of ${language.name}`, () => {
    it("has no command that was not run", () => {
      expect(leftOut(language.name.toLowerCase())).toEqual([]);
    });
  });
}
