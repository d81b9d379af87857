import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { build, type Metafile } from "esbuild";

export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array;
}

export interface Page {
  /** By their paths on the server; the page itself is `/`. */
  readonly files: ReadonlyMap<string, PageFile>;

  /** What esbuild has put into them. */
  readonly metafile: Metafile;
}

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** Bundles the page in this folder for browsers that know `light-dark()`, which came in 2024. */
export async function bundlePage(folder: string): Promise<Page> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ["main.ts", "styles.css"],
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome123", "firefox120", "safari17.5"],
    outdir: "out",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const html = await readFile(join(folder, "index.html"));
  const files = new Map<string, PageFile>([
    ["/", { type: "text/html; charset=utf-8", body: html }],
  ]);
  for (const { path, contents } of outputFiles) {
    const name = path.slice(join(folder, "out").length).replaceAll("\\", "/");
    files.set(name, { type: types[extname(name)] ?? "application/octet-stream", body: contents });
  }
  return { files, metafile };
}
