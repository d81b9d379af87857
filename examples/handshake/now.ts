/** The time as the contract writes it: RFC 3339 in UTC. In a workflow of Temporal, the workflow's. */
export function now(): string {
  return new Date().toISOString();
}
