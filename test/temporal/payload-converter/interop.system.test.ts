import { create, type DescMessage, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import { toText } from "@bufbuild/protobuf/txtpb";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { payloadConverter } from "../../../src/temporal/payload-converter/index.js";
import { WorkflowExecutionSchema } from "../../../src/workflowexecution/v1.js";
import { filled } from "../../connect/filled.js";
import { arbitraryMessage } from "../../redaction/arbitrary-message.js";
import {
  binary,
  executionSchemas,
  isSame,
  json,
  metadataOf,
  payload,
  withoutUnknown,
} from "./fixtures.js";
import { isAvailable, languages, run } from "./interop/languages.js";

/** A payload; or a message in Protobuf's text format, for another language to write. */
type Line =
  | {
      readonly messageType: string;
      readonly encoding: string;
      readonly data: string;
      readonly lenient?: boolean;
    }
  | { readonly messageType: string; readonly text: string };

describe.each(languages)("Temporal's $name SDK", (language) => {
  describe.skipIf(!isAvailable(language))("exchanges payloads with this converter:", () => {
    let command: Awaited<ReturnType<typeof language.build>>;

    beforeAll(async () => {
      command = await language.build();
    }, 900_000);

    it.each(executionSchemas)("what it writes is read: $name", async (schema) => {
      const messages = [withoutUnknown(filled(schema).message), create(schema)];
      const lines = messages.map((message) => ({
        messageType: schema.typeName,
        text: toText(schema, message),
      }));
      await expectPairs(schema, lines, messages, messages);
    });

    it.each(executionSchemas)("JSON is read by it: $name", async (schema) => {
      const messages = samples(schema);
      const known = messages.map(withoutUnknown);
      const lines = messages.map((message) => lineOf(json.toPayload(message)));
      await expectPairs(schema, lines, known, known);
    });

    it.each(executionSchemas)(
      "binary is read by it, with unknown fields: $name",
      async (schema) => {
        const messages = samples(schema);
        const lines = messages.map((message) => lineOf(binary.toPayload(message)));
        await expectPairs(schema, lines, messages.map(withoutUnknown), messages);
      },
    );

    describe("JSON of a newer contract", () => {
      const schema = WorkflowExecutionSchema;
      const newer: [what: string, status: object, expected: MessageInitShape<typeof schema>][] = [
        ["a field", { error: "late", mood: "fine" }, { status: { error: "late" } }],
        [
          "the name of a phase",
          { error: "late", phase: "EXECUTION_PAUSED" },
          { status: { error: "late" } },
        ],
      ];
      const lineWith = (status: object) => ({
        encoding: "json/protobuf",
        messageType: schema.typeName,
        data: base64Encode(new TextEncoder().encode(JSON.stringify({ status }))),
      });

      it.each(newer)(
        "is refused for %s that it does not know, but by Java",
        async (_, status, left) => {
          const line = lineWith(status);
          if (language.name === "Java") return expectRead(line, left);
          const output = await run(command, undefined, `${JSON.stringify(line)}\n`);
          expect(Object.keys(JSON.parse(output))).toEqual(["refused"]);
        },
      );

      it.each(newer)("is read without %s by the README's converter", async (_, status, left) => {
        await expectRead({ ...lineWith(status), lenient: true }, left);
      });

      async function expectRead(line: Line, left: MessageInitShape<typeof schema>) {
        const message = create(schema, left);
        await expectPairs(schema, [line], [message], [message]);
      }
    });

    /** Expects those messages back, each first as JSON and then as binary. */
    async function expectPairs(
      schema: DescMessage,
      lines: readonly Line[],
      asJson: readonly Message[],
      asBinary: readonly Message[],
    ): Promise<void> {
      const input = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
      const output = (await run(command, undefined, input)).trim().split("\n");
      expect(output).toHaveLength(2 * lines.length);
      for (const [index, text] of output.entries()) {
        const isJson = index % 2 === 0;
        const expected = (isJson ? asJson : asBinary)[Math.floor(index / 2)] as Message;
        const line = JSON.parse(text);
        expect(line).toMatchObject({
          encoding: (isJson ? json : binary).encodingType,
          messageType: schema.typeName,
        });
        const data = base64Decode(line.data ?? "");
        const read: Message = payloadConverter.fromPayload(
          payload(line.encoding, line.messageType, data),
        );
        // For the sake of what it shows: what differs.
        if (!isSame(schema, read, expected)) expect(read).toEqual(expected);
        expect(isSame(schema, read, expected)).toBe(true);
      }
    }
  });
});

/** A message with everything in it, and any others. */
function samples(schema: DescMessage): Message[] {
  const { seed } = fc.readConfigureGlobal();
  const others = fc.sample(arbitraryMessage(schema), { numRuns: 50, ...(seed && { seed }) });
  return [filled(schema).message, ...others];
}

function lineOf(written: ReturnType<typeof json.toPayload>): Line {
  if (!written?.data) throw new Error("the message has no payload");
  const { encoding = "", messageType = "" } = metadataOf(written);
  return { encoding, messageType, data: base64Encode(written.data) };
}
