/**
 * The response header in which `callbackTokenGuard` names the fields that it has emptied, such as
 * `callback_token`: without it, an execution that nobody waits for looks the same.
 */
export const withheldHeader = "stigmer-withheld";
