import { join } from "node:path";
import { findBaseline } from "../../scripts/gate/baseline.js";
import { apis, type Mutation } from "./mutations.js";
import {
  type Apis,
  type Block,
  blocksOf,
  fieldsOf,
  root,
  withoutUnusedImports,
} from "./mutations-apis.js";
import { type Finding, type Findings, runGate, runGateOnAll } from "./mutations-run.js";

const baseline = join(root, findBaseline().path);

/**
 * What the gate says about each mutation. Mutations of different blocks share a copy of the
 * contract, and copies share a workspace: a finding belongs to the mutation whose block it stands in.
 */
export async function checkAll(
  mutations: readonly Mutation[],
): Promise<ReadonlyMap<Mutation, Findings>> {
  const results = new Map<Mutation, Findings>();
  const shared = mutations.filter((it) => !it.alone);
  // The plugin looks for a token that is gone in every package: in a workspace of many copies it
  // would find the one that another copy has added.
  const [plain, others] = [shared.filter(({ base }) => !base), shared.filter(({ base }) => base)];
  for (const part of [plain.filter(addsToken), plain.filter((it) => !addsToken(it))]) {
    await checkTogether(part, apis, results);
  }
  const [{ base = apis } = {}] = others;
  await checkTogether(others, base, results);
  for (const mutation of mutations.filter((it) => it.alone)) {
    results.set(mutation, await runGate(mutated(apis, [mutation]), baseline));
  }
  return results;
}

async function checkTogether(
  mutations: readonly Mutation[],
  base: Apis,
  results: Map<Mutation, Findings>,
) {
  const bins: Mutation[][] = [];
  for (const mutation of mutations) {
    const bin = bins.find((others) => others.every((other) => canShare(mutation, other)));
    if (bin) bin.push(mutation);
    else bins.push([mutation]);
  }
  const copies = bins.map((bin) => mutated(base, bin));
  const found = await runGateOnAll(copies, base);
  for (const [index, bin] of bins.entries()) {
    const { lint = [], breaking = [] } = found[index] ?? {};
    const stray = new Set([...lint, ...breaking]);
    for (const mutation of bin) {
      const isMine = (finding: Finding) =>
        mutation.block === undefined || isInside(copies[index] ?? {}, mutation.block, finding);
      const mine = { lint: lint.filter(isMine), breaking: breaking.filter(isMine) };
      for (const finding of [...mine.lint, ...mine.breaking]) stray.delete(finding);
      results.set(mutation, mine);
    }
    if (stray.size > 0)
      throw new Error(`outside the changed blocks: ${JSON.stringify([...stray])}`);
  }
}

function addsToken({ edit, block }: Mutation): boolean {
  const places = (all: Apis) =>
    blocksOf(all)
      .filter((it) => it.keyword === "message")
      .filter((it) => fieldsOf(all, it).some(({ name }) => name === "callback_token"))
      .map(({ name }) => name);
  if (block !== undefined) return false;
  const before = places(apis);
  return places(edit(apis)).some((name) => !before.includes(name));
}

export function mutated(from: Apis, mutations: readonly Mutation[]): Apis {
  const edited = mutations.reduce((all, { edit }) => edit(all), from);
  return withoutUnusedImports(edited);
}

function isInside(
  all: Apis,
  { file, keyword, name }: Block,
  { path, start_line = 0 }: Finding,
): boolean {
  if (
    path === undefined ||
    path.split("/").slice(2).join("/") !== file.split("/").slice(1).join("/")
  )
    return false;
  const lines = (all[file] ?? "").split("\n");
  const start = lines.indexOf(`${keyword} ${name} {`) + 1;
  const end = lines.indexOf("}", start) + 1;
  return start <= start_line && start_line <= end;
}

/** Compatible changes of one kind share a copy, and so do changes of different blocks. */
function canShare(one: Mutation, other: Mutation): boolean {
  const isCompatible = Object.keys(one.expected).length === 0;
  if (isCompatible || Object.keys(other.expected).length === 0) {
    return isCompatible && one.kind === other.kind && one.noun !== "element";
  }
  return one.block !== undefined && other.block !== undefined && !isSame(one.block, other.block);
}

function isSame(one: Block, other: Block): boolean {
  return one.file === other.file && one.name === other.name;
}
