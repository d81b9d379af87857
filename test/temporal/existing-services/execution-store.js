// What the existing services do with executions of one kind, where it differs from the contract, too.

import { clone, create } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { Code, ConnectError } from "@connectrpc/connect";
import { ApiResourceMetadataSchema } from "@stigmer/apis/apiresource";
import { ExecutionPhase } from "@stigmer/apis/workflowexecution/v1";

/** @import { DescMessage } from "@bufbuild/protobuf" */
/** @import { Execution } from "@stigmer/apis" */

/**
 * What tells the two kinds apart.
 *
 * @template {Execution} E
 * @typedef {object} Kind
 * @property {DescMessage} schema
 * @property {DescMessage} statusSchema
 * @property {string} idPrefix
 * @property {boolean} isUniqueBySlug
 * @property {(execution: E) => void} resolveDefaults fills in what the request has left open
 */

/**
 * @template {Execution} E
 * @typedef {ReturnType<typeof createExecutionStore<E>>} ExecutionStore
 */

/**
 * The executions of one kind. Nothing that is returned is ever changed.
 *
 * @template {Execution} E
 * @param {Kind<E>} kind
 * @param {Iterable<[string, E]>} stored by id
 * @param {(id: string, execution: E | undefined) => void} keep makes a change last; undefined for a deletion
 */
export function createExecutionStore(kind, stored, keep) {
  const executions = new Map(stored);
  /** @type {Set<(id: string, execution: E) => void>} */
  const listeners = new Set();

  /** @param {string} id */
  function get(id) {
    const execution = executions.get(id);
    if (execution === undefined) {
      throw new ConnectError(`${kind.schema.name} with id '${id}' not found`, Code.NotFound);
    }
    return execution;
  }

  /**
   * @param {string} id
   * @param {E} execution
   */
  function put(id, execution) {
    keep(id, execution);
    executions.set(id, execution);
    for (const listener of listeners) listener(id, execution);
    return execution;
  }

  /** @param {string} slug */
  function refuseTaken(slug) {
    for (const { metadata } of executions.values()) {
      if (metadata?.slug !== slug) continue;
      throw stepFailed(
        `${kind.schema.name} with slug '${slug}' already exists (id: ${metadata.id})`,
      );
    }
  }

  return {
    get,

    all: () => [...executions.values()],

    /**
     * Overwrites an execution that has the id already.
     *
     * @param {E} request
     */
    create(request) {
      const execution = /** @type {E} */ (clone(kind.schema, request));
      const metadata = metadataOf(execution);
      if (!metadata.name) throw stepFailed("resource name is empty, cannot generate slug");
      metadata.slug = slugOf(metadata.name);
      if (kind.isUniqueBySlug) refuseTaken(metadata.slug);
      metadata.id ||= `${kind.idPrefix}-${crypto.randomUUID()}`;
      kind.resolveDefaults(execution);
      execution.status = /** @type {E["status"]} */ (
        create(kind.statusSchema, { phase: ExecutionPhase.EXECUTION_PENDING })
      );
      return put(metadata.id, execution);
    },

    /**
     * Takes the request as it is: whoever comes last wins, whether the execution has ended or not.
     *
     * @param {E} request
     */
    update(request) {
      const current = get(request.metadata?.id ?? "");
      const next = /** @type {E} */ (clone(kind.schema, request));
      const { id, slug, org } = metadataOf(current);
      Object.assign(metadataOf(next), { id, slug, org });
      next.status = current.status;
      return put(id, next);
    },

    /**
     * Takes from the status what it says, in whatever order phases come; what is empty in it is kept.
     *
     * @param {string} id
     * @param {E["status"]} status
     */
    updateStatus(id, status) {
      const next = /** @type {E} */ (clone(kind.schema, get(id)));
      next.status ??= /** @type {E["status"]} */ (create(kind.statusSchema));
      if (next.status !== undefined && status !== undefined) {
        const [from, to] = [status, next.status].map((each) => reflect(kind.statusSchema, each));
        for (const field of kind.statusSchema.fields) {
          if (from?.isSet(field)) to?.set(field, from.get(field));
        }
      }
      return put(id, next);
    },

    /** @param {string} id */
    remove(id) {
      const execution = get(id);
      keep(id, undefined);
      executions.delete(id);
      return execution;
    },

    /**
     * The execution as it is, then each version after that, until it has ended.
     *
     * @param {string} id
     * @param {AbortSignal} signal
     */
    async *subscribe(id, signal) {
      const versions = [get(id)];
      let wake = () => {};
      /** @type {(changed: string, execution: E) => void} */
      const listener = (changed, execution) => {
        if (changed !== id) return;
        versions.push(execution);
        wake();
      };
      const onAbort = () => wake();
      listeners.add(listener);
      signal.addEventListener("abort", onAbort);
      try {
        while (!signal.aborted) {
          const version = versions.shift();
          if (version === undefined) {
            await new Promise((resolve) => {
              wake = () => resolve(undefined);
            });
            continue;
          }
          yield version;
          if ((version.status?.phase ?? 0) >= ExecutionPhase.EXECUTION_COMPLETED) return;
        }
      } finally {
        listeners.delete(listener);
        signal.removeEventListener("abort", onAbort);
      }
    },
  };
}

/** @param {Execution} execution */
function metadataOf(execution) {
  execution.metadata ??= create(ApiResourceMetadataSchema);
  return execution.metadata;
}

/** @param {string} name */
function slugOf(name) {
  return name
    .toLowerCase()
    .replaceAll(" ", "-")
    .replaceAll(/[^a-z0-9-]/g, "");
}

/**
 * The services run a request in steps, and give the error of a step, whatever it is, no code.
 *
 * @param {string} message
 */
function stepFailed(message) {
  return new ConnectError(message, Code.Unknown);
}
