// What is counted and measured; docs/metrics.md shows it. No label has an id, a token, or anything
// of which there is one for each execution.

import type { ExecutionKind } from "../execution/kinds.js";

export type KindLabel = "workflow" | "agent" | "unknown";
export type OutcomeLabel = "completed" | "failed" | "cancelled" | "unknown";

/** What an attempt comes to that has thrown an error. */
export type ErrorResult =
  | "refused"
  | "contended"
  | "unavailable"
  | "withheld"
  | "invalid_token"
  | "too_large"
  | "not_terminal"
  | "other";

interface ReportLabels {
  readonly execution_kind: KindLabel;
  readonly outcome: OutcomeLabel;
  readonly result: "reported" | "already_settled" | "no_token" | ErrorResult;
}

/** The counters, each with the values of its labels. */
export interface Counters {
  readonly stigmer_handshakes: {
    readonly execution_kind: KindLabel;
    readonly result: "started" | "rearmed" | "ended" | ErrorResult;
  };
  readonly stigmer_reports: ReportLabels;
  readonly stigmer_heartbeats: {
    readonly execution_kind: KindLabel;
    readonly answer: "recorded" | "cancel_requested" | "rearmed" | "not_found" | ErrorResult;
  };
  readonly stigmer_refused_reads: { readonly rpc_method: string };
}

/** The histograms, each with the values of its labels. */
export interface Histograms {
  readonly stigmer_report_duration: ReportLabels;
  readonly stigmer_execution_age: Pick<ReportLabels, "execution_kind" | "outcome">;
  readonly stigmer_handshake_age: Pick<ReportLabels, "execution_kind">;
}

/** What each value of a label means; or what the values are, where others choose them. */
type Meanings<Labels> = {
  readonly [Label in keyof Labels]: string extends Labels[Label]
    ? string
    : Readonly<Record<Labels[Label] & string, string>>;
};

interface Instrument<Labels> {
  readonly description: string;
  readonly labels: Meanings<Labels>;
}

interface Histogram<Labels> extends Instrument<Labels> {
  /** The upper bounds of the buckets, in seconds. */
  readonly boundaries: number[];
}

const kinds: Readonly<Record<KindLabel, string>> = {
  workflow: "of a WorkflowExecution",
  agent: "of an AgentExecution",
  unknown: "a report in another language that names neither an execution nor its status",
};

const outcomes: Readonly<Record<OutcomeLabel, string>> = {
  completed: "the execution has completed",
  failed: "it has failed; in a report of `withCallback`, also one whose result cannot be delivered",
  cancelled: "it was cancelled",
  unknown: "it has not ended, or could not be read",
};

const errors: Readonly<Record<ErrorResult, string>> = {
  refused: "the service refuses it, and would do so again",
  contended: "somebody else has replaced the token at every attempt",
  unavailable: "the service or the engine could not be asked; it may be tried again",
  withheld: "somebody waits, but the reader may not see the token",
  invalid_token: "the bytes are no token of the engine",
  too_large: "a message is larger than the other side takes",
  not_terminal: "the execution has not ended",
  other: "any other error",
};

const reportLabels: Meanings<ReportLabels> = {
  execution_kind: kinds,
  outcome: outcomes,
  result: {
    reported: "the waiting activity has ended with it",
    already_settled: "the activity has ended before, or is gone; the report is dropped",
    no_token: "nobody waits",
    ...errors,
  },
};

export const counters: { readonly [Name in keyof Counters]: Instrument<Counters[Name]> } = {
  stigmer_handshakes: {
    description: "Attempts of callers to start or to re-arm an execution with a callback token",
    labels: {
      execution_kind: kinds,
      result: {
        started: "it was created",
        rearmed: "it was there, and was given the token of this attempt",
        ended: "it was there, and has ended; its status is the result",
        ...errors,
      },
    },
  },
  stigmer_reports: {
    description: "Attempts to tell a waiting activity how its execution has ended",
    labels: reportLabels,
  },
  stigmer_heartbeats: {
    description: "Attempts of runners to tell a waiting activity that its execution goes on",
    labels: {
      execution_kind: kinds,
      answer: {
        recorded: "the activity waits",
        cancel_requested: "it waits, and its caller wants to cancel",
        rearmed: "it waits under a newer token, which the execution has",
        not_found: "a miss: no activity waits",
        ...errors,
      },
    },
  },
  stigmer_refused_reads: {
    description: "Responses from which the guard has withheld a callback token",
    labels: { rpc_method: "the full names of the service and the rpc, as in `SERVICE/get`" },
  },
};

export const histograms: { readonly [Name in keyof Histograms]: Histogram<Histograms[Name]> } = {
  stigmer_report_duration: {
    description: "Time that an attempt to report has taken",
    labels: reportLabels,
    boundaries: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  stigmer_execution_age: {
    description: "Time from the start of an execution until its end was reported",
    labels: { execution_kind: kinds, outcome: outcomes },
    boundaries: [1, 10, 60, 300, 900, 3600, 14_400, 43_200, 86_400, 259_200, 604_800],
  },
  stigmer_handshake_age: {
    description:
      "Age of a handshake that goes on, at each heartbeat that finds it and each attempt of its caller",
    labels: { execution_kind: kinds },
    // The runs of Stigmer's runners take 10 minutes at most, or 30.
    boundaries: [10, 30, 60, 300, 600, 1800, 3600, 14_400, 43_200, 86_400, 259_200, 604_800],
  },
};

export function kindLabel(kind: ExecutionKind | undefined): KindLabel {
  switch (kind) {
    case "WorkflowExecution":
      return "workflow";
    case "AgentExecution":
      return "agent";
    case undefined:
      return "unknown";
  }
}
