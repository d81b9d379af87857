"use client";
import { peekCallbackToken } from "@stigmer/apis/wire";

const encoded = Uint8Array.of(0x22, 5, 0x3a, 3, 1, 2, 3);

export function Token() {
  return <p>{peekCallbackToken("WorkflowExecution", encoded)?.join()}</p>;
}
