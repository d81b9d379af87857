import { CallbackTokenError, parseCallbackToken } from "@stigmer/apis";

console.log(parseCallbackToken("+/8BAg==").join(" ")); // => 251 255 1 2
console.log(parseCallbackToken("-_8BAg").join(" ")); // => 251 255 1 2

try {
  parseCallbackToken("+/8B Ag==");
} catch (error) {
  if (!(error instanceof CallbackTokenError)) throw error;
  console.log(error.message); // => callback token: expected Base64 text, got an unexpected character at position 4
}
