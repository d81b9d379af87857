import { expect, test } from "vitest";
import { elementOf } from "../../scripts/gate/element-of.js";

test.each([
  [
    'Previously present field "3" with name "trigger_message" on message "WorkflowExecutionSpec" was deleted.',
    "WorkflowExecutionSpec.trigger_message",
  ],
  [
    'Field "3" with name "task" on message "WorkflowExecutionUpdate" changed type from "a.WorkflowTask" to "a.WorkflowId".',
    "WorkflowExecutionUpdate.task",
  ],
  [
    'Field "3" on message "WorkflowExecutionSpec" changed name from "trigger_message" to "trigger_text".',
    "WorkflowExecutionSpec.trigger_message",
  ],
  [
    'Field "callback_token" on message "AgentExecutionSpec" has lost debug_redact: loggers …',
    "AgentExecutionSpec.callback_token",
  ],
  ['Previously present enum value "4" on enum "ExecutionPhase" was deleted.', "ExecutionPhase"],
  [
    'Enum value "4" on enum "ExecutionPhase" changed name from "EXECUTION_FAILED" to "EXECUTION_BROKEN".',
    "EXECUTION_FAILED",
  ],
  [
    'Previously present RPC "get" on service "WorkflowExecutionQueryController" was deleted.',
    "WorkflowExecutionQueryController.get",
  ],
  ['Previously present message "WorkflowId" was deleted from file.', "WorkflowId"],
  [
    'Previously present reserved range "[11]" on message "WorkflowExecutionStatus" is missing values: [11] were removed.',
    "WorkflowExecutionStatus",
  ],
  [
    'Extension "is_audited" of message "FieldOptions" moved from field 50001 to field 50002. Bytes …',
    "FieldOptions.is_audited",
  ],
  ['Oneof "choice" on message "Order" has stricter rules: required is new. …', "Order.choice"],
  ['Message "Order" has stricter rules: cel total is new. …', "Order"],
  ['The values of enum "Phase" share no prefix any more: in TypeScript …', "Phase"],
  ['Something new happened to option "go_package".', "go_package"],
])("%s is about %s", (message, element) => {
  expect(elementOf(message)).toBe(element);
});
