import { create, type Message } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { Code, type ConnectError, type Interceptor } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { ApiResourceOwnerScope } from "../../src/apiresource.js";
import { callbackTokenGuard } from "../../src/connect/index.js";
import { copyOf } from "../../src/execution/copy-of.js";
import type { Execution } from "../../src/execution/execution.js";
import { ExecutionValueSchema } from "../../src/executioncontext/v1.js";
import { isTerminal } from "../../src/handshake/index.js";
import { createActivityEngine, createExecutionService } from "../../src/testing/index.js";
import {
  type CallbackToken,
  callbackToken,
  clearCallbackToken,
  getCallbackToken,
  setCallbackToken,
} from "../../src/token/index.js";
import { ExecutionPhase } from "../../src/workflowexecution/v1.js";
import {
  all,
  connections,
  EXECUTION_CANCELLED,
  EXECUTION_COMPLETED,
  EXECUTION_FAILED,
  EXECUTION_IN_PROGRESS,
  EXECUTION_PENDING,
  end,
  endings,
  idOf,
  inMemory,
  kinds,
  newToken,
  present,
  refusal,
  soon,
  startWaiting,
  workflowKind,
} from "./fixtures.js";

const { InvalidArgument, NotFound, AlreadyExists, FailedPrecondition } = Code;

const cases = connections.flatMap(({ over, open }) =>
  kinds.map((kind) => ({ over, open, kind, name: kind.name })),
);

