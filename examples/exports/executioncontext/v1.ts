import { create } from "@bufbuild/protobuf";
import { ExecutionContextSpecSchema } from "@stigmer/apis/executioncontext/v1";

const { data } = create(ExecutionContextSpecSchema, {
  executionId: "wex-1",
  data: {
    REGION: { value: "eu-1", isSecret: false },
    API_KEY: { value: "sk-live-1", isSecret: true },
  },
});

for (const [name, { value, isSecret }] of Object.entries(data)) {
  console.log(`${name}: ${isSecret ? "a secret" : value}`);
  // => REGION: eu-1
  // => API_KEY: a secret
}
