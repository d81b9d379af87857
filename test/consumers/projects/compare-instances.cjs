// Imports and requires every entry point, compares what they export, and prints which it was.
const assert = require("node:assert/strict");
const { exports: entries } = require("@stigmer/apis/package.json");

async function main() {
  const modules = Object.keys(entries).filter((entry) => entry !== "./package.json");
  for (const entry of modules) {
    const specifier = entry.replace(".", "@stigmer/apis");
    const required = require(specifier);
    const exported = Object.entries(await import(specifier));
    assert.ok(exported.length > 0);
    for (const [name, value] of exported) {
      if (name !== "module.exports") assert.equal(required[name], value, `${specifier} ${name}`);
    }
    console.log(specifier);
  }
}

main();
