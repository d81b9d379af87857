import type { Context } from "@temporalio/activity";
import type { Execution } from "../../execution/execution.js";
import { isTransient } from "../../handshake/status-code.js";
import type { ExecutionLister } from "../execution-clients.js";
import { tagOf } from "./identify-request.js";

/**
 * What an earlier attempt has created under an id of the service's own making; undefined when there
 * is none, as for the first attempt. Only for services that list: of those that cannot, or answer
 * with more than fits into a message, there is nothing to be found.
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
