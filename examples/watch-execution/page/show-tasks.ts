import type { WorkflowTask } from "@stigmer/apis/workflowexecution/v1";
import { durationOf } from "./duration-of.js";
import { element, setText } from "./element.js";
import { labelOfTask, labelOfType } from "./labels.js";

/** Brings the list up to date. What stays the same is left alone, so that nothing flickers. */
export function showTasks(tasks: readonly WorkflowTask[], hasEnded: boolean): void {
  const list = element("tasks");
  const template = element("task") as HTMLTemplateElement;
  while (list.children.length > tasks.length) list.lastElementChild?.remove();
  while (list.children.length < tasks.length) list.append(template.content.cloneNode(true));
  for (const [index, task] of tasks.entries()) {
    showTask(list.children[index] as Element, task, hasEnded);
  }
}

function showTask(item: Element, task: WorkflowTask, hasEnded: boolean): void {
  const { tone, text } = labelOfTask(task, hasEnded);
  const duration = durationOf(task, tone === "running");
  item.setAttribute("data-tone", tone);
  part("use").setAttribute("href", `#icon-${tone}`);
  setText(part(".name"), task.taskName || task.taskId);
  setText(part(".type"), labelOfType(task.taskType));
  setText(part(".status"), text);
  setText(part(".duration"), duration);
  setText(part(".error"), task.error);

  function part(selector: string): Element {
    const found = item.querySelector(selector);
    if (found === null) throw new Error(`expected ${selector} in the template of a task`);
    return found;
  }
}
