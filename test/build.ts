import { execFileSync } from "node:child_process";

// Some tests run what users run: the built package and the built examples.
export default function build(): void {
  execFileSync("npm", ["run", "--silent", "build:examples"], { stdio: "inherit" });
}
