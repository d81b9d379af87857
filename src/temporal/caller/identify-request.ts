import type { Context } from "@temporalio/activity";
import type { Execution } from "../../execution/execution.js";
import { withId } from "../with-id.js";

/**
 * A copy of the request that every attempt of the activity finds again: under an id that is the same
 * for all of them, or by its tag where the service makes its own ids. A name that is missing is the
 * id: existing services make the slug from it, and refuse a second execution with the same slug.
 */
export function identifyRequest<E extends Execution>(execution: E, context: Context): E {
  const request = withId(execution, () => placeOf(context).replace("/", "-"));
  const { metadata } = request;
  metadata.name ||= metadata.id;
  metadata.tags.push(tagOf(context));
  return request;
}

/** The tag that every execution gets which the activity creates. */
export function tagOf(context: Context): string {
  return `temporal:${placeOf(context)}`;
}

/** What is the same for every attempt of an activity, and for nothing else. */
function placeOf({ info }: Context): string {
  return `${info.workflowExecution?.runId ?? info.activityRunId}/${info.activityId}`;
}
