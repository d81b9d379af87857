import { toJson } from "@bufbuild/protobuf";
import type { ExecutionStatus } from "../../execution/execution.js";
import { schemaOf } from "../../execution/schemas.js";
import { HandshakeError, type HandshakeErrorCode, type Settlement } from "../../handshake/index.js";
import type { CallbackToken } from "../../token/index.js";
import { type ExecutionFailureType, executionFailure } from "../payload/execution-failure.js";
import { fitStatus } from "../payload/fit-status.js";
import { jsonBytesOf } from "../payload/json-bytes.js";
import { bytesFor } from "../payload/payload-limit.js";
import { type CompletionClient, largeCall, settle } from "./completion-client.js";

// Less than any server's limit.
const leastLimit = 64 * 1024;

// What a gRPC server takes by default, Temporal's too.
export const largeBytes: number = bytesFor(4 * 1024 * 1024);

/** Ends activities by as much of a status as a payload has room for. */
export interface Fitting {
  /** Ends the activity by what is sent of this status; where that is too large, by the least of it. */
  settleFitted<Payload>(
    token: CallbackToken,
    status: ExecutionStatus,
    payloadOf: (isLeast: boolean) => Payload,
    send: (payload: Payload) => Promise<void>,
  ): Promise<Settlement>;

  /** Fails the activity with the status as the detail of its failure. */
  fail(
    token: CallbackToken,
    type: ExecutionFailureType,
    status: ExecutionStatus,
    message?: string,
  ): Promise<Settlement>;

  /** The part of the status that fits, as it is sent. */
  fitted(status: ExecutionStatus, isLeast: boolean): unknown;
}

export function fitting(
  completion: CompletionClient,
  payloadLimit: number,
  asJson: boolean,
): Fitting {
  const room = bytesFor(payloadLimit);

  const settleFitted: Fitting["settleFitted"] = async (token, status, payloadOf, send) => {
    // Before the time that a large call has begins.
    const payload = payloadOf(false);
    const first = () => send(payload);
    const isLarge = room > largeBytes && jsonBytesOf(status) > largeBytes;
    try {
      return await settle(token, isLarge ? () => largeCall(completion, first) : first);
    } catch (error) {
      if (!hasCode(error, "too-large")) throw error;
      // The server's limit is lower than `payloadLimit`: the outcome at least is not lost.
      return settle(token, () => send(payloadOf(true)));
    }
  };

  const fail: Fitting["fail"] = (token, type, status, message) =>
    settleFitted(
      token,
      status,
      (isLeast) => {
        const limit = isLeast ? leastLimit : payloadLimit;
        return executionFailure(type, status, { message, payloadLimit: limit, asJson });
      },
      (failure) => completion.fail(token, failure),
    );

  const fitted: Fitting["fitted"] = (status, isLeast) => {
    const part = fitStatus(status, isLeast ? 0 : room);
    return asJson ? toJson(schemaOf(part), part) : part;
  };

  return { settleFitted, fail, fitted };
}

export function hasCode(error: unknown, code: HandshakeErrorCode): boolean {
  return error instanceof HandshakeError && error.code === code;
}
