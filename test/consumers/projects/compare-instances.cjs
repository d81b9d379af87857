// Imports and requires each module that it is given, compares what they export, and prints which it was.
const assert = require("node:assert/strict");

async function main() {
  for (const specifier of process.argv.slice(2)) {
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
