import {
  createRegistry,
  type DescMessage,
  type DescMethod,
  type DescService,
  type Message,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createClient,
  createContextValues,
  type UnaryRequest,
} from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as connect from "../../src/connect/index.js";
import * as apis from "../../src/index.js";
import * as redaction from "../../src/redaction/index.js";
import * as validation from "../../src/validation/index.js";
import * as wire from "../../src/wire/index.js";
import { WorkflowExecutionQueryController } from "../../src/workflowexecution/v1.js";
import { findSecrets } from "../find-secrets.js";
import { messages, services, shortName } from "../redaction/contract.js";
import { objectsIn, textOf, textOfMessage } from "../redaction/fixtures.js";
import secretFields from "../secret-fields.json" with { type: "json" };
import { all } from "../testing/fixtures.js";
import { as, grpc, http1 } from "./connections.js";
import { type Filled, filled, isSecret, secretsOf } from "./filled.js";

// What must be hidden is hidden everywhere: in each message of the contract, and in each rpc. All of
// them are found by reflection, so that a later one is looked at too.

const { redact, toRedactedJson } = redaction;
const { callbackTokenGuard, redactingLogger } = connect;
const registry = createRegistry(...messages);
const mayRead = ({ header }: connect.GuardedCall) => header.get("caller") === "runner";

const rpcs = services.flatMap((service) =>
  service.methods.map((method) => ({ service, method, name: service.name })),
);
const connections = [http1, grpc];

/** How many of the secrets a text shows, in whatever form. */
function countIn(text: string, secrets: Filled["secrets"]): number {
  const found = findSecrets(text, secrets).map((form) => /^secret \d+/.exec(form)?.[0]);
  return new Set(found).size;
}

it("the leak test looks at all of the contract", () => {
  const contract = [...services, ...messages].map(({ typeName }) => typeName);
  expect(contract.filter((name) => !name.startsWith("ai.stigmer."))).toEqual([]);
  // Five services, each with at least four rpcs, and the messages that these take and give.
  expect(services).toHaveLength(5);
  expect(rpcs.length).toBeGreaterThanOrEqual(4 * services.length);
  expect(rpcs.filter(({ method }) => method.methodKind !== "unary")).toHaveLength(2);
  for (const { method } of rpcs) {
    for (const { typeName } of [method.input, method.output]) {
      if (!typeName.startsWith("google.protobuf.")) expect(contract).toContain(typeName);
    }
  }
  const marked = messages.flatMap(({ fields }) => fields.filter(isSecret));
  const names = marked.map(({ parent, name }) => `${parent.typeName}.${name}`);
  expect(names.sort()).toEqual(secretFields);
});

describe.each(messages.map((schema) => ({ schema, name: shortName(schema) })))(
  "$name",
  ({ schema }) => {
    it("shows no secret when it is redacted, and shows all without", () => {
      const { message, secrets, shown } = filled(schema);
      expect(secrets).toHaveLength(secretsOf(schema));
      expect(countIn(textOfMessage(schema, message), secrets)).toBe(secrets.length);

      const copy = redact(schema, message);
      const seen =
        textOfMessage(schema, copy) + textOfMessage(schema, redact(schema, message, { registry }));
      expect(findSecrets(seen, secrets)).toEqual([]);
      expect(shown.filter((text) => !seen.includes(text))).toEqual([]);
    });

    it("shows no secret in redacted JSON, and shows the marked fields without", () => {
      const { message, secrets, shown } = filled(schema);
      const inJson = secrets.length - unknownIn(message);
      expect(countIn(JSON.stringify(toJson(schema, message)), secrets)).toBe(inJson);

      for (const options of [{}, { registry }]) {
        const json = toRedactedJson(schema, message, options);
        const seen = textOf(json);
        expect(findSecrets(seen, secrets)).toEqual([]);
        expect(shown.filter((text) => !seen.includes(text))).toEqual([]);
        const marks = JSON.stringify(json).split(/\[redacted]|\d+ bytes, sha256:/).length - 1;
        expect(marks).toBe(inJson);
      }
    });
  },
);

