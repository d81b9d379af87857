import type { Execution } from "@stigmer/apis";

/**
 * The execution services that the handshake is tested with: ours in memory, which keeps to the
 * contract, and the stand-in for the existing ones, which does not.
 */
export const serviceNames = ["in-memory", "existing"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** An execution service on a port of its own, as a world has it. */
export interface Service {
  readonly url: string;
  readonly protocol: "connect" | "grpc";
  /** What shows the service that one may read tokens; none for a service that does not ask. */
  readonly key?: string;
  /** Ends all connections and serves no more; what it has stored stays. */
  down(): Promise<void>;
  /** Serves again, at the same port. */
  up(): Promise<void>;
  /** The next call of this method takes effect, but its connection is cut before the answer. */
  loseAnswer(method: string): void;
  stop(): Promise<void>;
}

/** Is told what happens on an execution service. */
export interface ServiceObserver {
  /** A request of this method has arrived. */
  called(method: string): void;
  /** An execution is to be run; perhaps one that was told of before. */
  created(execution: Execution): void;
  /** An execution has been given another token. */
  updated(): void;
}
