// Makes a quick start of the plugin, for buf starts it nine times a command: dist/buf-plugin-stigmer.js,
// with the answers that never change already in it, for which buf asks eight times; and for the ninth one
// file that holds all of the plugin, as Node takes longer to find its modules than to run them.
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { root } from "./buf.js";

const plugin = join(root, "dist/src/buf-plugin/main.js");
buildSync({
  entryPoints: [plugin],
  outfile: join(root, "dist/src/buf-plugin/bundle.js"),
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  target: "node20",
  banner: { js: "// With @bufbuild/protobuf, Copyright Buf Technologies, Inc., Apache-2.0." },
});

const service = "/buf.plugin.check.v1.CheckService/";

// As buf asks for them. What is asked in any other way is Node's to answer.
const questions = [
  ["--protocol"],
  ["--spec", "--format", "binary"],
  [`${service}ListRules`, "--format", "binary"],
  [`${service}ListCategories`, "--format", "binary"],
];

/**
 * Bytes as a format of printf (POSIX, "printf", "Extended Description"), in single quotes.
 *
 * @param {Buffer} bytes
 */
function printfFormat(bytes) {
  const text = [...bytes].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w ,.:;/-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `'${text.join("")}'`;
}

const answers = questions.map((question) => {
  const answer = execFileSync(process.execPath, [plugin, ...question]);
  return `  "${question.join(" ")}") printf ${printfFormat(answer)}; exit ;;`;
});

// Both a shell script and a module: where there is no shell, or a package manager starts every bin with
// Node, it is Node that runs this file, and then the whole of it is one statement and an import.
const front = `#!/usr/bin/env sh
':' /* The shell answers what never changes, without a start of Node.
case "$*" in
${answers.join("\n")}
esac
file=$0
case $file in *[/]*) ;; *) file=./$file ;; esac
while [ -L "$file" ]; do
  target=$(readlink "$file")
  case $target in /*) file=$target ;; *) file=\${file%/*}/$target ;; esac
done
exec node "\${file%/*}/src/buf-plugin/bundle.js" "$@"
*/
import "./src/buf-plugin/bundle.js";
`;

const path = join(root, "dist/buf-plugin-stigmer.js");
writeFileSync(path, front);
chmodSync(path, 0o755);
