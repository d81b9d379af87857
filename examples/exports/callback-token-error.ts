import { CallbackTokenError, callbackToken } from "@stigmer/apis";

try {
  callbackToken(new Uint8Array());
} catch (error) {
  if (!(error instanceof CallbackTokenError)) throw error;
  console.log(error.code); // => empty
  console.log(error.message); // => callback token: expected 1 to 8192 bytes, got 0
}
