import { encodeTemporalWorkflowOutput } from "@stigmer/apis/temporal/workflow";

const output = encodeTemporalWorkflowOutput({
  executionId: "wex-1",
  workflowName: "shipping",
  result: { parcel: 4711 },
});
console.log(output.Result); // => { parcel: 4711 }
