/** What to say where a message is met that is none any more, or cannot be written as one. */
export function withoutConverter(where: string, got: string): string {
  return (
    `${where}: expected a dataConverter that encodes messages, such as { payloadConverterPath } of ` +
    `@stigmer/apis/temporal/payload-converter, on clients, workers and bundles alike; got ${got}`
  );
}
