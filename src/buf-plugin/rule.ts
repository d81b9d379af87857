import type {
  DescEnum,
  DescExtension,
  DescField,
  DescFile,
  DescMessage,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { Element } from "./location.js";

/** A rule that buf can ask for by its id. */
export interface Rule {
  readonly id: string;
  /** One sentence for `buf config ls-lint-rules` and `ls-breaking-rules`. */
  readonly purpose: string;
  readonly type: "lint" | "breaking";
  /** Whether it runs only when `use` names it: what it finds breaks nothing for most. */
  readonly isOptional?: true;
  /** What buf.yaml can set beside the plugin, by its key there: a text or a list of texts. */
  readonly options?: Readonly<Record<string, Option>>;
  /** Yields what breaks the rule. A lint rule is given no files to compare with. */
  readonly check: (files: Files, against: Files, options: Options) => Iterable<Finding>;
}

export interface Option {
  /** For the documentation. */
  readonly purpose: string;
  /** What holds beside what is set. */
  readonly preset: readonly string[];
}

/** The options that are set, by their keys. */
export type Options = Readonly<Record<string, readonly string[]>>;

/** The files to check, or to compare with. Imported ones are there to be looked up only. */
export interface Files {
  readonly checked: readonly DescFile[];
  /** The files to check, and those that they import. */
  readonly known: readonly DescFile[];
  message(typeName: string): DescMessage | undefined;
  enum(typeName: string): DescEnum | undefined;
  extension(typeName: string): DescExtension | undefined;
  service(typeName: string): DescService | undefined;
  /** What a custom option that is a message says of an element; undefined where it says nothing. */
  option(
    of: DescExtension | DescField | DescMessage | DescOneof,
    typeName: string,
  ): ReflectMessage | undefined;
}

export interface Finding {
  /** Where it is; absent when it is nowhere any more. */
  readonly at?: Element | undefined;
  /** Where it was in the files to compare with. */
  readonly was?: Element | undefined;
  /** What breaks for whom, and what to do instead. */
  readonly message: string;
}