describe.each(cases)("the service for $name over $over", ({ open, kind }) => {
  async function connect() {
    const connection = await open(createExecutionService());
    return { ...connection, client: kind.connect(connection.transport) };
  }
  const missing = `${kind.idPrefix}-missing`;

  describe("create", () => {
    it("assigns every execution an id of its own, with the prefix of its kind", async () => {
      const { client } = await connect();
      const [one, two] = await Promise.all([
        client.create(kind.valid()),
        client.create(kind.valid()),
      ]);
      expect(idOf(one)).toMatch(new RegExp(`^${kind.idPrefix}.+`));
      expect(idOf(two)).not.toBe(idOf(one));
      expect(await client.get({ value: idOf(one) })).toEqual(one);
    });

    it("keeps a given id and refuses it the second time, without touching the first", async () => {
      const { client } = await connect();
      const id = `${kind.idPrefix}-mine`;
      const first = await client.create(kind.valid({ id, token: newToken() }));
      const error = await refusal(
        client.create(kind.valid({ id, token: newToken(), labels: { a: "b" } })),
        AlreadyExists,
      );
      expect(error.message).toContain(id);
      expect(idOf(first)).toBe(id);
      expect(await client.get({ value: id })).toEqual(first);
    });

    it("starts PENDING whatever status came, and keeps the rest as it came", async () => {
      const { client } = await connect();
      const id = `${kind.idPrefix}-1`;
      const status = { phase: EXECUTION_COMPLETED, error: "none" };
      const request = kind.valid({ id, status, token: newToken(), labels: { team: "a" } });
      const { metadata, spec, ...created } = await client.create(request);
      expect(created.status).toMatchObject({ phase: EXECUTION_PENDING, error: "" });
      expect(created.status?.audit?.specAudit?.createdAt).toBeDefined();
      expect({ metadata, spec }).toEqual({ metadata: request.metadata, spec: request.spec });
    });

    it("refuses an invalid execution with all violations, in the message and as a detail", async () => {
      const { client } = await connect();
      const request = kind.valid();
      request.apiVersion = "v0";
      request.kind = "Pod";
      delete request.metadata;
      breakSpec(request);
      const error = await refusal(client.create(request), InvalidArgument);
      const fields = [
        ["api_version", "string.const"],
        ["kind", "string.const"],
        ["metadata", "required"],
        ...(kind.idPrefix === "wex" ? [] : [["spec.message", "string.min_len"]]),
        ['spec.runtime_env["API_KEY"].value', "string.min_len"],
        ["spec.callback_token", "bytes.max_len"],
        ["spec", kind.idPrefix === "wex" ? "workflow.reference" : "agent.reference"],
      ];
      expect(violationsOf(error).map(({ field, reason }) => [field, reason])).toEqual(fields);
      for (const { field, description } of violationsOf(error)) {
        expect(error.message).toContain(`${field}: ${description}`);
      }
    });

    it("refuses a token of more than 8,192 bytes and takes one of 8,192", async () => {
      const { client } = await connect();
      const longest = callbackToken(new Uint8Array(8192).fill(7));
      expect(getCallbackToken(await client.create(kind.valid({ token: longest })))).toEqual(
        longest,
      );
      const tooLong = kind.valid();
      present(tooLong.spec).callbackToken = new Uint8Array(8193).fill(7);
      const error = await refusal(client.create(tooLong), InvalidArgument);
      expect(error.message).toContain("spec.callback_token: must be at most 8192 bytes");
    });
  });

  describe("update", () => {
    it("changes name, labels, annotations and tags, and nothing of the status", async () => {
      const { client } = await connect();
      const created = await client.create(kind.valid({ tags: ["old"], labels: { a: "1" } }));
      const running = await client.updateStatus(idOf(created), { phase: EXECUTION_IN_PROGRESS });
      const status = { phase: EXECUTION_FAILED, error: "not yours to say" };
      const request = kind.valid({
        id: idOf(created),
        tags: ["x", "y"],
        labels: { b: "2" },
        status,
      });
      Object.assign(present(request.metadata), { name: "New", annotations: { note: "n" } });
      const updated = await client.update(request);
      expect(updated.metadata).toEqual(request.metadata);
      expect(updated.status).toMatchObject({ phase: EXECUTION_IN_PROGRESS, error: "" });
      expect(updated.status?.audit?.statusAudit).toEqual(running.status?.audit?.statusAudit);
      expect(await client.get({ value: idOf(created) })).toEqual(updated);
    });

    it("re-arms an execution that has not ended", async () => {
      const { client } = await connect();
      const request = kind.valid({ id: `${kind.idPrefix}-1`, token: newToken() });
      await client.create(request);
      for (const phase of [EXECUTION_PENDING, EXECUTION_IN_PROGRESS]) {
        await client.updateStatus(idOf(request), { phase });
        const token = newToken();
        setCallbackToken(request, token);
        expect(getCallbackToken(await client.update(request))).toEqual(token);
        expect(getCallbackToken(await client.get({ value: idOf(request) }))).toEqual(token);
      }
    });

    it.each(endings)(
      "takes the same token again, but no other, once $outcome",
      async ({ phase }) => {
        const { client } = await connect();
        const request = kind.valid({ id: `${kind.idPrefix}-1`, token: newToken() });
        await client.create(request);
        await end(client, idOf(request), phase);
        const same = await client.update(request);
        expect(same.spec).toEqual(request.spec);
        setCallbackToken(request, newToken());
        const error = await refusal(client.update(request), FailedPrecondition);
        expect(error.message).toMatch(/spec\.callback_token .*has ended/);
        expect(await client.get({ value: idOf(request) })).toEqual(same);
      },
    );

    it.each<[what: string, change: (request: Execution) => unknown, names: string]>([
      ["another spec", (e) => changeSpec(e), "spec is immutable"],
      [
        "another environment",
        (e) => delete present(e.spec).runtimeEnv.API_KEY,
        "spec is immutable",
      ],
      [
        "a new token and another spec",
        (e) => {
          setCallbackToken(e, newToken());
          changeSpec(e);
        },
        "spec is immutable",
      ],
      ["another org", (e) => Object.assign(present(e.metadata), { org: "other" }), "metadata.org"],
      ["another slug", (e) => Object.assign(present(e.metadata), { slug: "x" }), "metadata.slug"],
    ])("refuses %s and changes nothing", async (_what, change, names) => {
      const { client } = await connect();
      const request = kind.valid({ id: `${kind.idPrefix}-1`, token: newToken() });
      const created = await client.create(request);
      change(request);
      const error = await refusal(client.update(request), FailedPrecondition);
      expect(error.message).toContain(names);
      expect(await client.get({ value: idOf(request) })).toEqual(created);
    });

    it("refuses to arm an execution that was created without a token", async () => {
      const { client } = await connect();
      const request = kind.valid({ id: `${kind.idPrefix}-1` });
      const created = await client.create(request);
      setCallbackToken(request, newToken());
      const error = await refusal(client.update(request), FailedPrecondition);
      expect(error.message).toContain("spec.callback_token");
      expect(await client.get({ value: idOf(request) })).toEqual(created);
    });

    it("refuses an empty id, an invalid execution and an id that nobody has", async () => {
      const { client } = await connect();
      const nameless = kind.valid({ token: newToken() });
      nameless.apiVersion = "v0";
      const error = await refusal(client.update(nameless), InvalidArgument);
      expect(violationsOf(error).map(({ field }) => field)).toEqual(["api_version", "metadata.id"]);
      await refusal(client.update(kind.valid({ id: missing, token: newToken() })), NotFound);
    });

    it("keeps the stored secrets of an update that has them empty, as a viewer gets them", async () => {
      const { client } = await connect();
      const request = kind.valid({ token: newToken() });
      const env = present(request.spec).runtimeEnv;
      env.REGION = create(ExecutionValueSchema, { value: "eu" });
      const created = await client.create(request);
      const update = await client.get({ value: idOf(created) });
      present(present(update.spec).runtimeEnv.API_KEY).value = "";
      Object.assign(present(update.metadata), { labels: { team: "night" } });
      const updated = await client.update(update);
      expect(updated.metadata?.labels).toEqual({ team: "night" });
      expect(updated.spec).toEqual(created.spec);
      expect((await client.get({ value: idOf(created) })).spec).toEqual(created.spec);
    });

    it("refuses an update that makes a value empty that is no secret, or a secret none", async () => {
      const { client } = await connect();
      const request = kind.valid({ id: `${kind.idPrefix}-1`, token: newToken() });
      present(request.spec).runtimeEnv.REGION = create(ExecutionValueSchema, { value: "eu" });
      const created = await client.create(request);
      for (const key of ["REGION", "API_KEY"]) {
        const update = copyOf(created);
        Object.assign(present(present(update.spec).runtimeEnv[key]), {
          value: "",
          isSecret: false,
        });
        const error = await refusal(client.update(update), InvalidArgument);
        expect(violationsOf(error).map(({ field }) => field)).toEqual([
          `spec.runtime_env["${key}"].value`,
        ]);
      }
      expect(await client.get({ value: idOf(request) })).toEqual(created);
    });

    it("refuses another secret, and one of a new key that is empty", async () => {
      const { client } = await connect();
      const request = kind.valid({ id: `${kind.idPrefix}-1`, token: newToken() });
      const created = await client.create(request);
      const other = copyOf(created);
      present(present(other.spec).runtimeEnv.API_KEY).value = "rotated";
      const error = await refusal(client.update(other), FailedPrecondition);
      expect(error.message).toContain("spec is immutable");
      const added = copyOf(created);
      present(added.spec).runtimeEnv.NEW = create(ExecutionValueSchema, { isSecret: true });
      await refusal(client.update(added), InvalidArgument);
      expect(await client.get({ value: idOf(request) })).toEqual(created);
    });

    // A viewer cannot tell an execution with a token from one without, so it cannot mean to remove it.
    it.each([
      ["while it runs", EXECUTION_IN_PROGRESS],
      ["after its end", EXECUTION_CANCELLED],
    ])("keeps the token of an update without one, %s", async (_, phase) => {
      const { client } = await connect();
      const created = await client.create(kind.valid({ token: newToken() }));
      const { status } = await client.updateStatus(idOf(created), { phase });
      const update = copyOf(created);
      clearCallbackToken(update);
      Object.assign(present(update.metadata), { labels: { team: "night" } });
      const updated = await client.update(update);
      expect(updated.spec).toEqual(created.spec);
      expect(updated.metadata?.labels).toEqual({ team: "night" });
      expect(updated.status?.phase).toBe(status?.phase);
      expect((await client.get({ value: idOf(created) })).spec).toEqual(created.spec);
    });

    it("keeps fields that this version of the contract does not know", async () => {
      const { client } = await connect();
      const request = kind.valid({ token: newToken() });
      const expected = {
        $unknown: unknown(request, 5001),
        metadata: { $unknown: unknown(request.metadata, 5002) },
        spec: { $unknown: unknown(request.spec, 5003) },
      };
      const execution = await client.create(request);
      setCallbackToken(execution, newToken());
      present(execution.metadata).labels = { a: "b" };
      expect(await client.update(execution)).toMatchObject(expected);
      expect(await end(client, idOf(execution), EXECUTION_FAILED)).toMatchObject(expected);
      expect(await client.get({ value: idOf(execution) })).toMatchObject(expected);
    });
  });

  it("sees a change of a field that this version of the contract does not know", async () => {
    const { client } = await connect();
    const request = kind.valid({ token: newToken() });
    unknown(request.spec, 5001);
    const created = await client.create(request);
    const changed = await client.get({ value: idOf(created) });
    unknown(changed.spec, 5002);
    await refusal(client.update(changed), FailedPrecondition);
    expect(await client.get({ value: idOf(created) })).toEqual(created);
  });

  describe("updateStatus", () => {
    it("lets a phase go where the contract lets it go, and nowhere else", async () => {
      const { client } = await connect();
      const phases = [1, 2, 3, 4, 5];
      const accepted: Record<string, string[]> = {};
      for (const from of phases) {
        const row: string[] = [];
        accepted[present(ExecutionPhase[from])] = row;
        for (const to of phases) {
          const id = idOf(await client.create(kind.valid()));
          if (isTerminal(kind.valid({ status: { phase: from } }))) await end(client, id, from);
          else await client.updateStatus(id, { phase: from });
          const before = await client.get({ value: id });
          const change = client.updateStatus(id, { phase: to, error: "changed" });
          const phase = await change.then(({ status }) => status?.phase).catch(() => undefined);
          if (phase === undefined) {
            const error = await refusal(change, FailedPrecondition);
            expect(error.message).toContain(`${ExecutionPhase[from]} to ${ExecutionPhase[to]}`);
            expect(await client.get({ value: id })).toEqual(before);
          } else {
            row.push(present(ExecutionPhase[phase]));
          }
        }
      }
      expect(accepted).toEqual({
        EXECUTION_PENDING: [
          "EXECUTION_PENDING",
          "EXECUTION_IN_PROGRESS",
          "EXECUTION_FAILED",
          "EXECUTION_CANCELLED",
        ],
        EXECUTION_IN_PROGRESS: [
          "EXECUTION_IN_PROGRESS",
          "EXECUTION_COMPLETED",
          "EXECUTION_FAILED",
          "EXECUTION_CANCELLED",
        ],
        EXECUTION_COMPLETED: [],
        EXECUTION_FAILED: [],
        EXECUTION_CANCELLED: [],
      });
    });

    it("replaces the whole status except its audit, and nothing of the spec", async () => {
      const { client } = await connect();
      const request = kind.valid({ token: newToken() });
      const created = await client.create(request);
      const id = idOf(created);
      const startedAt = "2026-01-31T12:00:00Z";
      await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS, startedAt, error: "careful" });
      const { status, spec } = await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
      expect(status).toMatchObject({ phase: EXECUTION_IN_PROGRESS, startedAt: "", error: "" });
      expect(status?.audit?.specAudit).toEqual(created.status?.audit?.specAudit);
      expect(status?.audit?.statusAudit?.event).toBe("updated");
      expect(spec).toEqual(request.spec);
    });

    it.each(endings)(
      "takes the identical status again once $outcome, but no other",
      async (ending) => {
        const { client } = await connect();
        const id = idOf(await client.create(kind.valid({ token: newToken() })));
        const ended = await end(client, id, ending.phase, "why");
        const status = { phase: ending.phase, error: "why" };
        expect(await client.updateStatus(id, status)).toEqual(ended);
        await refusal(client.updateStatus(id, { ...status, error: "why not" }), FailedPrecondition);
        expect(await client.get({ value: id })).toEqual(ended);
      },
    );

    it("refuses a status without a phase, one with an undefined phase, and none", async () => {
      const { client } = await connect();
      const id = idOf(await client.create(kind.valid({ token: newToken() })));
      const none = await refusal(client.updateStatus(id, { phase: 0 }), InvalidArgument);
      expect(none.message).toContain("status: phase must be specified");
      const undefinedOne = client.updateStatus(id, { phase: 99 as number });
      expect((await refusal(undefinedOne, InvalidArgument)).message).toContain("status.phase:");
      await refusal(client.updateStatus(id), InvalidArgument);
    });

    it("refuses an empty id and an id that nobody has", async () => {
      const { client } = await connect();
      await refusal(client.updateStatus("", { phase: EXECUTION_FAILED }), InvalidArgument);
      await refusal(client.updateStatus(missing, { phase: EXECUTION_FAILED }), NotFound);
    });
  });

  describe("get and delete", () => {
    it.each(endings)("delete returns the last state of a $outcome execution", async ({ phase }) => {
      const { client } = await connect();
      const id = idOf(await client.create(kind.valid({ token: newToken() })));
      const last = await end(client, id, phase, "why");
      expect(await client.delete({ value: id })).toEqual(last);
      await refusal(client.get({ value: id }), NotFound);
      await refusal(client.delete({ value: id }), NotFound);
      expect((await client.list({})).entries).toEqual([]);
    });

    it("delete cancels an execution that has not ended", async () => {
      const { client } = await connect();
      const id = idOf(await client.create(kind.valid()));
      expect((await client.delete({ value: id })).status?.phase).toBe(EXECUTION_CANCELLED);
      await refusal(client.get({ value: id }), NotFound);
    });

    it("refuse an empty id and an id that nobody has", async () => {
      const { client } = await connect();
      for (const call of [client.get, client.delete]) {
        await refusal(call({ value: "" }), InvalidArgument);
        await refusal(call({ value: missing }), NotFound);
      }
    });
  });

  describe("list", () => {
    it("gives pages of 50, or of up to 100, in the order of creation", async () => {
      const { client } = await connect();
      const ids: string[] = [];
      for (let i = 0; i < 103; i++) ids.push(idOf(await client.create(kind.valid())));
      await client.updateStatus(present(ids[0]), { phase: EXECUTION_IN_PROGRESS });
      for (const list of [
        client.list,
        (request: object) => client.listOf(parentOf(kind), request),
      ]) {
        const page = async (pageSize: number, pageToken: string) => {
          const { totalPages, entries } = await list({ pageSize, pageToken });
          return { totalPages, ids: entries.map(idOf) };
        };
        expect(await page(0, "")).toEqual({ totalPages: 3, ids: ids.slice(0, 50) });
        expect(await page(0, "1")).toEqual({ totalPages: 3, ids: ids.slice(0, 50) });
        expect(await page(0, "2")).toEqual({ totalPages: 3, ids: ids.slice(50, 100) });
        expect(await page(0, "3")).toEqual({ totalPages: 3, ids: ids.slice(100) });
        expect(await page(100, "")).toEqual({ totalPages: 2, ids: ids.slice(0, 100) });
        expect(await page(100, "2")).toEqual({ totalPages: 2, ids: ids.slice(100) });
        expect(await page(1, "103")).toEqual({ totalPages: 103, ids: ids.slice(102) });
        expect(await page(1, "104")).toEqual({ totalPages: 103, ids: [] });
        expect(await page(100, "999999999")).toEqual({ totalPages: 2, ids: [] });
      }
    });

    it("filters by phase and by tags, which must all be there, and counts what is left", async () => {
      const { client } = await connect();
      const add = async (phase: ExecutionPhase, tags: string[]) =>
        idOf(await end(client, idOf(await client.create(kind.valid({ tags }))), phase));
      const a = await add(EXECUTION_FAILED, ["red"]);
      const b = await add(EXECUTION_FAILED, ["red", "big"]);
      const c = await add(EXECUTION_COMPLETED, ["big", "red", "old"]);
      const d = idOf(await client.create(kind.valid()));
      const found = async (request: object) => {
        const { entries, totalPages } = await client.list({ pageSize: 2, ...request });
        return [totalPages, ...entries.map(idOf)];
      };
      expect(await found({})).toEqual([2, a, b]);
      expect(await found({ pageToken: "2" })).toEqual([2, c, d]);
      expect(await found({ phase: EXECUTION_FAILED })).toEqual([1, a, b]);
      expect(await found({ phase: EXECUTION_PENDING })).toEqual([1, d]);
      expect(await found({ phase: EXECUTION_CANCELLED })).toEqual([0]);
      expect(await found({ tags: ["red"], pageToken: "2" })).toEqual([2, c]);
      expect(await found({ tags: ["red", "big"] })).toEqual([1, b, c]);
      expect(await found({ tags: ["red", "big"], phase: EXECUTION_FAILED })).toEqual([1, b]);
      expect(await found({ tags: ["red", "small"] })).toEqual([0]);
    });

    it("of one workflow or session holds only its executions", async () => {
      const { client } = await connect();
      const mine = idOf(await client.create(kind.valid({ parent: "p-1" })));
      await client.create(kind.valid({ parent: "p-2" }));
      const { entries, totalPages } = await client.listOf("p-1", {});
      expect([totalPages, ...entries.map(idOf)]).toEqual([1, mine]);
      expect(await client.listOf("p-3", {})).toMatchObject({ totalPages: 0, entries: [] });
      await refusal(client.listOf("", {}), InvalidArgument);
    });

    it.each([
      { pageSize: 101 },
      { pageSize: -1 },
      { pageToken: "0" },
      { pageToken: "x" },
      { pageToken: "-1" },
      { pageToken: "1.5" },
      { pageToken: "01" },
      { pageToken: " 1" },
      { pageToken: "1e3" },
    ])("refuses %o", async (request) => {
      const { client } = await connect();
      const field = "pageSize" in request ? "page_size" : "page_token";
      for (const call of [client.list(request), client.listOf(parentOf(kind), request)]) {
        const error = await refusal(call, InvalidArgument);
        expect(violationsOf(error).map((violation) => violation.field)).toEqual([field]);
      }
    });

    it("refuses a phase that is not defined", async () => {
      const { client } = await connect();
      await refusal(client.list({ phase: 99 as number }), InvalidArgument);
    });
  });

  describe("subscribe", () => {
    it("gives the current state at once, then every change in order to a slow reader", async () => {
      const { client } = await connect();
      const id = idOf(await client.create(kind.valid({ token: newToken(), labels: { n: "0" } })));
      const stream = client.subscribe(id)[Symbol.asyncIterator]();
      const states = [(await stream.next()).value as Execution];
      // Nothing is read while all of this happens.
      for (let n = 1; n <= 30; n++) {
        const labels = { n: String(n) };
        await client.update(
          kind.valid({ id, labels, token: present(getCallbackToken(present(states[0]))) }),
        );
      }
      await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
      const last = await client.updateStatus(id, { phase: EXECUTION_COMPLETED });
      states.push(...(await all({ [Symbol.asyncIterator]: () => stream })));
      const labels = states.map(({ metadata }) => metadata?.labels.n);
      expect(labels).toEqual([...Array(31).keys(), 30, 30].map(String));
      expect(states.slice(-3).map(({ status }) => status?.phase)).toEqual([1, 2, 3]);
      expect(states.at(-1)).toEqual(last);
    });

    it.each(endings)("gives a $outcome execution once and ends", async ({ phase }) => {
      const { client } = await connect();
      const id = idOf(await client.create(kind.valid()));
      const ended = await end(client, id, phase, "why");
      expect(await all(client.subscribe(id))).toEqual([ended]);
    });

    it("serves several readers, each from the state it came at", async () => {
      const { client, openStreams } = await connect();
      const id = idOf(await client.create(kind.valid()));
      const early = [1, 2, 3].map(() => all(client.subscribe(id)));
      await vi.waitFor(() => expect(openStreams()).toBe(3), soon);
      await client.updateStatus(id, { phase: EXECUTION_IN_PROGRESS });
      const late = all(client.subscribe(id));
      await vi.waitFor(() => expect(openStreams()).toBe(4), soon);
      await client.updateStatus(id, { phase: EXECUTION_FAILED });
      const phases = (states: Execution[]) => states.map(({ status }) => status?.phase);
      for (const states of await Promise.all(early)) expect(phases(states)).toEqual([1, 2, 4]);
      expect(phases(await late)).toEqual([2, 4]);
      await vi.waitFor(() => expect(openStreams()).toBe(0), soon);
    });

    it("ends for a reader that goes away, and for nobody else", async () => {
      const { client, openStreams } = await connect();
      const id = idOf(await client.create(kind.valid()));
      const leave = new AbortController();
      const stream = client.subscribe(id, { signal: leave.signal })[Symbol.asyncIterator]();
      await stream.next();
      const staying = all(client.subscribe(id));
      await vi.waitFor(() => expect(openStreams()).toBe(2), soon);
      leave.abort();
      await refusal(stream.next(), Code.Canceled);
      await vi.waitFor(() => expect(openStreams()).toBe(1), soon);
      await client.updateStatus(id, { phase: EXECUTION_CANCELLED });
      expect((await staying).map(({ status }) => status?.phase)).toEqual([1, 5]);
    });

    it("ends with the cancelled state when the execution is deleted", async () => {
      const { client, openStreams } = await connect();
      const id = idOf(await client.create(kind.valid()));
      const states = all(client.subscribe(id));
      await vi.waitFor(() => expect(openStreams()).toBe(1), soon);
      const deleted = await client.delete({ value: id });
      expect((await states).at(-1)).toEqual(deleted);
    });

    it("refuses an empty id and an id that nobody has", async () => {
      const { client } = await connect();
      await refusal(all(client.subscribe("")), InvalidArgument);
      await refusal(all(client.subscribe(missing)), NotFound);
    });
  });
});

