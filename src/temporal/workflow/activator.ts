import { create } from "@bufbuild/protobuf";
import type { PayloadConverter } from "@temporalio/common";
import { WorkflowExecutionStatusSchema } from "../../workflowexecution/v1.js";
import { converterMissing } from "../converter-missing.js";

/** What the SDK knows of a running workflow and has no public name for. All of it may be missing. */
interface Activator {
  readonly payloadConverter?: PayloadConverter;
  isConfiguredFailureException?(error: unknown): boolean;
}

function activator(): Activator {
  const { __TEMPORAL_ACTIVATOR__ } = globalThis as { __TEMPORAL_ACTIVATOR__?: Activator };
  return __TEMPORAL_ACTIVATOR__ ?? {};
}

/** Whether an error that is no `TemporalFailure` fails the workflow, by its `failureExceptionTypes`. */
export function failsWorkflow(error: unknown): boolean {
  return activator().isConfiguredFailureException?.(error) ?? false;
}

/** How many bytes a value takes as a payload of the workflow; infinite when it cannot be one. */
export function payloadBytes(value: unknown): number {
  try {
    return activator().payloadConverter?.toPayload(value)?.data?.length ?? 0;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * Fails the workflow when it was bundled without a payload converter that knows messages: each of
 * them would leave it as a plain object, whose bytes nobody can read.
 */
export function assertConverter(where: string): void {
  const probe = create(WorkflowExecutionStatusSchema);
  const payload = activator().payloadConverter?.toPayload(probe);
  if (payload === undefined || payload.metadata?.messageType !== undefined) return;
  throw converterMissing(where, "a bundle without one");
}
