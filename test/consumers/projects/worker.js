import { server } from "./server.js";
import { uses } from "./uses.js";

// workerd knows no `redirect: "error"`, which Connect asks for.
/** @type {typeof fetch} */
const fetchAsWorkerd = (input, init) => fetch(input, { ...init, redirect: "manual" });

export default {
  async fetch() {
    return Response.json(await uses(server, { fetch: fetchAsWorkerd }));
  },
};
