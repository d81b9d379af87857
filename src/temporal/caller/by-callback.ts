import { CompleteAsyncError, type Context } from "@temporalio/activity";
import type { Execution, ExecutionStatus } from "../../execution/execution.js";
import { identified } from "../../execution/kinds.js";
import { outcomeOf } from "../../execution/outcome-of.js";
import { armExecution } from "../../handshake/arm-execution.js";
import { countHandshake } from "../../handshake/count-handshake.js";
import { startOrArm } from "../../handshake/start-or-arm.js";
import { callbackToken } from "../../token/index.js";
import { handshakeFields } from "../log/handshake-fields.js";
import { recordAge } from "../record-age.js";
import { temporalMeter } from "../temporal-meter.js";
import type { Clients } from "./clients.js";
import { findByTag } from "./find-by-tag.js";
import { identifyRequest } from "./identify-request.js";
import { earlierExecutionId, nextDetails } from "./signs-of-life.js";

/**
 * Starts the execution with the task token of this attempt, or re-arms the one of an earlier attempt,
 * and goes pending. Returns the status of one that has ended.
 */
export async function byCallback<E extends Execution>(
  context: Context,
  execution: E,
  clients: Clients<E>,
  maxSilentAttempts: number | undefined,
): Promise<ExecutionStatus> {
  const { queries } = clients;
  const token = callbackToken(context.info.taskToken);
  const request = identifyRequest(execution, context);
  const earlier = earlierExecutionId(context);
  const meter = temporalMeter(context.metricMeter);
  const { execution: current, isNew } = await countHandshake(meter, request, async () => {
    if (earlier === undefined) {
      return startOrArm(request, token, clients, () => findByTag(context, queries));
    }
    // What is not there any more has been deleted, and is not made again.
    const found = await queries.get({ value: earlier });
    return { execution: await armExecution(found, request, token, clients), isNew: false };
  });
  const { metadata, status } = current;
  const outcome = outcomeOf(status);
  const fields = handshakeFields(context.info.attempt, metadata?.id, token, outcome);
  if (status && outcome) {
    context.log.info("found the execution ended", fields);
    return status;
  }
  context.log.info(isNew ? "started the execution" : "re-armed the execution", fields);
  const details = nextDetails(context, current, maxSilentAttempts);
  recordAge(meter, identified(request).kind, context.info.scheduledTimestampMs);
  context.heartbeat(details);
  context.log.info("waiting for the execution", fields);
  throw new CompleteAsyncError();
}
