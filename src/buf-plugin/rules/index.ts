import type { Rule } from "../rule.js";
import { callbackTokenInSpec } from "./callback-token-in-spec.js";
import { callbackTokenNotMoved } from "./callback-token-not-moved.js";
import { callbackTokenRedacted } from "./callback-token-redacted.js";
import { callbackTokenType } from "./callback-token-type.js";
import { extensionSameNumber } from "./extension-same-number.js";
import { formerTokenNotReused } from "./former-token-not-reused.js";
import { formerTokenReserved } from "./former-token-reserved.js";
import { redactionKept } from "./redaction-kept.js";
import { resourceFieldNumbers } from "./resource-field-numbers.js";
import { resourceKept } from "./resource-kept.js";
import { secretNameRedacted } from "./secret-name-redacted.js";
import { secretValueRedacted } from "./secret-value-redacted.js";
import { specStatusSeparate } from "./spec-status-separate.js";

/** The rules of this plugin. */
export const rules: readonly Rule[] = [
  callbackTokenInSpec,
  callbackTokenRedacted,
  callbackTokenType,
  formerTokenReserved,
  resourceFieldNumbers,
  secretNameRedacted,
  secretValueRedacted,
  specStatusSeparate,
  callbackTokenNotMoved,
  extensionSameNumber,
  formerTokenNotReused,
  redactionKept,
  resourceKept,
];
