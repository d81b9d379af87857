// An app that calls one service.
import { WorkflowExecutionQueryController } from "@stigmer/apis/workflowexecution/v1";

console.log(WorkflowExecutionQueryController.method.get.output.typeName);
