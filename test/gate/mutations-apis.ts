import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** The proto files: their paths below apis/, and their text. */
export type Apis = Readonly<Record<string, string>>;

export function readApis(): Apis {
  const folder = join(root, "apis");
  return Object.fromEntries(
    readdirSync(folder, { encoding: "utf8", recursive: true })
      .filter((path) => path.endsWith(".proto"))
      .sort()
      .map((path) => [path, readFileSync(join(folder, path), "utf8")]),
  );
}

/**
 * The contract without its rules: what the gate says of a field does not depend on them, and a rule that no
 * longer fits its field is buf's own PROTOVALIDATE.
 */
export function withoutRules(apis: Apis): Apis {
  return Object.fromEntries(
    Object.entries(apis).map(([path, text]) => [
      path,
      text
        .replace('import "buf/validate/validate.proto";\n', "")
        .replace(/(^package .+;\n\n)\n/m, "$1")
        .replace(/^ {2}option \(buf\.validate\.message\)[\s\S]*?^ {2}\};\n\n/gm, "")
        .replace(
          / \[\s*(debug_redact = true)?[\s,]*\(buf\.validate\.field\)[\s\S]*?\];$/gm,
          (_, redact) => (redact === undefined ? ";" : ` [${redact}];`),
        ),
    ]),
  );
}

/** A message, an enum or a service. None of the contract's stands within another. */
export interface Block {
  readonly file: string;
  readonly keyword: "message" | "enum" | "service";
  readonly name: string;
}

/** A field, an enum value or an rpc: the one line that declares it, without its comment. */
export interface Statement {
  readonly block: Block;
  readonly name: string;
  readonly line: string;
}

export interface Field extends Statement {
  readonly label: "" | "repeated " | "optional ";
  readonly type: string;
  readonly number: number;
  /** ` [debug_redact = true]` or nothing. */
  readonly options: string;
}

export interface EnumValue extends Statement {
  readonly number: number;
}

export interface Rpc extends Statement {
  readonly request: string;
  readonly response: string;
  readonly isStream: boolean;
}

const blockPattern = /^(message|enum|service) (\w+) \{\n([\s\S]*?)^\}\n/gm;

export function blocksOf(apis: Apis): Block[] {
  return Object.entries(apis).flatMap(([file, text]) =>
    [...text.matchAll(blockPattern)].map(([, keyword, name = ""]) => ({
      file,
      keyword: keyword as Block["keyword"],
      name,
    })),
  );
}

function matches(apis: Apis, block: Block, pattern: RegExp) {
  const lines = bodyOf(apis, block).split("\n");
  return lines.flatMap((text) => {
    const line = text.trim();
    const groups = pattern.exec(line)?.groups;
    return groups ? [{ block, line, name: groups.name ?? "", groups }] : [];
  });
}

export function bodyOf(apis: Apis, { file, keyword, name }: Block): string {
  for (const match of (apis[file] ?? "").matchAll(blockPattern)) {
    if (match[1] === keyword && match[2] === name) return match[3] ?? "";
  }
  throw new Error(`${file} has no ${keyword} ${name}`);
}

const fieldPattern =
  /^(?<label>repeated |optional |)(?<type>map<.+>|[\w.]+) (?<name>\w+) = (?<number>\d+)(?<options> \[.+\])?;$/;

export function fieldsOf(apis: Apis, block: Block): Field[] {
  return matches(apis, block, fieldPattern).map(({ groups, ...statement }) => ({
    ...statement,
    label: groups.label as Field["label"],
    type: groups.type ?? "",
    number: Number(groups.number),
    options: groups.options ?? "",
  }));
}

export function valuesOf(apis: Apis, block: Block): EnumValue[] {
  return matches(apis, block, /^(?<name>\w+) = (?<number>\d+);$/).map(
    ({ groups, ...statement }) => ({ ...statement, number: Number(groups.number) }),
  );
}

const rpcPattern =
  /^rpc (?<name>\w+)\((?<request>[\w.]+)\) returns \((?<stream>stream )?(?<response>[\w.]+)\);$/;

export function rpcsOf(apis: Apis, block: Block): Rpc[] {
  return matches(apis, block, rpcPattern).map(({ groups, ...statement }) => ({
    ...statement,
    request: groups.request ?? "",
    response: groups.response ?? "",
    isStream: groups.stream !== undefined,
  }));
}

/** The text without comments. */
export function codeOf(text: string): string {
  return text.replace(/^ *\/\/.*\n/gm, "");
}

