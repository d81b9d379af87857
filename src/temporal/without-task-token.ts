import type { Context } from "@temporalio/activity";

type LogAttributes = Record<string, unknown>;

/**
 * An activity interceptor that keeps the task token out of the log of a worker: the SDK writes it,
 * as Base64, with every line about an activity, and it is the callback token. For `Worker.create`:
 *
 *     interceptors: { activity: [withoutTaskToken] }
 */
export function withoutTaskToken(_: Context): {
  outbound: {
    getLogAttributes(
      input: LogAttributes,
      next: (input: LogAttributes) => LogAttributes,
    ): LogAttributes;
  };
} {
  return {
    outbound: {
      getLogAttributes(input, next) {
        const { taskToken, ...attributes } = next(input);
        return attributes;
      },
    },
  };
}
