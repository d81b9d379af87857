import { clone, create, type DescMessage, equals } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { timestampNow } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type ApiResourceAudit,
  ApiResourceAuditInfoSchema,
  ApiResourceAuditSchema,
  type ApiResourceMetadata,
} from "../apiresource.js";
import { copyOf } from "../execution/copy-of.js";
import type { Execution, ExecutionSpec } from "../execution/execution.js";
import { type ExecutionKind, idPrefixes } from "../execution/kinds.js";
import { schemas } from "../execution/schemas.js";
import { isTerminal } from "../handshake/index.js";
import { restoreSecrets } from "../redaction/restore-secrets.js";
import { shortenEncoded } from "../shorten-encoded.js";
import { hasCallbackToken } from "../token/index.js";
import { ExecutionPhase } from "../workflowexecution/v1.js";
import { createVersion, type Version } from "./version.js";

export type StatusOf<E extends Execution> = NonNullable<E["status"]>;

export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

export interface Page<E> {
  readonly totalPages: number;
  readonly entries: E[];
}

/**
 * The executions of one kind, with the contract's rules for creating and changing them. Requests
 * are valid already. What is returned is one version of an execution and never changes again.
 */
export interface ExecutionStore<E extends Execution> {
  create(request: E): E;
  /** Puts into a request to update, in place, the token and the secret values that it leaves empty. */
  restoreSecrets(request: E): void;
  update(request: E): E;
  updateStatus(id: string, status: StatusOf<E> | undefined): E;
  remove(id: string): E;
  get(id: string): E;
  find(id: string): E | undefined;
  list(page: PageRequest, matches: (execution: E) => boolean): Page<E>;
  subscribe(id: string, signal: AbortSignal): AsyncIterable<E>;
}

const nextPhases: Partial<Record<number, readonly number[]>> = {
  [ExecutionPhase.EXECUTION_PENDING]: [
    ExecutionPhase.EXECUTION_PENDING,
    ExecutionPhase.EXECUTION_IN_PROGRESS,
    ExecutionPhase.EXECUTION_FAILED,
    ExecutionPhase.EXECUTION_CANCELLED,
  ],
  [ExecutionPhase.EXECUTION_IN_PROGRESS]: [
    ExecutionPhase.EXECUTION_IN_PROGRESS,
    ExecutionPhase.EXECUTION_COMPLETED,
    ExecutionPhase.EXECUTION_FAILED,
    ExecutionPhase.EXECUTION_CANCELLED,
  ],
};

export function createExecutionStore<E extends Execution>(kind: ExecutionKind): ExecutionStore<E> {
  const schema = schemas[kind];
  const latest = new Map<string, Version<E>>();

  function versionOf(id: string): Version<E> {
    const version = latest.get(id);
    if (version === undefined)
      throw new ConnectError(`${shownId(id)} does not exist`, Code.NotFound);
    return version;
  }

  function publish(id: string, execution: E): E {
    latest.set(id, versionOf(id).publish(execution));
    return execution;
  }

  return {
    create(request) {
      const execution = copyOf(request);
      const metadata = metadataOf(execution);
      metadata.id ||= `${idPrefixes[kind]}-${crypto.randomUUID()}`;
      if (latest.has(metadata.id)) {
        throw new ConnectError(`${shownId(metadata.id)} exists already`, Code.AlreadyExists);
      }
      const now = timestampNow();
      const created = { createdAt: now, updatedAt: now, event: "created" };
      execution.status = create(schema.status, {
        phase: ExecutionPhase.EXECUTION_PENDING,
        audit: { specAudit: created, statusAudit: created },
      }) as StatusOf<E>;
      latest.set(metadata.id, createVersion(execution));
      return execution;
    },

    restoreSecrets(request) {
      const stored = latest.get(request.metadata?.id ?? "")?.value.spec;
      if (stored === undefined || request.spec === undefined) return;
      restoreSecrets(schema.spec, request.spec, stored);
    },

    update(request) {
      const { id } = metadataOf(request);
      const current = versionOf(id).value;
      refuseNewIdentity(metadataOf(current), metadataOf(request));
      refuseNewSpec(schema.spec, current, request);
      const status = clone(schema.status, statusOf(current)) as StatusOf<E>;
      status.audit = updated(status.audit, "specAudit");
      const next = withStatus(request, status);
      const { version } = metadataOf(current);
      if (version === undefined) delete metadataOf(next).version;
      else metadataOf(next).version = version;
      return publish(id, next);
    },

    updateStatus(id, request) {
      const current = versionOf(id).value;
      const { audit, phase } = statusOf(current);
      const status = clone(schema.status, present(request, "status")) as StatusOf<E>;
      status.audit = audit;
      if (isTerminal(current) && equals(schema.status, statusOf(current), status)) return current;
      if (nextPhases[phase]?.includes(status.phase) !== true) {
        throw new ConnectError(
          `${shownId(id)}: phase cannot go from ${phaseName(phase)} to ${phaseName(status.phase)}`,
          Code.FailedPrecondition,
        );
      }
      status.audit = updated(audit, "statusAudit");
      return publish(id, withStatus(current, status));
    },

    remove(id) {
      const { value } = versionOf(id);
      latest.delete(id);
      return value;
    },

    get: (id) => versionOf(id).value,

    find: (id) => latest.get(id)?.value,

    list({ pageSize, pageToken }, matches) {
      const size = pageSize || 50;
      const start = (Number(pageToken || 1) - 1) * size;
      const found = [...latest.values()].map(({ value }) => value).filter(matches);
      return {
        totalPages: Math.ceil(found.length / size),
        entries: found.slice(start, start + size),
      };
    },

    async *subscribe(id, signal) {
      for (let version = versionOf(id); ; version = await version.next(signal)) {
        yield version.value;
        if (isTerminal(version.value)) return;
      }
    },
  };
}

