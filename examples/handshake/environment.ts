import type { Execution } from "@stigmer/apis";

/** What is in the environment of an execution by its names: plain values, and secrets. */
export interface Environment {
  readonly values: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** The environment of an execution. The secrets are empty for whoever may not read them. */
export function environmentOf({ spec }: Execution): Environment {
  const entries = Object.entries(spec?.runtimeEnv ?? {});
  const pick = (secret: boolean) =>
    Object.fromEntries(
      entries
        .filter(([, { isSecret }]) => isSecret === secret)
        .map(([name, { value }]) => [name, value]),
    );
  return { values: pick(false), secrets: pick(true) };
}
