import type { DescMessage } from "@bufbuild/protobuf";
import { fieldNamed, knownMessagesOf } from "./descriptors.js";
import type { Files } from "./rule.js";

type Successors = ReadonlyMap<DescMessage, ReadonlySet<DescMessage>>;

// Asked for by several rules about the same files.
const cache = new WeakMap<Files, Successors>();

/**
 * The messages that read today what was written as the given one: that of its name first, then those
 * that stand as types where it stood. Bytes have no names of messages: they find their reader by the
 * numbers of the fields that lead to them.
 */
export function successorsOf(was: DescMessage, files: Files, against: Files): Set<DescMessage> {
  const known = cache.get(against) ?? findSuccessors(files, against);
  cache.set(against, known);
  return new Set(known.get(was));
}

function findSuccessors(files: Files, against: Files): Successors {
  const found = new Map<DescMessage, Set<DescMessage>>();
  // No recursion, because a chain of messages may be longer than the stack.
  const pairs: (readonly [DescMessage, DescMessage])[] = [];
  const pair = (was: DescMessage | undefined, at: DescMessage | undefined) => {
    if (was === undefined || at === undefined) return;
    const all = found.get(was) ?? new Set();
    found.set(was, all);
    if (all.has(at)) return;
    all.add(at);
    pairs.push([was, at]);
  };
  for (const was of knownMessagesOf(against)) pair(was, files.message(was.typeName));
  for (const service of against.checked.flatMap(({ services }) => services)) {
    for (const rpc of service.methods) {
      const at = files.service(service.typeName)?.methods.find(({ name }) => name === rpc.name);
      // What an rpc takes may change for a message that has nothing to do with it: that is sent anew.
      if (!files.message(rpc.input.typeName)) pair(rpc.input, at?.input);
      if (!files.message(rpc.output.typeName)) pair(rpc.output, at?.output);
    }
  }
  for (const [was, at] of pairs) {
    for (const field of was.fields) {
      if (field.message === undefined) continue;
      const holder = at.fields.find(({ number }) => number === field.number);
      pair(field.message, (holder ?? fieldNamed(at, field.name))?.message);
    }
    for (const nested of was.nestedMessages) {
      pair(
        nested,
        at.nestedMessages.find(({ name }) => name === nested.name),
      );
    }
  }
  return found;
}

/** The messages of the same name in other versions of the package, such as v2 beside v1. */
export function otherVersionsOf({ typeName, file }: DescMessage, files: Files): DescMessage[] {
  const own = file.proto.package;
  const versionless = withoutVersion(own);
  if (versionless === own) return [];
  const packages = new Set(files.checked.map(({ proto }) => proto.package));
  return [...packages]
    .filter((name) => name !== own && name !== versionless)
    .filter((name) => withoutVersion(name) === versionless)
    .flatMap((name) => files.message(`${name}${typeName.slice(own.length)}`) ?? []);
}

function withoutVersion(packageName: string): string {
  return packageName.replace(/\.v\d+\w*$/, "");
}
