/** An error and its causes on one line, whatever a server has put into them. */
export function problemText(error: unknown): string {
  const texts: string[] = [];
  for (
    let cause = error;
    cause !== undefined;
    cause = cause instanceof Error ? cause.cause : undefined
  ) {
    const text = textOf(cause);
    if (text !== "" && !texts.some((outer) => outer.includes(text))) texts.push(text);
  }
  return texts.join(": ").replace(/[\p{Cc}\s]+/gu, " ");
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of gRPC: the message without the code before it.
  return "details" in error && typeof error.details === "string" ? error.details : error.message;
}
