import { type CallbackToken, describeCallbackToken } from "../../token/index.js";

/** What a log line of the handshake tells. All of it is safe to show. */
export interface HandshakeFields {
  readonly executionId?: string;
  /** Described, never its bytes. */
  readonly callbackToken?: string;
  /** Of the activity, or the workflow, that logs. */
  readonly attempt?: number;
  /** How the execution has ended. */
  readonly outcome?: "completed" | "failed" | "cancelled";
}

/** The fields of a log line, under the same names on both sides. What is not known is left out. */
export function handshakeFields(
  attempt: number | undefined,
  executionId: string | undefined,
  token: CallbackToken | undefined,
  outcome?: HandshakeFields["outcome"],
): HandshakeFields {
  return {
    ...(executionId && { executionId }),
    ...(token && { callbackToken: described(token) }),
    ...(attempt !== undefined && { attempt }),
    ...(outcome && { outcome }),
  };
}

/** Of what is no token, too: a workflow that stumbles over its log line would not end. */
function described(token: CallbackToken): string {
  try {
    return describeCallbackToken(token);
  } catch {
    return "no token";
  }
}
