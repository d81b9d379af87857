import type { PayloadConverter } from "@temporalio/common";
import { contractRegistry } from "./contract-registry.js";
import { createPayloadConverter } from "./create-payload-converter.js";

/**
 * The payload converter for the messages of this contract (see `createPayloadConverter`), under the
 * name that Temporal looks for in the module at a data converter's `payloadConverterPath`:
 *
 *     fileURLToPath(import.meta.resolve("@stigmer/apis/temporal/payload-converter"))
 *
 * or, in CommonJS:
 *
 *     require.resolve("@stigmer/apis/temporal/payload-converter")
 */
export const payloadConverter: PayloadConverter = createPayloadConverter(contractRegistry);
