import { asyncLocalStorage } from "@temporalio/activity";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { kindOfId } from "../../execution/kinds.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import { countReport } from "../../handshake/count-report.js";
import { failureText } from "../../handshake/failure-text.js";
import type { ExecutionQueries } from "../../handshake/index.js";
import { kindLabel } from "../../handshake/instruments.js";
import { isTransient } from "../../handshake/status-code.js";
import { failedWithoutText } from "../payload/execution-failure.js";
import { executionIdIn } from "../payload/execution-id-in.js";
import { temporalMeter } from "../temporal-meter.js";
import { bounded } from "./bounded.js";
import { type GoReport, goErrorText, withoutGoSecrets } from "./go-report.js";
import type { QueriesOf, Reporting } from "./reporting.js";
import type { TemporalCompleter } from "./temporal-completer.js";

/** One report of Go's; see `SystemActivities["stigmer/system/complete-external-activity"]`. */
export function goReporting(
  completer: Partial<TemporalCompleter>,
  queriesOf: QueriesOf,
  { fail, cancel, send }: Reporting,
) {
  return async ({ CallbackToken: token, Result, Error: error }: GoReport): Promise<void> => {
    if (!token) return;
    const executionId = executionIdIn(Result);
    const status = executionId && (await readStatus(queriesOf(executionId), executionId));
    const said = goErrorText(error) || (status && failureText(status)) || "";
    const text = said || failedWithoutText;
    const outcome = status ? outcomeOf(status) : undefined;
    if (status && outcome === "cancelled") await cancel(token, said, executionId, status);
    else if (status && outcome === "failed") await fail(token, text, executionId, status);
    else if (error !== null && error !== undefined) await fail(token, text, executionId);
    else {
      const { completeWithJson } = completer;
      if (completeWithJson === undefined) throw new TypeError("expected a TemporalCompleter");
      const result = withoutGoSecrets(Result ?? null);
      await send(
        { token, executionId, outcome: "completed", status: status || undefined },
        (token) => completeWithJson.call(completer, token, result),
      );
    }
  };
}

async function readStatus(
  queries: ExecutionQueries<Execution>,
  executionId: string,
): Promise<ExecutionStatus | undefined> {
  try {
    return (await bounded(queries).get({ value: executionId })).status;
  } catch (error) {
    if (!isTransient(error)) return undefined;
    // The report is made again; a failure must not pass for a success because the service is away.
    const context = asyncLocalStorage.getStore();
    const meter = context && temporalMeter(context.metricMeter);
    const kind = kindLabel(kindOfId(executionId));
    return countReport<never>(meter, { kind, outcome: "unknown" }, () => Promise.reject(error));
  }
}
