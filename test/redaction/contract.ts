import type { DescMessage, DescService } from "@bufbuild/protobuf";
import * as agentExecution from "../../src/agentexecution/v1.js";
import * as apiResource from "../../src/apiresource.js";
import * as executionContext from "../../src/executioncontext/v1.js";
import * as workflowExecution from "../../src/workflowexecution/v1.js";
import * as workflowRunner from "../../src/workflowrunner/v1.js";

const exported = [agentExecution, apiResource, executionContext, workflowExecution, workflowRunner]
  .flatMap((entry) => Object.values<unknown>(entry))
  .filter((value) => typeof value === "object" && value !== null && "kind" in value);

/** Every message of the contract. */
export const messages: readonly DescMessage[] = exported.filter(
  (value): value is DescMessage => value.kind === "message",
);

/** Every service of the contract. */
export const services: readonly DescService[] = exported.filter(
  (value): value is DescService => value.kind === "service",
);

/** How a table of tests names a message: without its package. */
export function shortName({ typeName }: { readonly typeName: string }): string {
  return typeName.replace("ai.stigmer.", "");
}