/** How many unknown fields are in a message. */
function unknownIn(message: Message): number {
  return [...objectsIn(message)].filter((object) => "$unknown" in object).length;
}

describe.each(connections)("over $over", ({ serve }) => {
  const cases = rpcs.map((rpc) => ({ ...rpc, rpc: rpc.method.name }));

  it.each(cases)(
    "$name/$rpc shows a viewer no secret, and a reader all",
    async ({ service, method }) => {
      const [request, response] = [filled(method.input), filled(method.output)];
      const [lines, requests]: [unknown[], Message[]] = [[], []];
      const write = (...line: unknown[]) => void lines.push(line);
      const logger = redactingLogger({ info: write, debug: write });
      const routes = serving(service, method, async (message: Message) => {
        requests.push(message);
        return response.message;
      });
      const guard = callbackTokenGuard({ mayRead });
      const connected = await serve(routes, logger, guard, logger);
      const call = async (caller: string) => {
        const transport = connected(as(caller), logger);
        return textsOf(method, await callRpc(createClient(service, transport), method, request));
      };

      const viewed = await call("viewer");
      expect(findSecrets(viewed, response.secrets)).toEqual([]);
      expect(response.shown.filter((text) => !viewed.includes(text))).toEqual([]);
      const read = await call("runner");
      expect(countIn(read, response.secrets)).toBe(response.secrets.length);

      // The service got all that the request had,
      expect(requests).toHaveLength(2);
      for (const message of requests) {
        const text = textOfMessage(method.input, message);
        expect(countIn(text, request.secrets)).toBe(request.secrets.length);
      }
      // and of the six lines that each of the three loggers wrote, none shows what was in there.
      expect(lines.length).toBeGreaterThanOrEqual(2 * 3 * 3);
      expect(findSecrets(textOf(lines), [...request.secrets, ...response.secrets])).toEqual([]);
      const written = JSON.stringify(lines);
      const known = [...request.shown, ...response.shown];
      expect(known.filter((text) => !written.includes(text))).toEqual([]);
    },
  );

  it("the details of an error show a viewer no secret, and a reader all", async () => {
    const fill = messages.map((desc) => ({ desc, ...filled(desc) }));
    const secrets = fill.flatMap(({ secrets }) => secrets);
    const details = fill.flatMap(({ desc, message }) => [
      { desc, value: message },
      { type: desc.typeName, value: toBinary(desc, message) },
      { type: "test.Unheard", value: toBinary(desc, message) },
    ]);
    for (const options of [{}, { registry }]) {
      // A few at a time, for they travel in a header or a trailer.
      for (let start = 0; start < details.length; start += 3) {
        const some = details.slice(start, start + 3);
        const error = new ConnectError("refused", Code.FailedPrecondition, undefined, []);
        error.details = some;
        const { get } = WorkflowExecutionQueryController.method;
        const routes = serving(WorkflowExecutionQueryController, get, async () => {
          throw error;
        });
        const connected = await serve(routes, callbackTokenGuard({ mayRead, ...options }));
        const shown = async (caller: string) => {
          const { get } = createClient(WorkflowExecutionQueryController, connected(as(caller)));
          const refusal = (await get({}).catch((reason) => reason)) as ConnectError;
          expect(refusal.code).toBe(Code.FailedPrecondition);
          const values = refusal.details.map((detail) => ("type" in detail ? detail.value : []));
          return [...values.map((value) => Buffer.from(value).toString("latin1")), textOf(refusal)];
        };
        const own = fill[start / 3]?.secrets ?? [];
        const viewed = await shown("viewer");
        expect(viewed).toHaveLength("registry" in options ? 3 : 2);
        expect(findSecrets(viewed.join("\n"), own)).toEqual([]);
        expect(countIn((await shown("runner")).join("\n"), own)).toBe(own.length);
      }
    }
    expect(secrets.length).toBe(messages.reduce((sum, desc) => sum + secretsOf(desc), 0));
  });
});