describe.each(kinds)("a viewer of a $name, behind callbackTokenGuard", (kind) => {
  async function connect(token?: CallbackToken) {
    const service = createExecutionService();
    const guard = callbackTokenGuard({ mayRead: () => false });
    const open = kind.connect((await inMemory(service)).transport);
    const guarded = kind.connect((await inMemory(service, { interceptors: [guard] })).transport);
    const created = await open.create(kind.valid(token && { token }));
    const seen = await guarded.get({ value: idOf(created) });
    expect(present(seen.spec).runtimeEnv.API_KEY?.value).toBe("");
    Object.assign(present(seen.metadata), { labels: { team: "night" } });
    return { open, guarded, created, seen };
  }

  it("updates labels without knowing the secrets, and sees none", async () => {
    const { open, guarded, created, seen } = await connect();
    const updated = await guarded.update(seen);
    expect(updated.metadata?.labels).toEqual({ team: "night" });
    expect(present(updated.spec).runtimeEnv.API_KEY?.value).toBe("");
    expect((await open.get({ value: idOf(created) })).spec).toEqual(created.spec);
  });

  it("that is the caller re-arms without knowing the secrets", async () => {
    const { open, guarded, created, seen } = await connect(newToken());
    const token = newToken();
    setCallbackToken(seen, token);
    await guarded.update(seen);
    setCallbackToken(created, token);
    expect((await open.get({ value: idOf(created) })).spec).toEqual(created.spec);
  });

  it("takes away no token that it does not see, and updates labels all the same", async () => {
    const { open, guarded, created, seen } = await connect(newToken());
    const updated = await guarded.update(seen);
    expect(updated.metadata?.labels).toEqual({ team: "night" });
    expect(present(updated.spec).callbackToken).toHaveLength(0);
    expect((await open.get({ value: idOf(created) })).spec).toEqual(created.spec);
  });
});

