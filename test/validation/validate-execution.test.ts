import { create, type DescField, type DescMessage } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Execution, setCallbackToken } from "../../src/index.js";
import { type ViolationRule, validateExecution } from "../../src/validation/index.js";
import { WorkflowExecutionSpecSchema } from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import { taskToken } from "../token/fixtures.js";
import { agent, type Changes, executionWith, type Kind, refusal, workflow } from "./fixtures.js";

type Case = [changes: Changes, field: string, rule: ViolationRule, message: string];

const longest = Buffer.alloc(8192).toString("base64");
const overlong = Buffer.alloc(8193).toString("base64");

const common: Case[] = [
  [
    { api_version: "agentic.stigmer.ai/v2" },
    "api_version",
    "string.const",
    'must equal `agentic.stigmer.ai/v1`, got "agentic.stigmer.ai/v2"',
  ],
  [
    { api_version: undefined },
    "api_version",
    "string.const",
    'must equal `agentic.stigmer.ai/v1`, got ""',
  ],
  [{ metadata: undefined }, "metadata", "required", "value is required"],
  [{ spec: undefined }, "spec", "required", "value is required"],
  [
    { 'spec.runtime_env["API_KEY"].value': "" },
    'spec.runtime_env["API_KEY"].value',
    "string.min_len",
    "must be at least 1 characters",
  ],
  [
    { "spec.callback_token": overlong },
    "spec.callback_token",
    "bytes.max_len",
    "must be at most 8192 bytes",
  ],
];

const ofWorkflow: Case[] = [
  ...common,
  [
    { kind: "AgentExecution" },
    "kind",
    "string.const",
    'must equal `WorkflowExecution`, got "AgentExecution"',
  ],
  [
    { "metadata.id": "aex-1" },
    "metadata",
    "workflow.id_prefix",
    "id must be empty or start with wex",
  ],
  [
    { "metadata.owner_scope": undefined },
    "metadata",
    "workflow.owner_scope",
    "owner_scope must be organization or identity_account",
  ],
  [
    { "metadata.owner_scope": "platform" },
    "metadata",
    "workflow.owner_scope",
    "owner_scope must be organization or identity_account",
  ],
  [
    { "spec.workflow_id": undefined },
    "spec",
    "workflow.reference",
    "must have at least one of workflow_instance_id and workflow_id",
  ],
  [
    { "status.tasks[1].status": -1 },
    "status.tasks[1].status",
    "enum.defined_only",
    "value must be one of the defined enum values, got -1",
  ],
  [
    { "status.tasks[1].started_at": "yesterday" },
    "status.tasks[1].started_at",
    "string.rfc3339_utc",
    'must be an RFC 3339 timestamp in UTC such as 2026-01-31T12:00:00Z, got "yesterday"',
  ],
];

const ofAgent: Case[] = [
  ...common,
  [
    { kind: "WorkflowExecution" },
    "kind",
    "string.const",
    'must equal `AgentExecution`, got "WorkflowExecution"',
  ],
  [{ "metadata.id": "wex-1" }, "metadata", "agent.id_prefix", "id must be empty or start with aex"],
  [
    { "metadata.owner_scope": "organization" },
    "metadata",
    "agent.owner_scope",
    "owner_scope must be unspecified",
  ],
  [
    { "spec.agent_id": undefined },
    "spec",
    "agent.reference",
    "must have at least one of session_id and agent_id",
  ],
  [
    { "spec.message": undefined },
    "spec.message",
    "string.min_len",
    'must be at least 1 characters, got ""',
  ],
  [
    { 'status.todos["t1"].status': 17 },
    'status.todos["t1"].status',
    "enum.defined_only",
    "value must be one of the defined enum values, got 17",
  ],
];

const cases = [workflow, agent].flatMap((kind) =>
  (kind === workflow ? ofWorkflow : ofAgent).map(([changes, field, rule, message]) => ({
    kind,
    changes,
    field,
    rule,
    message,
  })),
);

const valid: [Kind, string, Changes][] = [
  [workflow, "with everything", {}],
  [workflow, "that nobody waits for", { "spec.callback_token": undefined }],
  [workflow, "with the longest token", { "spec.callback_token": longest }],
  [workflow, "with a blank value", { 'spec.runtime_env["API_KEY"].value': " " }],
  [workflow, "not created yet", { "metadata.id": undefined, status: undefined }],
  [workflow, "of an identity account", { "metadata.owner_scope": "identity_account" }],
  [
    workflow,
    "of a workflow instance",
    { "spec.workflow_id": undefined, "spec.workflow_instance_id": "win-1" },
  ],
  [agent, "with everything", {}],
  [agent, "not created yet", { "metadata.id": undefined, status: undefined }],
  [agent, "in a session", { "spec.agent_id": undefined, "spec.session_id": "ses-1" }],
];

