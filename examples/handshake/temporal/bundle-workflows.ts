import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

/** A file with all workflows, made once for all workers. */
export interface WorkflowBundle {
  readonly codePath: string;
  remove(): void;
}

export async function bundleWorkflows(payloadConverterPath: string): Promise<WorkflowBundle> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL("./workflows.js", import.meta.url)),
    payloadConverterPath,
    logger: new DefaultLogger("ERROR"),
  });
  const folder = await mkdtemp(join(tmpdir(), "stigmer-handshake-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const codePath = join(folder, "workflows.cjs");
  await writeFile(codePath, code);
  return { codePath, remove };
}
