import { callbackToken, describeCallbackToken } from "@stigmer/apis";

// What the engine gives an activity, such as Temporal's `Context.current().info.taskToken`.
const taskToken = new TextEncoder().encode("a task token of some engine");

const token = callbackToken(taskToken);
taskToken.fill(0); // Changes nothing: the token is a copy.
console.log(describeCallbackToken(token)); // => 27 bytes, sha256:b423afbc
