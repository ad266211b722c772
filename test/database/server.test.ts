// The database server that services of one machine share.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { Database } from "@ftns/service/database/database.ts";
import type { Migration } from "@ftns/service/database/migrate.ts";
import { LocalServer } from "@ftns/service/database/server.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { QUICK_ENV, RUN_TS } from "../helpers/node.ts";
import { type OwnServer, ownServer } from "./local.ts";

const OPENER = fileURLToPath(new URL("./opener.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOTES: Migration = { name: "one", sql: "CREATE TABLE notes (text text)" };

async function opener(folder: string, name: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...RUN_TS, OPENER, folder, name], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], ...QUICK_ENV },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await Promise.race([once(child.stdout!, "data"), once(child, "exit")])) as [unknown];
  expect(String(said)).to.equal("open\n");
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(ServiceError);
  return (error as ServiceError).advice;
}

describe("database server", () => {
  let own: OwnServer;
  const pidFile = () => join(own.folder, "data", "postmaster.pid");
  const open = (name: string, migrations = [NOTES]) => Database.open({ server: own.server, name }, migrations);
  before(() => (own = ownServer()));
  after(() => own.end());

  it("P355: is made and started once, by however many processes that come at once", async () => {
    const children = await Promise.all(["a", "a", "b"].map((name) => opener(own.folder, name)));
    const database = await open("a");
    const rows = await database.query<{ text: string }>("SELECT text FROM notes");
    expect(rows.map(({ text }) => text)).to.have.members(children.slice(0, 2).map(({ pid }) => String(pid)));
    await database.close();
    expect(existsSync(pidFile()), "others use it still").to.equal(true);

    // Whoever is killed tells nobody; the last who leaves in order finds nobody else and stops the server.
    await end(children[0]!, "SIGKILL");
    await end(children[1]!, "SIGKILL");
    expect(existsSync(pidFile())).to.equal(true);
    await end(children[2]!, "SIGTERM");
    expect(existsSync(pidFile()), "the last one stops it").to.equal(false);
  });

  it("P355: keeps what was written when it is killed itself, and is started again by whoever needs it", async () => {
    const database = await open("kept");
    await database.query("INSERT INTO notes (text) VALUES ('written')");
    const pid = Number(readFileSync(pidFile(), "utf8").split("\n", 1)[0]);
    process.kill(pid, "SIGKILL");
    let rows: unknown[] = [];
    for (let look = 0; look < 50 && rows.length === 0; look++) {
      rows = await database.query("SELECT text FROM notes").catch(() => []);
    }
    expect(rows).to.deep.equal([{ text: "written" }]);
    await database.close();
  });

  it("can be reached by its owner alone", async () => {
    await own.server.ensure();
    expect(statSync(own.folder).mode & 0o077).to.equal(0);
    expect(readFileSync(join(own.folder, "data", "postgresql.conf"), "utf8")).to.include("listen_addresses = ''");
  });

  it("is refused in a folder whose path is too long for a socket", () => {
    expect(() => new LocalServer(`/tmp/${"long/".repeat(30)}`)).to.throw(ServiceError, "too long for a socket");
  });

  it("is refused where a folder that is named has no programs", () => {
    expect(() => new LocalServer(own.folder, own.folder)).to.throw(ServiceError, "has no PostgreSQL server");
  });

  describe("a database's tables", () => {
    it("P356: are brought up to date once, whoever opens it", async () => {
      const steps = [NOTES, { name: "two", sql: "ALTER TABLE notes ADD COLUMN at integer" }];
      await (await open("steps")).close();
      const both = await Promise.all([open("steps", steps), open("steps", steps)]);
      const rows = await both[0]!.query("SELECT name FROM migrations ORDER BY name");
      expect(rows).to.deep.equal([{ name: "one" }, { name: "two" }]);
      for (const one of both) await one.close();
    });

    it("P356: are left alone by a version that does not know their history, or has changed it", async () => {
      await (await open("foreign")).close();
      expect(await refusalOf(open("foreign", [{ name: "other", sql: "SELECT 1" }]))).to.include(
        "which this version does not know",
      );
      expect(await refusalOf(open("foreign", [{ ...NOTES, sql: "SELECT 1" }]))).to.include("in another form");
    });

    it("P356: take a step whole or not at all", async () => {
      const broken = [NOTES, { name: "two", sql: "CREATE TABLE half (a integer); SELECT 1 / 0" }];
      expect(await refusalOf(open("half", broken))).to.include("division by zero");
      const database = await open("half");
      const [row] = await database.query<{ half: string | null; notes: string | null }>(
        "SELECT to_regclass('half') AS half, to_regclass('notes') AS notes",
      );
      expect(row).to.deep.equal({ half: null, notes: "notes" });
      await database.close();
    });
  });

  describe("a transaction", () => {
    it("writes all or nothing, and is done again where two were in each other's way", async () => {
      const database = await open("transactions");
      await database.query("CREATE TABLE counts (id integer PRIMARY KEY, count integer); INSERT INTO counts VALUES (1, 0)");
      const failed = database.transaction(async (client) => {
        await client.query("UPDATE counts SET count = 100");
        throw new Error("enough");
      });
      expect(await failed.catch(String)).to.equal("Error: enough");
      const add = () =>
        database.transaction(async (client) => {
          await client.query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
          const { rows } = await client.query<{ count: number }>("SELECT count FROM counts");
          await client.query("UPDATE counts SET count = $1", [rows[0]!.count + 1]);
        });
      await Promise.all([add(), add(), add()]);
      expect(await database.query("SELECT count FROM counts")).to.deep.equal([{ count: 3 }]);
      await database.close();
    });
  });
});
