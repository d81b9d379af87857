import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../buf.js";
import { renderDescriptorSet } from "./descriptor-set.js";
import { findDrift, mend } from "./files.js";
import { renderMetricLabels, renderMetrics } from "./metrics-table.js";
import { renderMutationMatrix } from "./mutation-matrix.js";
import { renderValidateProto } from "./protovalidate/render-validate-proto.js";
import { renderReference } from "./reference/index.js";
import { renderRuleOptions, renderRuleTable } from "./rule-table.js";
import { renderSecretFields } from "./secret-fields.js";
import { withSection } from "./sections.js";
import { renderStubs } from "./stubs.js";

/**
 * @import { Drift, Files } from "./files.js"
 *
 * @typedef {object} Derivation
 * @property {string} what
 * @property {string} from
 * @property {string} [folder] One that holds nothing else.
 * @property {() => Files | Promise<Files>} render By their paths in the checkout.
 * @property {string} [names] The file that names parts of the contract, and has to follow their names.
 *
 * @typedef {object} Measured
 * @property {string} what
 * @property {string} from
 * @property {readonly string[]} run The arguments of Node. It writes when DERIVE is `write`.
 */

const validateProto = "third_party/protovalidate/buf/validate/validate.proto";

/**
 * What is derived with Node alone, each after what it is made from.
 *
 * @type {Readonly<Record<string, Derivation>>}
 */
export const derivations = {
  validate: {
    what: "third_party/protovalidate/",
    from: "@bufbuild/protovalidate",
    folder: "third_party/protovalidate",
    render: () => new Map([[validateProto, renderValidateProto()]]),
  },
  stubs: {
    what: "gen/",
    from: "apis/",
    folder: "gen",
    render: () => below("gen", renderStubs()),
  },
  descriptors: {
    what: "the descriptors with rules",
    from: "apis/",
    render: () => new Map([["src/validation/descriptor-set.ts", renderDescriptorSet()]]),
  },
  secrets: {
    what: "test/secret-fields.json",
    from: "apis/",
    render: () => new Map([["test/secret-fields.json", renderSecretFields()]]),
  },
  reference: {
    what: "docs/reference/",
    from: "apis/, src/ and examples/exports/",
    folder: "docs/reference",
    render: () => below("docs/reference", renderReference()),
  },
  rules: {
    what: "the table of the plugin's rules",
    from: "src/buf-plugin/rules/",
    render: async () => new Map([withSection("rules", await renderRuleTable())]),
  },
  options: {
    what: "the table of the rules' options",
    from: "src/buf-plugin/rules/",
    render: async () => new Map([withSection("rule-options", await renderRuleOptions())]),
  },
  metrics: {
    what: "the table of metrics",
    from: "src/handshake/instruments.ts",
    render: async () => new Map([withSection("metrics", await renderMetrics())]),
  },
  labels: {
    what: "the table of the metrics' labels",
    from: "src/handshake/instruments.ts",
    render: async () => new Map([withSection("metric-labels", await renderMetricLabels())]),
  },
  matrix: {
    what: "docs/mutation-matrix.md",
    from: "apis/ and test/gate/mutations.ts",
    names: "test/gate/mutations.ts",
    render: async () => new Map([withSection("matrix", await renderMutationMatrix())]),
  },
};

const vitest = join(root, "node_modules/vitest/vitest.mjs");

/**
 * What a test run measures, which takes minutes and other tools than Node. A run that lacks one says
 * so and writes nothing.
 *
 * @type {Readonly<Record<string, Measured>>}
 */
export const measured = {
  codegen: {
    what: "the table of other languages' stubs",
    from: "a run with Go, Python, Java and Maven",
    run: [join(root, "scripts/test-codegen.js")],
  },
  consumers: {
    what: "the table of tools",
    from: "a run of npm run test:consumers",
    run: [join(root, "scripts/test-consumers.js")],
  },
  heartbeats: {
    what: "the table of heartbeats in docs/operating.md",
    from: "a run with a Temporal server",
    run: [vitest, "run", "--project", "system", "test/bench/scale.system.test.ts"],
  },
  sizes: {
    what: "the table in docs/sizes.md",
    from: "a run with a Temporal server",
    run: [vitest, "run", "--project", "system", "test/temporal/handshake/sizes.test.ts"],
  },
};

/**
 * The files in which something derived is not what it should be.
 *
 * @param {string} name
 * @param {{ readonly write?: boolean }} [options] Whether to mend them.
 * @returns {Promise<Drift[]>}
 */
export async function driftOf(name, { write = false } = {}) {
  const derivation = derivations[name];
  if (derivation === undefined) throw new Error(`nothing is derived by the name ${name}`);
  const files = await derivation.render();
  const drift = findDrift(files, derivation.folder);
  if (write) mend(files, drift);
  return drift;
}

/**
 * Runs what measures something, to write or to compare it.
 *
 * @param {string} name
 * @param {boolean} write
 * @returns {boolean} Whether it has passed.
 */
export function measure(name, write) {
  const { status, error } = spawnSync(process.execPath, measured[name]?.run ?? [], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, DERIVE: write ? "write" : "" },
  });
  if (error) throw error;
  return status === 0;
}

/**
 * @param {string} folder
 * @param {Files} files
 * @returns {Files}
 */
function below(folder, files) {
  return new Map([...files].map(([path, text]) => [`${folder}/${path}`, text]));
}