describe.each(kinds)("an activity that waits for a $name", (kind) => {
  it("is told when the execution is deleted before it has ended", async () => {
    const engine = createActivityEngine();
    const { transport } = await inMemory(createExecutionService({ completer: engine }));
    const client = kind.connect(transport);
    const { handle, token } = await startWaiting(engine);
    const id = idOf(await client.create(kind.valid({ token: token() })));
    const { status } = await client.delete({ value: id });
    expect(await handle.result).toEqual({ outcome: "cancelled", status });
  });

  it("is not told again when the execution has ended before it is deleted", async () => {
    const engine = createActivityEngine();
    const { transport } = await inMemory(createExecutionService({ completer: engine }));
    const client = kind.connect(transport);
    const { token } = await startWaiting(engine);
    const id = idOf(await client.create(kind.valid({ token: token() })));
    await end(client, id, EXECUTION_COMPLETED);
    await client.delete({ value: id });
    expect(await engine.heartbeat(token())).toBe("recorded");
  });
});

it("the service is reached through the interceptors of the server that it is mounted on", async () => {
  const seen: string[] = [];
  const log: Interceptor = (next) => (request) => {
    seen.push(request.method.name);
    return next(request);
  };
  const { transport } = await inMemory(createExecutionService(), { interceptors: [log] });
  await workflowKind.connect(transport).create(workflowKind.valid());
  expect(seen).toEqual(["create"]);
});

