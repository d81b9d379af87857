import { decodeTemporalWorkflowOutput } from "@stigmer/apis/temporal/workflow";

const { result, executionId } = decodeTemporalWorkflowOutput({
  Result: { parcel: 4711 },
  FinalState: null,
  WorkflowName: "shipping",
  ExecutionID: "wex-1",
  ExecutionTime: null,
});
console.log(executionId, result); // => wex-1 { parcel: 4711 }
