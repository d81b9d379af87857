import { create, type Message } from "@bufbuild/protobuf";
import { CompositePayloadConverter, RawValue } from "@temporalio/common";
import { proxyActivities } from "@temporalio/workflow";
import {
  contractRegistry,
  ProtobufEsBinaryPayloadConverter,
} from "../../../src/temporal/payload-converter/index.js";
import { WorkflowExecutionSchema } from "../../../src/workflowexecution/v1.js";
import type { activities } from "./activities.js";

const { echoInActivity } = proxyActivities<typeof activities>({ startToCloseTimeout: "1 minute" });
const binary = new CompositePayloadConverter(
  new ProtobufEsBinaryPayloadConverter(contractRegistry),
);

export async function echo<T>(value: T): Promise<T> {
  return value;
}

export async function echoAsBinary(message: Message): Promise<RawValue> {
  return new RawValue(message, binary);
}

export async function echoThroughActivity(message: Message): Promise<Message> {
  return await echoInActivity(message);
}

/** The sandbox has no Buffer, and the bytes that its TextEncoder makes are of another realm. */
export async function writeTokenOf(text: string): Promise<Message> {
  const bytes = new TextEncoder().encode(text);
  const isStrange = !("Buffer" in globalThis) && !(bytes instanceof Uint8Array);
  return create(WorkflowExecutionSchema, {
    kind: isStrange ? "bytes of another realm" : "bytes of this realm",
    spec: { callbackToken: bytes },
  });
}

/** Whether the bytes of a message that was read are of the sandbox's realm. */
export async function ownsBytes(message: { spec?: { callbackToken: unknown } }): Promise<boolean> {
  return message.spec?.callbackToken instanceof Uint8Array;
}
