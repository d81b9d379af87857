const stubs = "callers in Go, Python, Java and TypeScript";
const json = "JSON";
const bytes = "bytes already written";
const open = "open executions";
const clients = "clients that run";
const logs = "logs";

/**
 * Whom a break concerns, by what the ids of its rules begin with. The first that fits counts.
 *
 * @type {readonly (readonly [prefix: string, ...readonly string[]])[]}
 */
const affected = [
  ["ACTIVITY_CHANGED", open],
  ["STIGMER_CALLBACK_TOKEN_NOT_MOVED", open, bytes, stubs],
  ["STIGMER_REDACTION_KEPT", logs, open],
  ["STIGMER_FORMER_TOKEN_NOT_REUSED", bytes, logs],
  ["STIGMER_ENUM_PREFIX_KEPT", "callers in TypeScript"],
  ["STIGMER_EXTENSION_SAME_NUMBER", bytes, stubs],
  ["STIGMER_RESOURCE_KEPT", open, bytes, stubs],
  ["STIGMER_VALIDATION_NOT_STRICTER", clients, bytes],
  ["RESERVED_", bytes],
  ["FIELD_SAME_JSON_NAME", json],
  ["FIELD_SAME_NAME", stubs, json],
  ["FIELD_SAME_ONEOF", stubs],
  ["FIELD_SAME_JSTYPE", "callers in TypeScript"],
  ["FIELD_", stubs, json, bytes],
  ["ENUM_VALUE_SAME_NAME", stubs, json],
  ["ENUM_VALUE_", stubs, json, bytes],
  ["ENUM_SAME_JSON_FORMAT", json],
  ["MESSAGE_SAME_JSON_FORMAT", json],
  ["MESSAGE_SAME_REQUIRED_FIELDS", bytes, clients],
  ["EXTENSION_", bytes, stubs],
  ["RPC_", stubs, clients],
  ["SERVICE_", stubs, clients],
  ["FILE_SAME_GO_", "callers in Go"],
  ["FILE_SAME_JAVA_", "callers in Java"],
  ["FILE_SAME_PACKAGE", stubs, clients, json],
  ["FILE_SAME_SYNTAX", stubs, bytes],
  ["FILE_SAME_", "callers in other languages"],
  ["FILE_NO_DELETE", stubs, clients],
  ["PACKAGE_", stubs, clients],
  ["ONEOF_", stubs],
  ["MESSAGE_", stubs, bytes],
  ["ENUM_", stubs, bytes],
];

/**
 * Whom a break of this rule concerns; everybody for one that is not known.
 *
 * @param {string} rule
 * @returns {readonly string[]}
 */
export function affectedBy(rule) {
  const [, ...whom] = affected.find(([prefix]) => rule.startsWith(prefix)) ?? [
    "",
    ...[stubs, json, bytes, open],
  ];
  return whom;
}
