/** Ends this process when the one that has started it is gone, however that has ended. */
export function endWithParent(): void {
  process.once("disconnect", () => process.exit());
  // The connection to the parent alone is no reason to go on.
  process.channel?.unref();
}
