import type { JsonValue, Message } from "@bufbuild/protobuf";
import { objectsIn } from "./fixtures.js";
import { type AnyMessage, make, packed } from "./protos.js";

export const hidden = "correct horse battery staple";

/** A value for every field of Secrets that is a secret, by its name in the code. */
export const secretFields: Readonly<Record<string, unknown>> = {
  text: hidden,
  number: 7,
  big: 7n,
  ratio: 0.5,
  truth: true,
  data: new TextEncoder().encode(hidden),
  level: 1,
  message: { name: hidden },
  texts: [hidden, "another"],
  messages: [{ name: hidden }, {}],
  textByName: { name: hidden },
  messageByNumber: { 7: { name: hidden } },
  maybe: hidden,
  chosenText: hidden,
  chosenMessage: { name: hidden },
  any: packed(make("Plain", { name: hidden })),
  struct: { key: hidden },
  time: { seconds: 7n },
  wrapper: hidden,
  namedOtherwise: hidden,
};

/** A Secrets with one secret and a setting. */
export function secretsWith(name: string, value: unknown): AnyMessage {
  const secret = name.startsWith("chosen") ? { choice: { case: name, value } } : { [name]: value };
  return make("Secrets", { ...secret, setting: "stays" });
}

/** A message that has a secret, what must be left of it, and its JSON for a log. */
export const secret = {
  given: () => make("Secrets", { text: hidden, maybe: "", data: [1, 2], setting: "stays" }),
  left: () => make("Secrets", { setting: "stays" }),
  json: { text: "[redacted]", maybe: "[redacted]", data: "[redacted]", setting: "stays" },
};

/** The places of a Places that a message can stand in, and where it is in the JSON. */
export const places: readonly {
  place: string;
  around: (message: AnyMessage) => Record<string, unknown>;
  aroundJson: (json: JsonValue) => JsonValue;
}[] = [
  { place: "a field", around: (m) => ({ single: m }), aroundJson: (j) => ({ single: j }) },
  {
    place: "a list",
    around: (m) => ({ list: [{ setting: "before" }, m, {}] }),
    aroundJson: (j) => ({ list: [{ setting: "before" }, j, {}] }),
  },
  {
    place: "a map by text",
    around: (m) => ({ byText: { before: { setting: "before" }, key: m } }),
    aroundJson: (j) => ({ byText: { before: { setting: "before" }, key: j } }),
  },
  {
    place: "a map by number",
    around: (m) => ({ byNumber: { "-9007199254740993": m } }),
    aroundJson: (j) => ({ byNumber: { "-9007199254740993": j } }),
  },
  {
    place: "a map by truth value",
    around: (m) => ({ byTruth: { true: m, false: {} } }),
    aroundJson: (j) => ({ byTruth: { true: j, false: {} } }),
  },
  {
    place: "a oneof",
    around: (m) => ({ choice: { case: "chosen", value: m } }),
    aroundJson: (j) => ({ chosen: j }),
  },
  {
    place: "a message of the same type, deep down",
    around: (m) => ({ nested: { plain: { name: "x" }, nested: { nested: { list: [m] } } } }),
    aroundJson: (j) => ({ nested: { plain: { name: "x" }, nested: { nested: { list: [j] } } } }),
  },
  ...["__proto__", "constructor", "toString", "", "0", "a.b", '"'].map((key) => ({
    place: `a map under the key '${key}'`,
    around: (m: AnyMessage) => ({ byText: own(key, m) }),
    aroundJson: (j: JsonValue) => ({ byText: own(key, j) }),
  })),
];

/** Places that hold a message of another type, as only a cast can have it. */
export const misplacements: readonly {
  place: string;
  type: string;
  given: (other: Message) => AnyMessage;
}[] = [
  ...places.map(({ place, around }) => ({ place, around, type: "Secrets" })),
  { place: "a field that leads to no secret", around: (id: unknown) => ({ id }), type: "Id" },
].map(({ place, around, type }) => ({
  place,
  type,
  given: (other) => {
    const right = make(type);
    const message = make("Places", around(right));
    for (const object of objectsIn(message)) {
      for (const [key, value] of Object.entries(object)) {
        if (value === right) Reflect.defineProperty(object, key, { value: other });
      }
    }
    return message;
  },
}));

function own<T>(key: string, value: T): Record<string, T> {
  return Object.fromEntries([[key, value]]);
}
