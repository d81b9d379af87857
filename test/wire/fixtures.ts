import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import type { ExecutionKind, MessageKind, WireErrorCode } from "../../src/wire/index.js";
import { WireError } from "../../src/wire/index.js";
import { type Carrier, carriers, executions } from "../token/fixtures.js";

export interface WireCarrier<Kind extends MessageKind = MessageKind> extends Carrier {
  readonly kind: Kind;
}

export const wireCarriers = carriers.map(withKind) as WireCarrier[];
export const wireExecutions = executions.map(withKind) as WireCarrier<ExecutionKind>[];

function withKind(carrier: Carrier) {
  return { ...carrier, kind: carrier.name };
}

/** The same bytes in the forms that callers hold them in. */
export const forms: [name: string, make: (bytes: Uint8Array) => Uint8Array][] = [
  ["a Uint8Array", (bytes) => Uint8Array.from(bytes)],
  ["a Buffer", (bytes) => Buffer.from(bytes)],
  ["a view into a larger buffer", (bytes) => surrounded(bytes, 0xff)],
  ["a Uint8Array of another realm", (bytes) => runInNewContext("Uint8Array").from(bytes)],
];

/** A view of the bytes in the middle of a buffer that is filled with something misleading. */
export function surrounded(bytes: Uint8Array, ...filling: number[]): Uint8Array {
  const margin = 24;
  const buffer = new Uint8Array(bytes.length + 2 * margin);
  for (let at = 0; at < buffer.length; at++) buffer[at] = filling[at % filling.length] ?? 0;
  buffer.set(bytes, margin);
  return buffer.subarray(margin, margin + bytes.length);
}

export const noKinds = ["", "Workflow", "WorkflowExecutionStatus", "toString", "__proto__"];

export const noBytes: [name: string, value: unknown][] = [
  ["a string", "c2VjcmV0IHRva2Vu"],
  ["null", null],
  ["nothing", undefined],
  ["an array", [10, 0]],
  ["an ArrayBuffer", new ArrayBuffer(2)],
  ["clamped bytes", new Uint8ClampedArray(2)],
  ["wider elements", new Uint16Array(2)],
];

export interface Refusal {
  readonly code: WireErrorCode;
  readonly offset: number;
}

/** The WireError that a call throws. */
export function wireErrorOf(call: () => unknown): WireError {
  try {
    call();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

export function refusalOf(call: () => unknown): Refusal {
  const { code, offset } = wireErrorOf(call);
  return { code, offset };
}

/** All that a log could show of an error. */
export function textOf(error: Error): string {
  return [error.message, error.stack, JSON.stringify(error), inspect(error)].join("\n");
}
