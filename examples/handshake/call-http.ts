import type { JsonObject } from "@bufbuild/protobuf";
import { evaluate, type Scope } from "./evaluate.js";
import type { HttpCall } from "./parse-workflow.js";

/** Makes the request of a `call: http` task and returns what is answered. */
export async function callHttp(call: HttpCall, scope: Scope): Promise<JsonObject> {
  const url = String(evaluate(call.endpoint.uri, scope));
  const token = evaluate(call.endpoint.authentication.bearer.token, scope);
  const request = {
    method: call.method.toUpperCase(),
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(evaluate(call.body, scope)),
  };
  let response: Response;
  try {
    response = await fetch(url, request);
  } catch {
    // What fetch throws may quote a header, and with it the secret.
    throw new Error("the called service cannot be reached");
  }
  if (!response.ok) throw new Error(`the called service answered ${response.status}`);
  return (await response.json()) as JsonObject;
}