function refuseNewIdentity(current: ApiResourceMetadata, request: ApiResourceMetadata): void {
  for (const field of ["org", "slug", "ownerScope"] as const) {
    if (request[field] !== current[field]) {
      throw new ConnectError(
        `${shownId(current.id)}: metadata.${field === "ownerScope" ? "owner_scope" : field} is immutable`,
        Code.FailedPrecondition,
      );
    }
  }
}

function refuseNewSpec(schema: DescMessage, current: Execution, request: Execution): void {
  const before = clone(schema, specOf(current)) as ExecutionSpec;
  const after = specOf(request);
  if (equals(schema, before, after) && unknownOf(before) === unknownOf(after)) return;
  const isArmed = hasCallbackToken(before);
  before.callbackToken = after.callbackToken;
  const problem =
    !equals(schema, before, after) || unknownOf(before) !== unknownOf(after)
      ? "spec is immutable, except for its callback token"
      : !isArmed
        ? "spec.callback_token is immutable, because the execution was created without one"
        : isTerminal(current)
          ? "spec.callback_token is immutable, because the execution has ended"
          : undefined;
  if (problem !== undefined) {
    throw new ConnectError(
      `${shownId(metadataOf(current).id)}: ${problem}`,
      Code.FailedPrecondition,
    );
  }
}

/** The fields that a newer version of the contract has put into the spec. */
function unknownOf(spec: ExecutionSpec): string {
  return (spec.$unknown ?? [])
    .map(({ no, wireType, data }) => `${no}:${wireType}:${base64Encode(data)}`)
    .join();
}

function withStatus<E extends Execution>(execution: E, status: StatusOf<E>): E {
  const copy = copyOf(execution);
  copy.status = status;
  return copy;
}

function updated(
  audit: ApiResourceAudit | undefined,
  part: "specAudit" | "statusAudit",
): ApiResourceAudit {
  const copy =
    audit === undefined ? create(ApiResourceAuditSchema) : clone(ApiResourceAuditSchema, audit);
  copy[part] = create(ApiResourceAuditInfoSchema, {
    ...copy[part],
    updatedAt: timestampNow(),
    event: "updated",
  });
  return copy;
}

/** An id as an error may quote it: gRPC sends errors in metadata, which holds no long ones. */
export function shownId(id: string): string {
  return shortenEncoded(id, 200);
}

function metadataOf(execution: Execution): ApiResourceMetadata {
  return present(execution.metadata, "metadata");
}

function specOf(execution: Execution): ExecutionSpec {
  return present(execution.spec, "spec");
}

function statusOf<E extends Execution>(execution: E): StatusOf<E> {
  return present(execution.status as StatusOf<E> | undefined, "status");
}

function present<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Error(`expected ${field}, which validation requires`);
  return value;
}

function phaseName(phase: number): string {
  return ExecutionPhase[phase] ?? String(phase);
}
