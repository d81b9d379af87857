import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { buf, root } from "../../buf.js";
import { printProto } from "./print-proto.js";

/** The source of `buf/validate/validate.proto`, from the descriptor that protovalidate's npm package has. */
export function renderValidateProto() {
  const manifest = readFileSync(
    join(root, "node_modules/@bufbuild/protovalidate/package.json"),
    "utf8",
  );
  const { version } = JSON.parse(manifest);
  const text = `// Copyright 2023-2026 Buf Technologies, Inc. Licensed under the Apache License, Version 2.0:
// http://www.apache.org/licenses/LICENSE-2.0
//
// The options that protovalidate reads its rules from, https://github.com/bufbuild/protovalidate.
// Printed by \`npm run derive\` from the descriptor in @bufbuild/protovalidate ${version}, which has no
// comments; the descriptor of this file is the same.

${printProto(file_buf_validate_validate)}`;
  return formatted(text);
}

/** @param {string} text */
function formatted(text) {
  const folder = mkdtempSync(join(tmpdir(), "stigmer-validate-"));
  try {
    const file = join(folder, "validate.proto");
    writeFileSync(file, text);
    const { status, stdout, stderr } = buf("format", file);
    if (status !== 0) throw new Error(`buf format failed:\n${stderr}`);
    return stdout.toString();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
