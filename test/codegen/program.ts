import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Command } from "./run.js";

/** What a program of each language does; bytes are Base64. */
export type Request =
  /** Reads an execution, from binary or from JSON, and writes it as both. */
  | ({ readonly op: "rewrite" } & Execution)
  /** Writes an execution of that type with every field set, by the rule in fill.ts. */
  | { readonly op: "fill"; readonly type: string }
  /** Tells the token of an execution, and whether somebody waits. */
  | ({ readonly op: "readToken" } & Execution)
  /** Gives the execution this token, or takes it out, and writes it. */
  | ({ readonly op: "writeToken"; readonly token?: string } & Execution)
  /** Creates the execution, subscribes to it, and tells every state that it receives. */
  | ({ readonly op: "call"; readonly address: string; readonly over: Protocol } & Execution)
  /**
   * Prints an execution in each way that the language has, and an Any that it is packed into; both again
   * without secrets, as the README of its template says.
   */
  | ({ readonly op: "print" } & Execution)
  /** Reads a workflow execution, and tells how many bytes the answer has, or why it was refused. */
  | {
      readonly op: "get";
      readonly address: string;
      readonly id: string;
      readonly isRaised: boolean;
    }
  /**
   * Serves workflow executions until the program ends, and tells where: with the limits that the language
   * has, or with raised ones, and with pings allowed that come no more often than that.
   */
  | { readonly op: "serve"; readonly isRaised?: boolean; readonly minPingMs?: number }
  /** Tells what is wrong with a message, by the rules of the contract. */
  | { readonly op: "validate"; readonly type: string; readonly json: string }
  /** Tells the version of the language, and those of its libraries. */
  | { readonly op: "versions" };

export type Protocol = "gRPC" | "Connect";

type Execution = { readonly type: string } & (
  | { readonly binary: string }
  | { readonly json: string }
);

/** A line of an answer; which of these it has depends on the request. */
export interface Answer {
  readonly binary: string;
  readonly json: string;
  readonly token: string;
  readonly set: boolean;
  readonly received: string;
  readonly printed: Printed;
  readonly safe: Printed;
  readonly address: string;
  readonly bytes: number;
  readonly refused: string;
  readonly violations: readonly Violation[];
}

/** What is wrong with a message, as `validateExecution` tells it. */
export interface Violation {
  readonly field: string;
  readonly rule: string;
  readonly message: string;
}

/** Texts by the way in which they were printed. */
export type Printed = Readonly<Record<string, string>>;

/** A running program that takes requests one after the other. */
export interface Program {
  /** The first line of the answer. */
  ask(request: Request): Promise<Answer>;
  /** All lines of the answer, as they come. */
  follow(request: Request): AsyncIterable<Answer>;
  /** Ends the program. */
  stop(): Promise<void>;
}

/** Starts a program that reads requests from its input, and answers each with lines of JSON. */
export function startProgram(
  [command, ...args]: Command,
  env: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(command, args, { env: { ...process.env, ...env } });
  const exit = once(child, "exit");
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  // A program that ends early closes its input; its exit code says why.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function* follow(request: Request): AsyncGenerator<Answer> {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    for (;;) {
      const { done, value } = await lines.next();
      if (done) {
        const [code] = await exit;
        throw new Error(`the program has ended with exit code ${code}:\n${said}`);
      }
      const answer = JSON.parse(value);
      if (answer.ended) return;
      yield answer;
      if (request.op !== "call") return;
    }
  }

  return {
    follow,
    ask: async (request) => {
      for await (const answer of follow(request)) return answer;
      throw new Error("expected an answer");
    },
    stop: async () => {
      child.stdin.end();
      // One that a failed test has left in the middle of an answer does not look at its input.
      child.kill("SIGKILL");
      await exit;
    },
  };
}
