import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What a commit writes of files. */
interface Commits {
  /** The last that both branches have. */
  readonly base: Files;
  readonly change: Files;
  /** On main, since the branch has left it: before the branch is merged for CI, and after that. */
  readonly main: readonly [before: Files, after: Files];
}

/** A pull request, whose checkouts have no local branch, as those in CI. */
export interface PullRequest {
  /** What actions/checkout makes with fetch-depth 0: a commit that merges the branch into main. */
  github(): string;
  /** What GitLab makes with GIT_DEPTH 0: the last commit of the branch. */
  gitlab(): string;
}

const identity = { name: "test", email: "test@example.com" };
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: identity.name,
  GIT_AUTHOR_EMAIL: identity.email,
  GIT_COMMITTER_NAME: identity.name,
  GIT_COMMITTER_EMAIL: identity.email,
};

/** Makes its repositories in a folder. */
export function openPullRequest(folder: string, { base, change, main }: Commits): PullRequest {
  const own = mkdtempSync(join(folder, "pull-request-"));
  const origin = join(own, "origin.git");
  const work = join(own, "work");
  const git = (cwd: string, line: string) =>
    execFileSync("git", line.split(" "), { cwd, env, encoding: "utf8", stdio: "pipe" }).trim();
  const commit = (files: Files) => {
    writeFiles(work, files);
    git(work, "add --all");
    git(work, "commit --quiet --message change");
  };

  git(own, "init --quiet --bare --initial-branch=main origin.git");
  git(own, "init --quiet --initial-branch=main work");
  commit(base);
  git(work, "checkout --quiet -b change");
  commit(change);
  git(work, "checkout --quiet main");
  commit(main[0]);
  git(work, "checkout --quiet --detach");
  git(work, "merge --quiet --no-ff --no-edit change");
  const merge = git(work, "rev-parse HEAD");
  git(work, "checkout --quiet main");
  commit(main[1]);
  git(work, `push --quiet ${origin} main change ${merge}:refs/pull/1/merge`);
  rmSync(work, { recursive: true });

  const checkOut = (ref: string, ...refspecs: string[]) => {
    const checkout = mkdtempSync(join(own, "checkout-"));
    git(checkout, "init --quiet");
    git(checkout, `remote add origin ${origin}`);
    const all = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*", ...refspecs];
    git(checkout, `fetch --quiet --prune --no-recurse-submodules origin ${all.join(" ")}`);
    git(checkout, `checkout --quiet --force --detach ${ref}`);
    return checkout;
  };
  const merged = "refs/remotes/pull/1/merge";
  return {
    github: () => checkOut(merged, `+${merge}:${merged}`),
    gitlab: () => checkOut("origin/change"),
  };
}

export function writeFiles(folder: string, files: Files): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}
