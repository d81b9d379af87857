import { type Result, run } from "../../buf-plugin/run.js";

/** What a step of a workflow says, and with which exit code. */
interface Ran {
  readonly code: number | null;
  readonly stdout: string;
}

/**
 * Runs the commands of a workflow of GitHub in its checkout, as GitHub does: one that fails ends the
 * job, but for the steps that want to run whatever has failed. The actions are the caller's to replace.
 */
export async function runWorkflow(
  workflow: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Ran[]> {
  const results: Ran[] = [];
  for (const step of workflow.split(/^ {6}- /m).slice(1)) {
    const [, command] = /^run: (.+)$/m.exec(step) ?? [];
    if (command === undefined) continue;
    const hasFailed = results.some(({ code }) => code !== 0);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's.
    if (hasFailed && !step.includes("if: ${{ !cancelled() }}")) continue;
    const { code, stdout }: Result = await run("sh", ["-e", "-c", plain(command)], { cwd, env });
    results.push({ code, stdout: stdout.toString() });
  }
  return results;
}

/** The commands of a job of GitLab. */
export function scriptOf(job: string): string {
  const [, script = ""] = job.split("  script:\n");
  return [...script.matchAll(/^ {4}- (.+)$/gm)].map(([, line = ""]) => `${plain(line)}\n`).join("");
}

/** A command that stands in YAML without quotes of its own. */
function plain(text: string): string {
  if (/: | #|^["'[{&*!|>%@`]/.test(text)) throw new Error(`expected quotes around ${text}`);
  return text;
}
