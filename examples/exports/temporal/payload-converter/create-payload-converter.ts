import { create, createRegistry } from "@bufbuild/protobuf";
import { type Duration, DurationSchema } from "@bufbuild/protobuf/wkt";
import { contractRegistry, createPayloadConverter } from "@stigmer/apis/temporal/payload-converter";

// The module at your payloadConverterPath exports it, under this name. DurationSchema stands for
// messages of your own.
export const payloadConverter = createPayloadConverter(
  createRegistry(contractRegistry, DurationSchema),
);

const payload = payloadConverter.toPayload(create(DurationSchema, { seconds: 90n }));
console.log(Buffer.from(payload.data ?? []).toString()); // => "90s"
console.log(payloadConverter.fromPayload<Duration>(payload).seconds); // => 90n
