// A copy of the project in which things are broken. Whatever happens to it, the project itself stays as it is.
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export class Sandbox {
  readonly root: string;
  readonly #changed = new Map<string, string>();

  /** @param project A project that is built. */
  constructor(project: string) {
    this.root = mkdtempSync(join(tmpdir(), "ftns-mutate-"));
    for (const file of ownFiles(project)) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      cpSync(join(project, file), join(this.root, file));
    }
    // Compiled code without the compiler's own reports: reading those takes a test process longer than most tests do.
    const isReport = (path: string) => path.endsWith("build-info");
    cpSync(join(project, "artifacts"), join(this.root, "artifacts"), { recursive: true, filter: (path) => !isReport(path) });
    cpSync(join(project, "typechain-types"), join(this.root, "typechain-types"), { recursive: true });
    linkModules(join(project, "node_modules"), join(this.root, "node_modules"));
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), "utf8");
  }

  write(file: string, text: string): void {
    if (!this.#changed.has(file)) this.#changed.set(file, this.read(file));
    writeFileSync(join(this.root, file), text);
  }

  /** Undoes what was written. */
  restore(): void {
    for (const [file, text] of this.#changed) writeFileSync(join(this.root, file), text);
    this.#changed.clear();
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** All that is or could be committed, as it is now. */
function ownFiles(project: string): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: project,
    encoding: "utf8",
  });
  return listed.split("\0").filter((file) => file !== "" && existsSync(join(project, file)));
}

/**
 * Dependencies stay where they are and are linked one by one. Links within them lead to our own workspaces: these are made anew, so
 * that they lead into the copy. A link to all of node_modules would make tests of a broken workspace run the sound one.
 */
function linkModules(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    const path = join(from, name);
    if (lstatSync(path).isSymbolicLink()) symlinkSync(readlinkSync(path), join(to, name));
    else if (name.startsWith("@") && readdirSync(path).some((inner) => lstatSync(join(path, inner)).isSymbolicLink())) {
      linkModules(path, join(to, name));
    } else symlinkSync(path, join(to, name));
  }
}
