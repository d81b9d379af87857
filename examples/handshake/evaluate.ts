import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

/** What the runtime expressions of a task can see. */
export interface Scope {
  /** The task's input: `.` */
  readonly input: JsonObject;
  /** The workflow's input: `$workflow.input` */
  readonly workflowInput: JsonObject;
  /** The secrets of the environment: `$secrets`. Only for what is sent and published nowhere. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Replaces every runtime expression in a value. Of jq, it understands paths only. */
export function evaluate(value: JsonValue, scope: Scope): JsonValue {
  if (typeof value === "string") {
    const path = /^\$\{\s*(\S+)\s*\}$/.exec(value)?.[1];
    return path === undefined ? value : resolve(path, scope);
  }
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (value !== null && typeof value === "object") return evaluateObject(value, scope);
  return value;
}

export function evaluateObject(object: JsonObject, scope: Scope): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, item]) => [key, evaluate(item, scope)]),
  );
}

function resolve(path: string, { input, workflowInput, secrets = {} }: Scope): JsonValue {
  const [root = "", ...keys] = path.split(".");
  const roots: JsonObject = { "": input, $workflow: { input: workflowInput }, $secrets: secrets };
  let value: JsonValue | undefined = roots[root];
  for (const key of keys) {
    value =
      value !== null && typeof value === "object" && !Array.isArray(value) ? value[key] : undefined;
  }
  if (value === undefined) throw new Error(`expression ${path} has no value`);
  return value;
}
