import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buf } from "../buf.js";
import { readFolder } from "./files.js";

/** The stubs that apis/ gives, by their paths below gen/. */
export function renderStubs() {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-stubs-"));
  try {
    const { status, stderr } = buf("generate", "--output", folder);
    if (status !== 0) throw new Error(`buf generate failed:\n${stderr}`);
    return readFolder(join(folder, "gen"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