/** A service with one rpc, which gives that answer, twice if it is a stream. */
function serving(
  service: DescService,
  { localName, methodKind }: DescMethod,
  answer: (request: Message) => Promise<Message>,
) {
  async function* stream(request: Message) {
    const message = await answer(request);
    yield message;
    yield message;
  }
  const handler = methodKind === "unary" ? answer : stream;
  return (router: ConnectRouter) => router.service(service, { [localName]: handler } as never);
}

async function callRpc(client: object, { localName, methodKind }: DescMethod, { message }: Filled) {
  const rpc = (client as Record<string, (request: Message) => unknown>)[localName];
  const answer = rpc?.(message);
  const answers =
    methodKind === "unary"
      ? [await (answer as Promise<Message>)]
      : await all(answer as AsyncIterable<Message>);
  expect(answers).toHaveLength(methodKind === "unary" ? 1 : 2);
  return answers;
}

function textsOf({ output }: DescMethod, answers: Message[]): string {
  return answers.map((answer) => textOfMessage(output, answer)).join("\n");
}

describe("with damaged messages and bytes", () => {
  const carriers = messages.filter(({ name }) => /^(Workflow|Agent)Execution(Spec)?$/.test(name));
  const functions = [apis, validation, wire, redaction].flatMap((entry) =>
    Object.entries<unknown>({ ...entry }).filter(
      ([name, value]) => typeof value === "function" && !name.endsWith("Error"),
    ),
  ) as [string, (...args: unknown[]) => unknown][];
  const fill = carriers.map((desc) => ({ desc, ...filled(desc, 1) }));
  const other = filled(messages.find(({ name }) => name === "ExecutionValue") as DescMessage);
  const secrets = [...fill, other].flatMap(({ secrets }) => secrets);
  const damaged = fill.flatMap(({ desc, message }) =>
    damages(message, other.message).map((message) => ({ desc, message })),
  );
  const encoded = fill.flatMap(({ desc, message }) =>
    damagedBytes(toBinary(desc, message)).map((bytes) => ({ desc, bytes })),
  );

  // Tens of thousands of errors are made here; where they come from would take most of the time.
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  it("there are many of them", () => {
    expect(carriers).toHaveLength(4);
    expect(damaged.length).toBeGreaterThan(1_000);
    expect(encoded.length).toBeGreaterThan(1_000);
    const names = ["getCallbackToken", "validateExecution", "peekCallbackToken", "redact"];
    expect(functions.map(([name]) => name)).toEqual(expect.arrayContaining(names));
  });

  it.each(functions)("%s throws no error that shows a secret", (name, call) => {
    const texts = new Set<string>();
    const changes = /^(set|clear|migrate)/.test(name);
    const shows = /^(redact|toRedactedJson|validateExecution)$/.test(name);
    let errors = 0;
    const collect = (...args: unknown[]) => {
      try {
        const result = call(...args);
        if (shows) addTexts(result, texts);
      } catch (error) {
        errors++;
        addTexts(error, texts);
      }
    };
    for (const { desc, message } of damaged) {
      const given = () => (changes ? structuredClone(message) : message);
      collect(given());
      collect(desc, given());
      collect(given(), secrets[0]);
    }
    for (const { desc, bytes } of encoded) {
      collect(bytes);
      collect(Buffer.from(bytes).toString("base64"));
      collect(desc.name, bytes);
      collect(desc.name, bytes, secrets[0]);
    }
    expect(errors).toBeGreaterThan(100);
    expect(findSecrets([...texts].join("\n"), secrets)).toEqual([]);
  });

  it("the same search finds what an error or a result shows", () => {
    const texts = new Set<string>();
    for (const { message } of [...fill, other]) addTexts(message, texts);
    expect(countIn([...texts].join("\n"), secrets)).toBe(secrets.length);
    texts.clear();
    for (const { message } of [...fill, other]) addTexts(new Error(textOf(message)), texts);
    expect(countIn([...texts].join("\n"), secrets)).toBe(secrets.length);
  });

  it("the guard and the logger let nothing through", async () => {
    const texts = new Set<string>();
    const codes = new Set<unknown>();
    let [lines, responses] = [0, 0];
    const write = (...line: unknown[]) => {
      lines++;
      addTexts(line, texts);
    };
    const logger = redactingLogger({ info: write, debug: write });
    const guard = callbackTokenGuard({ mayRead: () => false, registry });
    for (const { desc, message } of damaged) {
      const method = { name: "get", input: desc, output: desc };
      const { signal } = new AbortController();
      const [header, trailer, contextValues] = [
        new Headers(),
        new Headers(),
        createContextValues(),
      ];
      const given = { service: { typeName: "test" }, method, signal, contextValues };
      const call = { stream: false, ...given, message, header, trailer };
      async function* stream() {
        yield message;
      }
      for (const response of [call, { ...call, stream: true, message: stream() }]) {
        try {
          const handle = guard(logger((async () => response) as never));
          const { message } = await handle(call as unknown as UnaryRequest);
          const answers = Symbol.asyncIterator in message ? await all(message) : [message];
          responses += answers.length;
          addTexts(answers, texts);
        } catch (error) {
          codes.add((error as ConnectError).code);
          addTexts(error, texts);
        }
      }
    }
    expect([...codes]).toEqual([Code.Internal]);
    expect(responses).toBeGreaterThan(1_000);
    expect(lines).toBeGreaterThan(6 * damaged.length - 1);
    expect(findSecrets([...texts].join("\n"), secrets)).toEqual([]);
  });
});

