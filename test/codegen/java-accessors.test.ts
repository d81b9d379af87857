import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findingsOf } from "../buf-plugin/request.js";
import { java, template } from "./java.js";
import { isAvailable } from "./language.js";
import { installed, project } from "./project.js";
import { run } from "./run.js";

const header = 'syntax = "proto3";\npackage acme.v1;\noption java_multiple_files = true;\n';

describe.runIf(isAvailable(java))("STIGMER_JAVA_ACCESSORS_DISTINCT", () => {
  beforeAll(async () => {
    await java.prepare();
    // Brings protoc.
    await java.generate(installed());
  });

  async function accessorsIn(proto: string): Promise<string> {
    const folder = await mkdtemp(join(project(), "accessors-"));
    await writeFile(join(folder, "a.proto"), header + proto);
    await run([join(template(), "target/plugins/protoc"), "--java_out=.", "a.proto"], { folder });
    return readFile(join(folder, "acme/v1/AOrBuilder.java"), "utf8");
  }

  it.each([
    ["repeated string tasks = 2;", "int32 tasks_count = 3;", "getTasksList("],
    ["repeated string tasks = 2;", "string tasks_list = 3;", "getTasksList("],
    ["map<string, string> labels = 2;", "int32 labels_count = 3;", "getLabelsMap("],
  ])("is broken by %s and %s, which leave Java without %s", async (field, added, accessor) => {
    const [before, after] = [`message A { ${field} }`, `message A { ${field} ${added} }`];
    const rule = "STIGMER_JAVA_ACCESSORS_DISTINCT";
    expect(findingsOf(rule, header + before, header + after)).toBe(1);
    expect(await accessorsIn(before)).toContain(accessor);
    expect(await accessorsIn(after)).not.toContain(accessor);
  });
});