export type Edit = (apis: Apis) => Apis;

export function edits(...all: readonly Edit[]): Edit {
  return (apis) => all.reduce((edited, edit) => edit(edited), apis);
}

/** Changes one file. That nothing changed is an error: the mutation would test nothing. */
export function inFile(file: string, change: (text: string) => string): Edit {
  return (apis) => {
    const text = apis[file] ?? "";
    const changed = change(text);
    if (changed === text) throw new Error(`nothing to change in ${file}`);
    return { ...apis, [file]: changed };
  };
}

export function replaced(file: string, from: string | RegExp, to: string): Edit {
  return inFile(file, (text) => text.replace(from, () => to));
}

/** Changes what stands between the braces of a block. */
export function inBody(block: Block, change: (body: string) => string): Edit {
  const { file, keyword, name } = block;
  return inFile(file, (text) =>
    text.replace(blockPattern, (all, itsKeyword, itsName, body) =>
      itsKeyword === keyword && itsName === name ? `${keyword} ${name} {\n${change(body)}}\n` : all,
    ),
  );
}

/** Replaces the line of a statement; its comment stays. */
export function rewritten({ block, line }: Statement, to: string): Edit {
  return inBody(block, (body) => body.replace(`  ${line}\n`, () => `  ${to}\n`));
}

/** Removes a statement and its comment. */
export function dropped({ block, line }: Statement): Edit {
  return inBody(block, (body) => {
    const lines = body.split("\n");
    const end = lines.indexOf(`  ${line}`);
    let start = end;
    while (lines[start - 1]?.startsWith("  //")) start--;
    return [...lines.slice(0, start), ...lines.slice(end + 1)].join("\n");
  });
}

/** Adds a line with a comment, at the end of a block or before everything else in it. */
export function added(block: Block, line: string, where: "first" | "last" = "last"): Edit {
  const text = `  // Added by a mutation.\n  ${line}\n`;
  return inBody(block, (body) => (where === "first" ? text + body : body + text));
}

/** Adds a message, an enum, a service or an import to a file. */
export function appended(file: string, text: string): Edit {
  return inFile(file, (before) => `${before}\n// Added by a mutation.\n${text}\n`);
}

/** Removes a block and its comment. */
export function withoutBlock({ file, keyword, name }: Block): Edit {
  return replaced(
    file,
    new RegExp(`\\n(?://.*\\n)*${keyword} ${name} \\{\\n[\\s\\S]*?^\\}\\n`, "m"),
    "",
  );
}

/** Gives a message, an enum or a service another name, wherever it is named. */
export function renamedBlock({ name, file }: Block, to: string): Edit {
  return (apis) => {
    const folder = file.slice(0, file.lastIndexOf("/"));
    const packageName = folder.replaceAll("/", ".");
    return Object.fromEntries(
      Object.entries(apis).map(([path, text]) => {
        const isInside = path.startsWith(`${folder}/`);
        const names = isInside ? `(${packageName}\\.|(?<![\\w.]))` : `(${packageName}\\.)`;
        return [path, text.replace(new RegExp(`${names}${name}\\b`, "g"), `$1${to}`)];
      }),
    );
  };
}

export function imported(file: string, path: string): Edit {
  return inFile(file, (text) => text.replace(/(^package .+\n\n)/m, `$1import "${path}";\n`));
}

/** A word of the code that needs the file. */
const wellKnown: Readonly<Record<string, string>> = {
  "google/protobuf/empty.proto": "Empty",
  "google/protobuf/struct.proto": "Struct",
  "google/protobuf/timestamp.proto": "Timestamp",
  "buf/validate/validate.proto": "validate",
};

/** Removes imports that nothing needs any more, as whoever makes the change would. */
export const withoutUnusedImports: Edit = (apis) => {
  const declared = (path: string) =>
    wellKnown[path] === undefined
      ? blocksOf({ [path]: apis[path] ?? "" }).map(({ name }) => name)
      : [wellKnown[path]];
  return Object.fromEntries(
    Object.entries(apis).map(([file, text]) => {
      const code = codeOf(text).replace(/^import .+\n/gm, "");
      const isUsed = (path: string) =>
        declared(path).some((name) => new RegExp(`\\b${name}\\b`).test(code));
      return [
        file,
        text.replace(/^import "(.+)";\n/gm, (line, path) => (isUsed(path) ? line : "")),
      ];
    }),
  );
};
