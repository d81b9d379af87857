import type { Context } from "@temporalio/activity";
import type { Execution } from "../../execution/execution.js";
import { isTransient } from "../../handshake/status-code.js";
import type { ExecutionLister } from "../execution-clients.js";
import { tagOf } from "./identify-request.js";

/**
 * What an earlier attempt has created under an id that the service made; undefined when there is none,
 * as for the first attempt. Nothing is found if the service cannot list, or answers with more than fits
 * into a message.
 */
export async function findByTag<E extends Execution>(
  context: Context,
  queries: ExecutionLister<E>,
): Promise<E | undefined> {
  if (context.info.attempt === 1) return undefined;
  const tag = tagOf(context);
  try {
    const { entries } = await queries.list({ tags: [tag], pageSize: 1 });
    // Existing services answer with everything, whatever the tags.
    return entries.find(({ metadata }) => metadata?.tags.includes(tag));
  } catch (error) {
    if (isTransient(error)) throw error;
    return undefined;
  }
}
