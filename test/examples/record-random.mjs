// Loaded into the main job by its test: writes down the random bytes that tokens are made of.
import { appendFileSync } from "node:fs";

const getRandomValues = crypto.getRandomValues.bind(crypto);
crypto.getRandomValues = (array) => {
  getRandomValues(array);
  appendFileSync(
    process.env.RECORD_RANDOM ?? "",
    `${Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("hex")}\n`,
  );
  return array;
};
