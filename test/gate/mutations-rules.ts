import type { Expected, Mutation } from "./mutations.js";
import {
  added,
  type Block,
  blocksOf,
  bodyOf,
  dropped,
  type Edit,
  edits,
  type Field,
  fieldsOf,
  inBody,
  readApis,
  rewritten,
  valuesOf,
  withoutRules,
} from "./mutations-apis.js";

const withRules = readApis();
const plain = withoutRules(withRules);
const messages = blocksOf(plain).filter(({ keyword }) => keyword === "message");

const stricter = "STIGMER_VALIDATION_NOT_STRICTER";
const looser = "STIGMER_VALIDATION_NOT_LOOSER";

/** A change of each place in a message that the pattern finds. */
interface Kind {
  readonly kind: string;
  readonly from: RegExp;
  readonly to: (found: RegExpExecArray) => string;
  readonly expected: Expected;
}

const field = "\\(buf\\.validate\\.field\\)";
/** With the brackets, where it is the only option. */
const onlyOption = (rule: string) => new RegExp(` \\[${field}\\.${rule}\\];`, "g");

const kinds: readonly Kind[] = [
  {
    kind: "require a longer text",
    from: /min_len = 1/g,
    to: () => "min_len = 2",
    expected: { breaking: [stricter] },
  },
  {
    kind: "write a length in another way",
    from: /string\.min_len = 1/g,
    to: () => "required = true, (buf.validate.field).string.min_len = 1",
    expected: {},
  },
  {
    kind: "allow a text to be empty",
    from: onlyOption("string\\.min_len = 1"),
    to: () => ";",
    expected: { breaking: [looser] },
  },
  {
    kind: "allow fewer bytes",
    from: /max_len = 8192/g,
    to: () => "max_len = 4096",
    expected: { breaking: [stricter] },
  },
  {
    kind: "allow more bytes",
    from: /max_len = 8192/g,
    to: () => "max_len = 16384",
    expected: { breaking: [looser] },
  },
  {
    kind: "allow fewer numbers",
    from: /lte: 100$/gm,
    to: () => "lte: 50",
    expected: { breaking: [stricter] },
  },
  {
    kind: "allow more numbers",
    from: /lte: 100$/gm,
    to: () => "lte: 200",
    expected: { breaking: [looser] },
  },
  {
    kind: "write a bound in another way",
    from: /lte: 100$/gm,
    to: () => "lt: 101",
    expected: {},
  },
  {
    kind: "change a constant",
    from: /const = "([^"]*)"/g,
    to: ([, text]) => `const = "new ${text}"`,
    expected: { breaking: [looser, stricter] },
  },
  {
    kind: "allow another constant, too",
    from: /string\.const = ("[^"]*")/g,
    to: ([, text]) => `string = {\n    in: [${text}, "other"]\n  }`,
    expected: { breaking: [looser] },
  },
  {
    kind: "drop the rule that a field is required",
    from: onlyOption("required = true"),
    to: () => ";",
    expected: { breaking: [looser] },
  },
  {
    kind: "allow values that an enum does not declare",
    from: onlyOption("enum\\.defined_only = true"),
    to: () => ";",
    expected: { breaking: [looser] },
  },
  {
    kind: "refuse the zero value of an enum",
    from: onlyOption("enum\\.defined_only = true"),
    to: () => " [(buf.validate.field).enum = {\n    defined_only: true\n    not_in: [0]\n  }];",
    expected: { breaking: [stricter] },
  },
  {
    kind: "look into a Struct, which has no rules",
    from: onlyOption("ignore = IGNORE_ALWAYS"),
    to: () => ";",
    expected: {},
  },
  {
    kind: "change an expression",
    from: /expression: "(.*)"$/gm,
    to: ([, text]) => `expression: "(${text}) || true"`,
    expected: { breaking: [looser, stricter] },
  },
  {
    kind: "change the text that a rule gives",
    from: /^( +message: ".*)"$/gm,
    to: ([, text]) => `${text}, as before"`,
    expected: {},
  },
  {
    kind: "drop an expression of a message",
    from: /^ {2}option \(buf\.validate\.message\)[\s\S]*?^ {2}\};\n\n/gm,
    to: () => "",
    expected: { breaking: [looser] },
  },
];