it("a workflow execution's owner scope does not change", async () => {
  const { transport } = await inMemory(createExecutionService());
  const client = workflowKind.connect(transport);
  const request = workflowKind.valid({ id: "wex-1" });
  await client.create(request);
  present(request.metadata).ownerScope = ApiResourceOwnerScope.identity_account;
  const error = await refusal(client.update(request), FailedPrecondition);
  expect(error.message).toContain("metadata.owner_scope");
});

/** Replaces the unknown fields of a message by this one. */
function unknown(message: Message | undefined, no: number) {
  const field = { no, wireType: WireType.Varint, data: Uint8Array.of(no % 100) };
  present(message).$unknown = [field];
  return [field];
}

function changeSpec(execution: Execution): void {
  if (execution.spec?.$typeName.endsWith("WorkflowExecutionSpec")) {
    Object.assign(execution.spec, { triggerMessage: "something else" });
  } else {
    Object.assign(present(execution.spec), { message: "something else" });
  }
}

/** Everything that can be wrong with a spec at once. */
function breakSpec(execution: Execution): void {
  const wrong = {
    workflowId: "",
    sessionId: "",
    message: "",
    callbackToken: new Uint8Array(8193).fill(7),
  };
  const spec = present(execution.spec);
  for (const [field, value] of Object.entries(wrong)) {
    if (field in spec) Object.assign(spec, { [field]: value });
  }
  present(spec.runtimeEnv.API_KEY).value = "";
}

