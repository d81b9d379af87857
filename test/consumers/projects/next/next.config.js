import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

// Next itself is installed in the folder above.
const root = dirname(dirname(fileURLToPath(import.meta.url)));

export default { turbopack: { root } };
