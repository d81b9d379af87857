import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

/** One version of the package, as a worker has it. */
export interface Version {
  readonly activities: typeof import("./program/activities.js");
  readonly dataConverter: { readonly payloadConverterPath: string };
  readonly workflowBundle: { readonly code: string };
}

/** Loads and bundles the program in this folder, with the version of the package that it finds. */
export async function loadVersion(folder: string): Promise<Version> {
  const payloadConverterPath = createRequire(folder).resolve(
    "@stigmer/apis/temporal/payload-converter",
  );
  return {
    activities: await import(pathToFileURL(join(folder, "activities.js")).href),
    dataConverter: { payloadConverterPath },
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: join(folder, "workflows.js"),
      payloadConverterPath,
      logger: new DefaultLogger("ERROR"),
    }),
  };
}
