import type { Rule } from "../rule.js";
import { callbackTokenInSpec } from "./callback-token-in-spec.js";
import { callbackTokenNotMoved } from "./callback-token-not-moved.js";
import { callbackTokenRedacted } from "./callback-token-redacted.js";
import { callbackTokenType } from "./callback-token-type.js";
import { enumPrefixKept } from "./enum-prefix-kept.js";
import { extensionSameNumber } from "./extension-same-number.js";
import { formerTokenNotReused } from "./former-token-not-reused.js";
import { formerTokenReserved } from "./former-token-reserved.js";
import { javaAccessorsDistinct } from "./java-accessors-distinct.js";
import { namesDistinct } from "./names-distinct.js";
import { redactionKept } from "./redaction-kept.js";
import { resourceFieldNumbers } from "./resource-field-numbers.js";
import { resourceKept } from "./resource-kept.js";
import { secretNameRedacted } from "./secret-name-redacted.js";
import { secretValueRedacted } from "./secret-value-redacted.js";
import { specStatusSeparate } from "./spec-status-separate.js";
import { validationNotLooser } from "./validation-not-looser.js";
import { validationNotStricter } from "./validation-not-stricter.js";

/** The rules of this plugin. */
export const rules: readonly Rule[] = [
  callbackTokenInSpec,
  callbackTokenRedacted,
  callbackTokenType,
  formerTokenReserved,
  javaAccessorsDistinct,
  namesDistinct,
  resourceFieldNumbers,
  secretNameRedacted,
  secretValueRedacted,
  specStatusSeparate,
  callbackTokenNotMoved,
  enumPrefixKept,
  extensionSameNumber,
  formerTokenNotReused,
  redactionKept,
  resourceKept,
  validationNotStricter,
  validationNotLooser,
];
