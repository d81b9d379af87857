import { create, createRegistry, type Message } from "@bufbuild/protobuf";
import { AnySchema, anyPack, anyUnpack, DurationSchema } from "@bufbuild/protobuf/wkt";
import type { CompositePayloadConverter } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import {
  contractRegistry,
  createPayloadConverter,
} from "../../../src/temporal/payload-converter/index.js";
import { WorkflowExecutionSchema } from "../../../src/workflowexecution/v1.js";
import { executionWith, payload, textOf } from "./fixtures.js";

const minute = create(DurationSchema, { seconds: 60n });
const execution = executionWith(Uint8Array.of(1, 2, 3));

describe("a payload converter for messages of one's own", () => {
  it.each([
    ["a registry", createRegistry(DurationSchema)],
    ["schemas", [DurationSchema]],
  ])("is made of %s", (_, registry) => {
    const converter = createPayloadConverter(registry);
    expect(converter.fromPayload(converter.toPayload(minute))).toEqual(minute);
    expect(() => converter.toPayload(execution)).toThrow("is not in");
  });

  it("can have those of the contract too", () => {
    const converter = createPayloadConverter(createRegistry(contractRegistry, DurationSchema));
    for (const message of [minute, execution]) {
      expect(converter.fromPayload(converter.toPayload(message))).toEqual(message);
    }
  });

  it.each(["no registry", {}, DurationSchema, null])("is not made of %o", (input) => {
    expect(() => createPayloadConverter(input as never)).toThrow(TypeError);
  });

  it("tries the encodings in the order of Temporal's other SDKs", () => {
    const converter = createPayloadConverter(createRegistry(DurationSchema));
    const { converters } = converter as CompositePayloadConverter;
    expect(converters.map(({ encodingType }) => encodingType)).toEqual([
      "binary/null",
      "binary/plain",
      "json/protobuf",
      "binary/protobuf",
      "json/plain",
    ]);
  });
});

describe("an Any", () => {
  const converter = createPayloadConverter([AnySchema, DurationSchema]);

  it("is written as JSON when the registry has its type", () => {
    const any = anyPack(DurationSchema, minute);
    const written = converter.toPayload(any);
    expect(JSON.parse(textOf(written.data))).toEqual({
      "@type": "type.googleapis.com/google.protobuf.Duration",
      value: "60s",
    });
    const read: typeof any = converter.fromPayload(written);
    expect(anyUnpack(read, DurationSchema)).toEqual(minute);
  });

  it("is refused otherwise, without showing what is in it", () => {
    const secret = anyPack(WorkflowExecutionSchema, execution);
    expect(() => converter.toPayload(secret)).toThrow(
      "json/protobuf payload: cannot encode google.protobuf.Any",
    );
    const written = payload("json/protobuf", "google.protobuf.Any", '{"@type":"a/b.C","d":"e"}');
    expect(() => converter.fromPayload<Message>(written)).toThrow(
      "json/protobuf payload: cannot decode google.protobuf.Any",
    );
  });
});
