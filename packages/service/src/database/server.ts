// A PostgreSQL server of our own for all services of a machine: whoever comes first starts it, whoever leaves last stops it.
import { execFile, spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { ServiceError } from "../errors.ts";
import { findPrograms } from "./programs.ts";

const run = promisify(execFile);

/** What a client needs to reach the server. */
export interface Place {
  /** Folder of the socket. */
  host: string;
  user: string;
}

const USER = "ftns";
/** Accounts that a server started by root runs as: PostgreSQL refuses to be root. None is added. */
const ACCOUNTS = ["postgres", "nobody"];
/** What a path of a socket may have on every system, with the socket's own name. */
const LONGEST_PATH = 100;
const SOCKET_NAME = "/.s.PGSQL.5432";
const PATIENCE_MS = 90_000;

/** Nobody but this machine's services reaches it: it listens at a socket in a folder of its owner alone. */
const SETTINGS = (sockets: string) => `
listen_addresses = ''
unix_socket_directories = '${sockets.replaceAll("'", "''")}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 64MB
log_min_messages = warning
`;

/** The server in `folder`, which is made and started where it is not there. */
export class LocalServer {
  readonly #folder: string;
  readonly #data: string;
  readonly #sockets: string;
  readonly #owner: { uid: number; gid: number } | undefined;
  #programs: string;

  constructor(folder: string, programs?: string) {
    this.#folder = resolve(folder);
    this.#data = join(this.#folder, "data");
    this.#sockets = join(this.#folder, "run");
    if (this.#sockets.length + SOCKET_NAME.length > LONGEST_PATH) {
      throw new ServiceError(`database.folder: the path ${this.#folder} is too long for a socket.`, "Choose a shorter one.");
    }
    this.#programs = findPrograms(programs);
    this.#owner = process.getuid?.() === 0 ? accountForRoot() : undefined;
  }

  get place(): Place {
    return { host: this.#sockets, user: USER };
  }

  /** Sees to it that the server runs. Any number of processes may call it at once. */
  async ensure(): Promise<void> {
    if (await this.#answers()) return;
    this.#makeFolders();
    if (!existsSync(this.#data)) await this.#initialise();
    for (const end = Date.now() + PATIENCE_MS; ; ) {
      const fault = await this.#start().catch((error: unknown) => error as { stdout?: string; message: string });
      if (await this.#answers()) return;
      if (Date.now() > end) {
        throw new ServiceError(
          `The database server in ${this.#folder} does not start${fault === undefined ? "" : ` (${lastLine(this.#log())})`}.`,
          `See ${this.#logFile}.`,
        );
      }
      // Another process starts it just now, or it is still stopping.
      await new Promise((done) => setTimeout(done, 200));
    }
  }

  /** Stops the server unless somebody is connected to it. */
  async stopIfUnused(): Promise<void> {
    const client = this.#client();
    try {
      await client.connect();
      const others = "SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
      if ((await client.query(others)).rowCount! > 0) return;
    } catch {
      return;
    } finally {
      await client.end().catch(() => undefined);
    }
    await this.stop();
  }

  async stop(): Promise<void> {
    await this.#call("pg_ctl", ["stop", "-D", this.#data, "-m", "fast", "-w", "-s"]).catch(() => undefined);
  }

  #client(): pg.Client {
    return new pg.Client({ ...this.place, database: "postgres", connectionTimeoutMillis: 5_000 });
  }

  async #answers(): Promise<boolean> {
    const client = this.#client();
    client.on("error", () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  #makeFolders(): void {
    for (const folder of [this.#folder, this.#sockets]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (this.#owner) chownSync(folder, this.#owner.uid, this.#owner.gid);
    }
    this.#bringPrograms();
  }

  /** Programs below a folder that is root's alone are copied to where the server's account reaches them. */
  #bringPrograms(): void {
    if (this.#owner === undefined) return;
    const tried = spawnSync(join(this.#programs, "postgres"), ["--version"], { ...this.#owner, cwd: "/", stdio: "ignore" });
    if (tried.error === undefined && tried.status === 0) return;
    const copy = join(this.#folder, "programs");
    if (!existsSync(copy)) {
      const fresh = `${copy}.${process.pid}`;
      cpSync(dirname(this.#programs), fresh, { recursive: true, verbatimSymlinks: true });
      placeWhole(fresh, copy);
    }
    this.#programs = join(copy, "bin");
  }

  /** Made aside and then put in its place, so that a server half made is never started. */
  async #initialise(): Promise<void> {
    const fresh = `${this.#data}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    const options = ["-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "-D", fresh];
    try {
      await this.#call("initdb", options);
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      rmSync(fresh, { recursive: true, force: true });
      throw new ServiceError(
        `The database server cannot be made in ${this.#folder} (${lastLine(stderr ?? message)}).`,
        this.#owner === undefined
          ? "Check that the folder can be written to, or set database.url to a server that runs."
          : `Root's server runs as another account (${ACCOUNTS.join(" or ")}): choose a folder that it can reach, or run the service as another user.`,
      );
    }
    writeFileSync(join(fresh, "postgresql.conf"), SETTINGS(this.#sockets), { flag: "a" });
    placeWhole(fresh, this.#data);
  }

  async #start(): Promise<undefined> {
    await this.#call("pg_ctl", ["start", "-D", this.#data, "-l", this.#logFile, "-w", "-s"]);
    return undefined;
  }

  get #logFile(): string {
    return join(this.#folder, "log");
  }

  #log(): string {
    return existsSync(this.#logFile) ? readFileSync(this.#logFile, "utf8") : "";
  }

  /** In a folder that its account may enter; without our secrets in its environment. */
  #call(program: string, args: string[]) {
    const env = { PATH: process.env["PATH"], LC_ALL: "C" };
    return run(join(this.#programs, program), args, { ...this.#owner, cwd: this.#folder, env, timeout: PATIENCE_MS });
  }
}

/** Where another process was faster, its folder stays. */
function placeWhole(fresh: string, at: string): void {
  try {
    renameSync(fresh, at);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(at)) throw error;
  }
}

function accountForRoot(): { uid: number; gid: number } {
  for (const name of ACCOUNTS) {
    const [uid, gid] = ["-u", "-g"].map((flag) => {
      const { stdout, status } = spawnSync("id", [flag, name], { encoding: "utf8" });
      return status === 0 ? Number(stdout) : Number.NaN;
    });
    if (uid! > 0 && gid! > 0) return { uid: uid!, gid: gid! };
  }
  throw new ServiceError(
    `PostgreSQL does not run as root, and there is no account ${ACCOUNTS.join(" or ")}.`,
    "Run the service as another user, or set database.url to a server that runs.",
  );
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1)!.slice(0, 300);
