import { isTerminal } from "@stigmer/apis/handshake";
import type { WorkflowExecution } from "@stigmer/apis/workflowexecution/v1";
import { durationOf } from "./duration-of.js";
import { element, setText } from "./element.js";
import type { ExecutionObserver } from "./follow-execution.js";
import { labelOfPhase, labelOfTask } from "./labels.js";
import { progressOf } from "./progress-of.js";
import { showTasks } from "./show-tasks.js";

export interface View extends ExecutionObserver {
  /** Shows, in one sentence, why there is nothing more to see. */
  showProblem(sentence: string): void;
}

/** Shows an execution in the elements of index.html. */
export function createView(): View {
  let timer: ReturnType<typeof setInterval> | undefined;

  function setState(state: "live" | "disconnected" | "problem", notice: string): void {
    clearInterval(timer);
    element("execution").dataset.state = state;
    setText(element("notice"), notice);
  }

  return {
    showExecution(execution) {
      setState("live", "");
      show(execution);
      // Durations grow between two changes too.
      if (!isTerminal(execution)) timer = setInterval(() => show(execution), 1000);
    },

    showConnectionLost() {
      const nothingSeen = element("progress").hidden;
      const problem = nothingSeen ? "The service does not answer" : "The connection is lost";
      setState("disconnected", `${problem}. Trying again …`);
    },

    showProblem(sentence) {
      setState("problem", sentence);
      element("execution").dataset.tone = "failed";
      setText(element("phase"), "Not available");
    },
  };
}

function show(execution: WorkflowExecution): void {
  const { metadata, status } = execution;
  if (status === undefined) return;
  const name = metadata?.name || "Workflow execution";
  const phase = labelOfPhase(status.phase);
  const hasEnded = isTerminal(execution);
  const { done, total, percent } = progressOf(status);
  const count = total === 0 ? "" : `${done} of ${total} ${total === 1 ? "task" : "tasks"} done`;

  document.title = `${percent === undefined || hasEnded ? phase.text : `${percent} %`} · ${name}`;
  element("execution").dataset.tone = phase.tone;
  setText(element("name"), name);
  setText(element("id"), metadata?.id ?? "");
  setText(element("phase"), phase.text);
  setText(element("error"), status.error);

  element("progress").hidden = false;
  setText(element("count"), count);
  setText(element("elapsed"), durationOf(status, !hasEnded));
  const bar = element("bar");
  bar.setAttribute("aria-valuetext", sentence(phase.text, count));
  if (percent === undefined) bar.removeAttribute("aria-valuenow");
  else bar.setAttribute("aria-valuenow", String(percent));
  element("fill").style.width = percent === undefined ? "" : `${percent}%`;

  showTasks(status.tasks, hasEnded);

  const running = status.tasks.filter((task) => labelOfTask(task, hasEnded).tone === "running");
  const now = running.map(({ taskName }) => taskName).join(", ");
  setText(element("announcement"), sentence(phase.text, count, now, status.error));
}

function sentence(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(". ");
}
