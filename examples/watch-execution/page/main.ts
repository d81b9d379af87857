// A page that shows how one workflow execution gets on. It names the execution in its address:
// ?id=wex-…

import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { WorkflowExecutionQueryController } from "@stigmer/apis/workflowexecution/v1";
import { followExecution } from "./follow-execution.js";
import { problemOf } from "./problem-of.js";
import { createView } from "./view.js";

const id = new URLSearchParams(location.search).get("id") ?? "";
const view = createView();

if (id === "") {
  view.showProblem("Name an execution in the address of this page: ?id=wex-…");
} else if (!id.startsWith("wex")) {
  view.showProblem(`“${id}” is no id of a workflow execution: those start with wex.`);
} else {
  const transport = createConnectTransport({ baseUrl: location.origin });
  const queries = createClient(WorkflowExecutionQueryController, transport);
  followExecution(queries, id, view).catch((error) => view.showProblem(problemOf(error, id)));
}