/** The message with one thing wrong in it, at each place and in many ways. */
function damages(message: Message, other: Message): Message[] {
  const found: Message[] = [];
  const places = [...objectsIn(message)].filter(
    (object) => !(object instanceof ArrayBuffer || object instanceof Uint8Array),
  );
  for (const place of places as Record<string, unknown>[]) {
    for (const [key, right] of Object.entries(place)) {
      const wrong: unknown[] = [undefined, null, 7, "text", [], {}, Uint8Array.of(1, 2)];
      // A secret in another shape stays where it was.
      if (right instanceof Uint8Array) wrong.push([...right], textOf(right), right.buffer);
      if (typeof right === "object" && right !== null && "$typeName" in right) {
        wrong.push(other, { ...message }, [right], { key: right });
      }
      for (const damage of wrong) {
        place[key] = damage;
        found.push(structuredClone(message));
      }
      place[key] = right;
    }
  }
  return found;
}

function damagedBytes(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 17) {
    found.push(bytes.slice(0, at), bytes.slice(at));
    for (const flip of [0x01, 0x07, 0x80, 0xff]) {
      const copy = bytes.slice();
      copy[at] = (copy[at] ?? 0) ^ flip;
      found.push(copy);
    }
  }
  return found;
}

/** Adds all texts and bytes of a value to those that have been seen: of an error, what a log shows. */
function addTexts(value: unknown, seen: Set<string>): void {
  if (value instanceof Error) {
    seen.add(value.message).add(String(value.stack?.split("\n    at ")[0]));
    addTexts(value.cause, seen);
  }
  if (typeof value === "string") seen.add(value);
  for (const object of objectsIn(value)) {
    // A descriptor that an error names holds no values.
    if ("kind" in object && "proto" in object) continue;
    if (object instanceof Uint8Array || object instanceof ArrayBuffer) {
      seen.add(Buffer.from(object as Uint8Array).toString("latin1"));
      continue;
    }
    if (Array.isArray(object)) seen.add(object.filter((item) => typeof item === "number").join());
    for (const [key, part] of Object.entries(object)) {
      seen.add(key);
      if (typeof part === "string") seen.add(part);
    }
  }
}
