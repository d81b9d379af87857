import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromJsonString } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/buf.js";
import { readCases, textsOf } from "./cases.js";
import { filesIn } from "./files-in.js";
import { generateAnew } from "./generate-anew.js";
import { gitRepository } from "./git-repository.js";
import { isAvailable, type Versions } from "./language.js";
import { languages } from "./languages.js";
import type { Program } from "./program.js";
import { installed } from "./project.js";
import { python } from "./python.js";
import { describeCalls } from "./suites/calls.js";
import { describeLimits } from "./suites/limits.js";
import { describeMessages } from "./suites/messages.js";
import { describeSecrets } from "./suites/secrets.js";
import { describeTokens } from "./suites/tokens.js";
import { describeTypes } from "./suites/types.js";
import {
  generateTypeScript,
  protosOf,
  typeScriptGenerators,
  typeScriptVersions,
} from "./typescript.js";

declare module "vitest" {
  interface TaskMeta {
    /** For the table in docs/other-languages.md. */
    generators?: Versions;
    versions?: Versions;
  }
}

// The titles of the groups below are what docs/other-languages.md says of a language.

let repository: string;

beforeAll(async () => {
  repository = `${join(await gitRepository(), ".git")}#branch=main`;
});

describe("TypeScript", () => {
  describe("stubs from the package", () => {
    it("are those that it ships", async () => {
      const generated = await filesIn(await generateTypeScript(installed()));
      expect(generated).toEqual(await filesIn(join(root, "gen")));
    });

    it("tell what they are made by and run on", async ({ task }) => {
      task.meta.generators = await typeScriptGenerators();
      task.meta.versions = await typeScriptVersions();
      expect(Object.values(task.meta.generators).join()).toMatch(/^\d+\.\d+\.\d+$/);
    });
  });

  describe("cases of the rules", () => {
    it("gives each case its violations, by the protos that the package ships", async () => {
      const registry = await protosOf(installed());
      const validator = createValidator({ registry });
      for (const { name, type, message, violations } of await readCases()) {
        const schema = registry.getMessage(type);
        if (schema === undefined) throw new Error(`no message ${type}`);
        const found = validator.validate(schema, fromJsonString(schema, message)).violations ?? [];
        const texts = textsOf(
          found.map(({ field, ruleId }) => ({ field: pathToString(field), rule: ruleId })),
        );
        expect([name, ...texts]).toEqual([name, ...violations]);
      }
    });
  });
});

for (const language of languages) {
  describe.skipIf(!isAvailable(language))(language.name, () => {
    let stubs: Record<string, string>;
    let fromGit: Record<string, string>;
    let program: Program;

    beforeAll(async () => {
      await language.prepare();
      fromGit = await generateAnew(language, repository);
      stubs = await generateAnew(language, installed());
      program = await language.start();
    });

    afterAll(() => program?.stop());

    describe("stubs from the package and from git", () => {
      it("are the same", () => {
        expect(fromGit).toEqual(stubs);
        expect(Object.keys(stubs).length).toBeGreaterThan(10);
      });

      it("are made by and run on what the template pins", async ({ task }) => {
        const generators = await language.generators();
        const versions = (await program.ask({ op: "versions" })) as unknown as Versions;
        const { [language.name]: _, ...libraries } = versions;
        const pins = await readFile(join(installed(), language.pins), "utf8");
        for (const version of Object.values({ ...generators, ...libraries })) {
          expect(pins).toContain(version);
        }
        task.meta.generators = generators;
        task.meta.versions = versions;
      });
    });

    if (language === python) describeTypes();
    describeMessages(() => program);
    describeTokens(() => program);
    describeSecrets(() => program);
    describeLimits(language, () => program);
    for (const protocol of language.protocols) describeCalls(() => program, protocol);
  });
}
