import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { isAvailable } from "./language.js";
import { languages } from "./languages.js";
import { installed } from "./project.js";

// Stubs stand where their package says, also in a folder with code of the reader's own.
for (const language of languages) {
  describe.skipIf(!isAvailable(language))(`generating ${language.name}`, () => {
    it("leaves what somebody has written where the stubs go", async () => {
      await language.prepare();
      const stubs = await language.generate(installed());
      const written = ["by-hand", "ai/by-hand", "ai/stigmer/commons/by-hand"];
      for (const path of written) {
        await mkdir(dirname(join(stubs, path)), { recursive: true });
        await writeFile(join(stubs, path), path);
      }
      await language.generate(installed());
      for (const path of written) expect(await readFile(join(stubs, path), "utf8")).toBe(path);
    });
  });
}