interface FieldViolation {
  field: string;
  description: string;
  reason: string;
}

/** The google.rpc.BadRequest detail, decoded by hand after google/rpc/error_details.proto. */
function violationsOf(error: ConnectError): FieldViolation[] {
  expect(error.details).toHaveLength(1);
  const detail = present(error.details[0]);
  if (!("type" in detail)) throw new Error("expected a detail that came over the wire");
  expect(detail.type).toBe("google.rpc.BadRequest");
  return fieldsOf(detail.value).map(([number, bytes]) => {
    expect(number).toBe(1);
    const texts = new Map(
      fieldsOf(bytes).map(([no, text]) => [no, new TextDecoder().decode(text)]),
    );
    return {
      field: present(texts.get(1)),
      description: present(texts.get(2)),
      reason: present(texts.get(3)),
    };
  });
}

function fieldsOf(bytes: Uint8Array): [number: number, value: Uint8Array][] {
  const reader = new BinaryReader(bytes);
  const fields: [number, Uint8Array][] = [];
  while (reader.pos < reader.len) {
    const [number] = reader.tag();
    fields.push([number, reader.bytes()]);
  }
  return fields;
}

function parentOf(kind: { idPrefix: string }): string {
  return kind.idPrefix === "wex" ? "wf-1" : "ses-1";
}