const ofRules: Mutation[] = messages.flatMap((block) =>
  kinds.flatMap(({ kind, from, to, expected }) => {
    const body = bodyOf(withRules, block);
    // The last one first: several may be made in one text, and each goes by its place in it.
    return [...body.matchAll(from)].reverse().map((found) => ({
      kind,
      element: elementAt(block, body, found),
      noun: "field",
      base: withRules,
      edit: inBody(
        block,
        (text) =>
          text.slice(0, found.index) + to(found) + text.slice(found.index + found[0].length),
      ),
      expected,
      block,
    }));
  }),
);

/** The field that a place is at or in, or the message, before its first field. */
function elementAt({ name }: Block, body: string, { index, 0: text }: RegExpExecArray): string {
  const before = body.slice(0, index + (text.startsWith(" [") ? 2 : 0));
  const field = [...before.matchAll(/^ {2}[\w.<>, ]+ (\w+) = \d+ \[/gm)].at(-1)?.[1];
  return field === undefined ? name : `${name}.${field}`;
}

const text = "string added = 90";
const rule = "(buf.validate.field)";

/** Rules where there have been none. */
const first: Mutation[] = messages
  .filter(({ name }) => /Spec$|Request$/.test(name))
  .flatMap((block): Mutation[] => {
    const fields = fieldsOf(plain, block).slice(0, 1);
    const mutation = (kind: string, element: string, edit: Edit, expected: Expected): Mutation => ({
      kind,
      element,
      noun: "field",
      edit: edits(edit, withImport(block.file)),
      expected,
      block,
    });
    const addedField = (kind: string, options: string, expected: Expected) =>
      mutation(kind, `${block.name}.added`, added(block, `${text} [${options}];`), expected);
    return [
      ...fields.map((it) =>
        mutation(
          "require a field",
          `${block.name}.${it.name}`,
          rewritten(it, withOption(it, `${rule}.required = true`)),
          { breaking: [stricter] },
        ),
      ),
      addedField("add a field that is required", `${rule}.required = true`, {
        breaking: [stricter],
      }),
      addedField("add a field that must not be empty", `${rule}.string.min_len = 1`, {
        breaking: [stricter],
      }),
      addedField("add a field that may be empty, with a rule", `${rule}.string.max_len = 9`, {}),
      addedField(
        "add a field with a rule for what is not empty",
        `${rule}.string.min_len = 2, ${rule}.ignore = IGNORE_IF_ZERO_VALUE`,
        {},
      ),
    ];
  });

function withOption({ line }: Field, option: string): string {
  return line.includes("]")
    ? line.replace("]", `, ${option}]`)
    : line.replace(/;$/, ` [${option}];`);
}

function withImport(file: string): Edit {
  const line = 'import "buf/validate/validate.proto";\n';
  return (apis) => {
    const source = apis[file] ?? "";
    if (source.includes(line)) return apis;
    return { ...apis, [file]: source.replace(/(^package .+;\n\n)/m, `$1${line}\n`) };
  };
}

/** Changes of enums of which rules allow what is declared. */
const ofEnums: Mutation[] = blocksOf(withRules)
  .filter(({ keyword }) => keyword === "enum")
  .flatMap((block): Mutation[] => {
    const folder = block.file.slice(0, block.file.lastIndexOf("/"));
    const declared = new RegExp(`^ {2}${block.name} .+enum\\.defined_only = true`, "gm");
    const fields = Object.entries(withRules)
      .filter(([file]) => file.startsWith(`${folder}/`))
      .flatMap(([, source]) => [...source.matchAll(declared)]);
    const mutation = (kind: string, edit: Edit, breaking: readonly string[]): Mutation => ({
      kind: `${kind} an enum whose values alone a rule allows`,
      element: block.name,
      noun: "enum",
      base: withRules,
      edit,
      expected: { breaking },
    });
    const [last] = valuesOf(withRules, block).slice(-1);
    return [
      mutation(
        "add a value to",
        added(block, `ADDED_${block.name.toUpperCase()} = 90;`),
        fields.map(() => looser),
      ),
      ...(last
        ? [
            mutation("delete a value of", dropped(last), [
              "ENUM_VALUE_NO_DELETE",
              ...fields.map(() => stricter),
            ]),
          ]
        : []),
    ];
  });

/** Changes of the rules of protovalidate. */
export const ruleMutations: readonly Mutation[] = [...ofRules, ...ofEnums, ...first];
