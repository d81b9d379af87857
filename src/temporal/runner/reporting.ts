import { create } from "@bufbuild/protobuf";
import { asyncLocalStorage } from "@temporalio/activity";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { identify, kindOfId } from "../../execution/kinds.js";
import { schemas } from "../../execution/schemas.js";
import { countReport } from "../../handshake/count-report.js";
import type { ActivityCompleter, ExecutionQueries, Settlement } from "../../handshake/index.js";
import { kindLabel } from "../../handshake/instruments.js";
import { readToken } from "../../handshake/read-token.js";
import { sendReport } from "../../handshake/send-report.js";
import { textOf } from "../../text-of.js";
import type { CallbackToken } from "../../token/index.js";
import { ExecutionPhase } from "../../workflowexecution/v1.js";
import { handshakeFields } from "../log/handshake-fields.js";
import { temporalMeter } from "../temporal-meter.js";
import { refusing, tokenOf } from "./refusing.js";
import type { SystemActivities } from "./system-activities.js";

/**
 * What became of a report: it has ended the waiting activity, or the activity had ended before or is
 * gone.
 */
export type ExternalReport = "reported" | "already-settled";

export type QueriesOf = (executionId: string) => ExecutionQueries<Execution>;

/** The bytes of a token, or these in Base64. */
export type GivenToken = Uint8Array | string;

/** How which execution has ended, and under which token somebody waits for it. */
export interface Report {
  readonly token: GivenToken;
  readonly executionId: string | undefined;
  readonly outcome: "completed" | "failed" | "cancelled";
  readonly status: ExecutionStatus | undefined;
}

type Failure = [message: string, executionId?: string, status?: ExecutionStatus];

/** Reports how an execution has ended, with the newest token that the execution has. */
export interface Reporting {
  readonly complete: SystemActivities["CompleteExternalActivity"];
  fail(token: GivenToken, ...told: Failure): Promise<ExternalReport>;
  cancel(token: GivenToken, ...told: Failure): Promise<ExternalReport>;
  /** Reports by one call of the completer. */
  send(report: Report, ask: (token: CallbackToken) => Promise<Settlement>): Promise<ExternalReport>;
}

export function reporting(completer: ActivityCompleter, queriesOf: QueriesOf): Reporting {
  const send: Reporting["send"] = async ({ token: given, executionId, outcome, status }, ask) => {
    // The one that the last call was made with.
    let token: CallbackToken | undefined;
    const context = asyncLocalStorage.getStore();
    const fields = () => handshakeFields(context?.info.attempt, executionId, token, outcome);
    const kind = kindLabel(kindOfId(executionId ?? "") ?? identify(status?.$typeName)?.kind);
    const meter = context && temporalMeter(context.metricMeter);
    const report = refusing(() =>
      countReport(meter, { kind, outcome, status }, async () =>
        sendReport(
          tokenOf(given),
          (current) => {
            token = current;
            return ask(current);
          },
          async () => (executionId ? readToken(queriesOf(executionId), executionId) : undefined),
        ),
      ),
    );
    const result = await report.catch((error: unknown) => {
      const cause = textOf(error);
      context?.log.warn("could not report to the waiting activity", { ...fields(), cause });
      throw error;
    });
    if (result === "reported") context?.log.info("reported to the waiting activity", fields());
    else context?.log.warn("no activity waits for this report; dropped", fields());
    return result;
  };

  const fail: Reporting["fail"] = (token, message, executionId, status) => {
    const told = status ?? statusOf(executionId, ExecutionPhase.EXECUTION_FAILED, message);
    return send({ token, executionId, outcome: "failed", status }, (token) =>
      completer.fail(token, { message, status: told }),
    );
  };

  const cancel: Reporting["cancel"] = (token, message, executionId, status) => {
    const told = status ?? statusOf(executionId, ExecutionPhase.EXECUTION_CANCELLED, message);
    return send({ token, executionId, outcome: "cancelled", status }, (token) =>
      completer.reportCancellation(token, told.error ? told : { ...told, error: message }),
    );
  };

  const complete: Reporting["complete"] = (token, status, executionId) =>
    send({ token, executionId, outcome: "completed", status }, (token) =>
      completer.complete(
        token,
        status,
        executionId ? () => queriesOf(executionId).get({ value: executionId }) : undefined,
      ),
    );

  return { complete, fail, cancel, send };
}

function statusOf(
  executionId: string | undefined,
  phase: ExecutionPhase.EXECUTION_FAILED | ExecutionPhase.EXECUTION_CANCELLED,
  error: string,
): ExecutionStatus {
  // The phases of both kinds have the same numbers; a test holds this.
  const kind = kindOfId(executionId ?? "") ?? "WorkflowExecution";
  return create(schemas[kind].status, { phase, error } as never) as ExecutionStatus;
}
