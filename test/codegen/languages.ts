import { go } from "./go.js";
import { java } from "./java.js";
import type { Language } from "./language.js";
import { python } from "./python.js";

/** The languages for which the package has a template. */
export const languages: readonly Language[] = [go, python, java];
