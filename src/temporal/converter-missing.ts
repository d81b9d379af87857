import { ApplicationFailure } from "@temporalio/common";

/** What to say where a message is met that is none any more, or cannot be written as one. */
export function withoutConverter(where: string, got: string): string {
  return (
    `${where}: expected a dataConverter that encodes messages, such as { payloadConverterPath } of ` +
    `@stigmer/apis/temporal/payload-converter, on clients, workers and bundles alike; got ${got}`
  );
}

/** The failure, which is not retried, of a worker that meets such a message. */
export function converterMissing(where: string, got: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(withoutConverter(where, got), "PayloadConverterMissing");
}