describe("validateExecution", () => {
  it.each(valid.map(([kind, what, changes]) => ({ kind, name: kind.name, what, changes })))(
    "finds nothing in a $name $what",
    ({ kind, changes }) => {
      expect(validateExecution(executionWith(kind, changes))).toEqual([]);
    },
  );

  it("allows each owner scope to one kind only", () => {
    const scopes = ["api_resource_owner_scope_unspecified", "organization", "identity_account"];
    const valid = [workflow, agent].map((kind) =>
      scopes.filter(
        (scope) =>
          validateExecution(executionWith(kind, { "metadata.owner_scope": scope })).length === 0,
      ),
    );
    expect(valid).toEqual([scopes.slice(1), scopes.slice(0, 1)]);
  });

  it.each(cases)("reports $rule at $field of a $kind.name: $message", (c) => {
    const { kind, changes, field, rule, message } = c;
    expect(validateExecution(executionWith(kind, changes))).toEqual([{ field, rule, message }]);
  });

  it("lists all violations at once", () => {
    const execution = executionWith(workflow, {
      api_version: "v1",
      "metadata.id": "1",
      "metadata.owner_scope": "platform",
      "spec.workflow_id": "",
      'spec.runtime_env["API_KEY"].value': "",
      'spec.runtime_env["SECOND"].value': "",
      "status.phase": 99,
      "status.tasks[0].task_type": 99,
      "status.tasks[1].started_at": "12:00",
      "status.completed_at": "today",
    });
    expect(
      validateExecution(execution)
        .map(({ field }) => field)
        .sort(),
    ).toEqual([
      "api_version",
      "metadata",
      "metadata",
      "spec",
      'spec.runtime_env["API_KEY"].value',
      'spec.runtime_env["SECOND"].value',
      "status.completed_at",
      "status.phase",
      "status.tasks[0].task_type",
      "status.tasks[1].started_at",
    ]);
  });

  describe.each([workflow, agent])("of a $name", (kind) => {
    const enums = fieldPaths(kind.schema, (field) => field.enum !== undefined);
    const times = fieldPaths(kind.schema, ({ name, message }) => {
      const names = ["timestamp", "started_at", "completed_at", "created_at", "updated_at"];
      return message === undefined && names.includes(name);
    });

    it.each(enums)("refuses an undefined number in %s", (path) => {
      const violations = validateExecution(executionWith(kind, { [path]: 99 }));
      expect(violations).toContainEqual({
        field: path,
        rule: "enum.defined_only",
        message: "value must be one of the defined enum values, got 99",
      });
    });

    it.each(times)("refuses local time in %s", (path) => {
      const localTime = "2026-01-31T12:00:00+02:00";
      expect(validateExecution(executionWith(kind, { [path]: localTime }))).toEqual([
        {
          field: path,
          rule: "string.rfc3339_utc",
          message: `must be an RFC 3339 timestamp in UTC such as 2026-01-31T12:00:00Z, got "${localTime}"`,
        },
      ]);
    });

    it("writes any name of a variable into the path as JSON", () => {
      fc.assert(
        fc.property(fc.string({ unit: "binary" }), (name) => {
          const execution = executionWith(kind, {
            "spec.runtime_env": { [name]: { value: "" } },
          });
          expect(validateExecution(execution).map(({ field }) => field)).toEqual([
            `spec.runtime_env[${JSON.stringify(name)}].value`,
          ]);
        }),
      );
    });
  });

  it.each<[unknown, string]>([
    [
      create(WorkflowExecutionSpecSchema),
      "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecutionSpec",
    ],
    [create(StructSchema), "google.protobuf.Struct"],
    [workflow.json, "a plain object"],
    [null, "null"],
    [undefined, "undefined"],
    ["wex-1", "string"],
  ])("refuses anything but an execution and names what came (%#)", (value, came) => {
    expect(refusal(() => validateExecution(value as Execution))).toMatchObject({
      code: "wrong-message",
      message: `expected a WorkflowExecution or an AgentExecution, got ${came}`,
    });
  });

  it.each([workflow, agent])("never shows a secret of a $name", (kind) => {
    const broken = {
      api_version: "v1",
      kind: "Execution",
      "metadata.id": "1",
      "metadata.owner_scope": 99,
      'spec.runtime_env["EMPTY"].value': "",
      "status.phase": 99,
      "status.started_at": "now",
    };
    const secrets = fc.record({
      value: fc.string({ minLength: 12, maxLength: 200, unit: "binary" }),
      token: fc.oneof(
        { weight: 4, arbitrary: fc.uint8Array({ minLength: 12, maxLength: 200, size: "max" }) },
        { weight: 1, arbitrary: fc.uint8Array({ minLength: 8193, maxLength: 9000, size: "max" }) },
      ),
      isSecret: fc.boolean(),
    });
    fc.assert(
      fc.property(secrets, ({ value, token, isSecret }) => {
        const execution = executionWith(kind, {
          ...broken,
          "spec.callback_token": Buffer.from(token).toString("base64"),
          'spec.runtime_env["API_KEY"].value': value,
          'spec.runtime_env["API_KEY"].is_secret': isSecret,
        });
        const violations = validateExecution(execution);
        expect(violations.length).toBeGreaterThanOrEqual(7);
        expect(findSecrets(JSON.stringify(violations), [value, token])).toEqual([]);
      }),
    );
  });

  it("changes nothing of the execution", () => {
    const execution = executionWith(workflow, { "status.phase": 99, spec: {} });
    setCallbackToken(execution, taskToken);
    const copy = structuredClone(execution);
    validateExecution(execution);
    expect(execution).toEqual(copy);
  });
});

/** The paths of all fields below a message that a condition holds for, each list and map with one entry. */
function fieldPaths(
  desc: DescMessage,
  condition: (field: DescField) => boolean,
  path = "",
): string[] {
  if (desc.typeName.startsWith("google.protobuf.")) return [];
  return desc.fields.flatMap((field) => {
    const entry = { list: "[0]", map: '["key"]', message: "", enum: "", scalar: "" };
    const at = path + field.name + entry[field.fieldKind];
    if (condition(field)) return [at];
    return field.message === undefined ? [] : fieldPaths(field.message, condition, `${at}.`);
  });
}
