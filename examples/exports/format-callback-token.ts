import { callbackToken, formatCallbackToken } from "@stigmer/apis";

const token = callbackToken(Uint8Array.of(0xfb, 0xff, 0x01, 0x02));

// For the JSON body of a request. Never for a log or a URL: whoever has it can end the activity.
const body = JSON.stringify({ workflowId: "wfl-1", callbackToken: formatCallbackToken(token) });
console.log(body); // => {"workflowId":"wfl-1","callbackToken":"+/8BAg=="}
