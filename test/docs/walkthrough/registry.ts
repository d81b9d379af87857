import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packInto } from "../../support/pack.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface Registry {
  /** What npm needs in its environment to get the package from here, and all others as ever. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A registry that serves this package alone, packed as it would be published. */
export async function startRegistry(folder: string): Promise<Registry> {
  const path = packInto(folder);
  const filename = basename(path);
  const tarball = readFileSync(path);
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;

  const server = createServer((request, response) => {
    if (request.url === `/${filename}`) return response.end(tarball);
    if (decodeURIComponent(request.url ?? "") !== `/${manifest.name}`) {
      return response.writeHead(404).end();
    }
    const dist = { tarball: `${url}${filename}`, integrity };
    const versions = { [manifest.version]: { ...manifest, dist } };
    const tags = { latest: manifest.version };
    return response.end(JSON.stringify({ name: manifest.name, "dist-tags": tags, versions }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  // Not a variable for the registry itself, whose name, with an @, is lost in some shells.
  const globalConfig = join(folder, "npmrc");
  const given = execFileSync("npm", ["config", "get", "globalconfig"], { encoding: "utf8" }).trim();
  const text = existsSync(given) ? readFileSync(given, "utf8") : "";
  writeFileSync(globalConfig, `${text}\n@stigmer:registry=${url}\n`);
  return {
    env: { npm_config_globalconfig: globalConfig },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * Whether npm reaches its registry: `describe.skipIf(!registryAvailable())`. Says so in one line when
 * it does not. Throws in CI (`CI=true`), where nothing may be skipped.
 */
export function registryAvailable(): boolean {
  try {
    const view = ["view", "@temporalio/worker", "version", "--fetch-retries=0"];
    execFileSync("npm", view, { stdio: "pipe", timeout: 30_000 });
    return true;
  } catch (error) {
    const missing = "npm does not reach its registry";
    if (process.env.CI === "true") throw new Error(missing, { cause: error });
    console.log(`skipped: ${missing}`);
    return false;
  }
}
