import type { Options, Rule } from "./rule.js";

/** A buf.plugin.option.v1.Option. */
export interface SentOption {
  readonly key: string;
  readonly value?: SentValue;
}

interface SentValue {
  readonly stringValue: string;
  readonly listValue?: { readonly values: readonly SentValue[] };
}

/** The options that stand beside the plugin in buf.yaml. Throws for one that no rule has. */
export function optionsOf(sent: readonly SentOption[], rules: readonly Rule[]): Options {
  const known = rules.flatMap((rule) => Object.keys(rule.options ?? {}));
  const options = sent.map(({ key, value }): [string, readonly string[]] => {
    if (!known.includes(key)) {
      throw new Error(`expected options of ${known.join(", ")} in buf.yaml; got "${key}"`);
    }
    const texts = textsOf(value);
    if (texts === undefined) {
      throw new Error(`expected a text, or a list of texts, as option "${key}" in buf.yaml`);
    }
    return [key, texts];
  });
  return Object.fromEntries(options);
}

function textsOf(value: SentValue | undefined): readonly string[] | undefined {
  const texts = (value?.listValue?.values ?? [value]).map((item) => item?.stringValue);
  // A value of another type has no text.
  return texts.every((text) => text !== undefined && text !== "") ? (texts as string[]) : undefined;
}
