import { clone, toJson } from "@bufbuild/protobuf";
import { redact, toRedactedJson } from "@stigmer/apis/redaction";
import { WorkflowExecutionSchema } from "@stigmer/apis/workflowexecution/v1";
import { sizesFor, workflowFixture } from "./fixtures/index.js";
import { assertSafe } from "./harness/assert-safe.js";
import { measureAtSize, measureFunctions } from "./harness/measure.js";
import { timeRow } from "./harness/times.js";

/** @import { Effort } from "./harness/effort.js" */
/** @import { Report } from "./harness/report.js" */

const schema = WorkflowExecutionSchema;

/**
 * Executions that are safe to show, against showing or copying them as they are.
 *
 * @param {Effort} effort
 * @returns {Promise<Report>}
 */
export async function bench(effort) {
  const groups = [];
  for (const size of sizesFor(effort)) {
    const { kind, message, bytes } = workflowFixture(size);
    assertSafe(toRedactedJson(schema, message), message);
    assertSafe(toJson(schema, redact(schema, message)), message);
    const jsonTimes = await measureAtSize(
      size,
      {
        toJson: () => toJson(schema, message),
        toRedactedJson: () => toRedactedJson(schema, message),
      },
      effort,
    );
    const copyTimes = await measureFunctions(
      { clone: () => clone(schema, message), redact: () => redact(schema, message) },
      effort,
    );
    groups.push(
      {
        name: `JSON, ${kind}`,
        bytes: bytes.length,
        ratio: "time / toJson",
        rows: [
          timeRow(jsonTimes, "toJson"),
          timeRow(jsonTimes, "toRedactedJson", { base: "toJson", goal: { atMost: 1.2 } }),
        ],
      },
      {
        name: `copy, ${kind}`,
        bytes: bytes.length,
        ratio: "time / clone",
        rows: [timeRow(copyTimes, "clone"), timeRow(copyTimes, "redact", { base: "clone" })],
      },
    );
  }
  return {
    title: "redaction: executions that are safe to show",
    checked: [
      "redacted JSON is plain JSON but for the token and the secret values",
      "a redacted copy is the execution but for the same",
    ],
    groups,
  };
}
