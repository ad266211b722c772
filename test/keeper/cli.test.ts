import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { Wallet, encryptKeystoreJson } from "ethers";
import type { KeeperConfigInput } from "@ftns/keeper/config/schema.ts";
import { thousands } from "@ftns/keeper/service/checks.ts";
import { FixedPolicy__factory } from "../../typechain-types/index.ts";
import {
  HOUR,
  KEEPER_KEY,
  REPORTER_KEYS,
  SECRET_ENV,
  TWIN_KEY,
  type TestChain,
  chainOf,
  configFor,
  fillMonth,
  liveMarket,
  startChain,
} from "./chain.ts";
import { QUICK_ENV, RUN_TS } from "../helpers/node.ts";
import { freePorts } from "./ports.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PASSWORD = "a-password-of-this-suite";
const RPC_TOKEN = "rpc-token-of-this-suite";

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The log, parsed. */
  lines: Record<string, unknown>[];
}

describe("keeper command line", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "ftns-keeper-cli-"));
  let chain: TestChain;
  let printed = "";
  let files = 0;

  before(async () => {
    chain = await startChain();
    const keystore = await encryptKeystoreJson(new Wallet(KEEPER_KEY), PASSWORD, { scrypt: { N: 1_024, r: 8, p: 1 } });
    writeFileSync(join(folder, "keeper.keystore.json"), keystore, { mode: 0o600 });
  });
  after(() => chain.close());

  function configFile(change: Partial<KeeperConfigInput> = {}): string {
    const file = join(folder, `config-${files++}.json`);
    writeFileSync(file, JSON.stringify(configFor(chain, change)));
    return file;
  }

  /** Writes the market file that every configuration here reads. */
  async function writeMarket(price: number, observedAt?: bigint) {
    const market = {
      price,
      volume6h: 50_000,
      meanVolume6h: "60000.5",
      txTotal: 10,
      sendersDay: 90,
      txFailed: 1,
      observedAt: Number(observedAt ?? (await chain.now())),
    };
    writeFileSync(join(folder, "market.json"), JSON.stringify(market));
  }

  function start(flags: string[], env: Record<string, string | undefined> = SECRET_ENV) {
    const child = spawn(process.execPath, [...RUN_TS, "services/keeper/src/main.ts", ...flags], {
      cwd: ROOT,
      env: { PATH: process.env["PATH"], ...QUICK_ENV, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended: Ended = { code: null, stdout: "", stderr: "", lines: [] };
    child.stdout.on("data", (chunk: Buffer) => (ended.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (ended.stderr += chunk.toString()));
    const end = new Promise<Ended>((resolve) => {
      child.on("close", (code) => {
        ended.code = code;
        ended.lines = ended.stdout
          .split("\n")
          .filter((line) => line.startsWith('{"level"'))
          .map((line) => JSON.parse(line));
        printed += ended.stdout + ended.stderr;
        resolve(ended);
      });
    });
    return { child, end, ended };
  }
  const run = (flags: string[], env?: Record<string, string | undefined>) => start(flags, env).end;
  const once = (change: Partial<KeeperConfigInput> = {}, env?: Record<string, string | undefined>) =>
    run(["once", "--config", configFile(change), "--send"], env);
  const outcomes = ({ lines }: Ended) =>
    Object.fromEntries(lines.filter(({ job }) => job).map(({ job, outcome }) => [job, outcome]));

  describe("given something that keeps it from starting", () => {
    const cases: [string, () => Promise<Ended>, string[]][] = [
      ["no configuration named", () => run(["run"]), ["--config"]],
      ["an unknown command", () => run(["walk"]), ["walk"]],
      ["an unknown flag", () => run(["once", "--config", configFile(), "--twice"]), ["--twice"]],
      [
        "an unknown job",
        () => run(["once", "make-coffee", "--config", configFile()]),
        ["There is no job make-coffee", "adjust-supply"],
      ],
      [
        "a file that is not there",
        () => run(["run", "--config", join(folder, "none.json")]),
        ["does not exist", "config.example.json"],
      ],
      [
        "unreadable JSON",
        () => {
          const file = configFile();
          writeFileSync(file, `{ "account": "${KEEPER_KEY}", `);
          return run(["once", "--config", file, "--send"]);
        },
        ["not valid JSON"],
      ],
      [
        "a key in the file",
        () => once({ account: KEEPER_KEY as never }),
        ["account: found a value that looks like a private key (not shown)"],
      ],
      [
        "a key that is not set",
        () => once({}, { ...SECRET_ENV, KEEPER_KEY: undefined }),
        ["account: the environment variable KEEPER_KEY", "is not set"],
      ],
      [
        "a wrong password",
        () => once({ account: { keystore: "keeper.keystore.json", passwordEnv: "PW" } }, { ...SECRET_ENV, PW: `${PASSWORD}x` }),
        ["does not open"],
      ],
      [
        "another chain",
        () => once({ chain: { rpcUrls: [chain.url], chainId: 1 } }),
        ["serves chain 31337", "chain 1", "Nothing was sent"],
      ],
      [
        "an endpoint where nobody listens, with a token in its URL",
        () =>
          once(
            { chain: { rpcUrls: [{ env: "RPC" }], chainId: 31_337 } },
            { ...SECRET_ENV, RPC: `http://127.0.0.1:9/${RPC_TOKEN}` },
          ),
        ["127.0.0.1:9 cannot be reached"],
      ],
      [
        "an address without code",
        () => once({ contracts: { ...chain.addresses, controller: `0x${"12".repeat(20)}` } }),
        ["no contract at contracts.controller"],
      ],
    ];
    for (const [name, action, words] of cases) {
      it(`P93: ends with code 2 and says what to do: ${name}`, async () => {
        const before = await chain.provider.getTransactionCount(new Wallet(KEEPER_KEY).address);
        const { code, stderr, stdout } = await action();
        expect(code, stderr).to.equal(2);
        for (const word of words) expect(stderr).to.include(word);
        expect(stdout).to.equal("");
        expect(await chain.provider.getTransactionCount(new Wallet(KEEPER_KEY).address)).to.equal(before);
      });
    }
  });

  describe("given --help", () => {
    it("explains every command and flag, and ends with code 0", async () => {
      const { code, stdout } = await run(["--help"]);
      expect(code).to.equal(0);
      for (const command of ["run", "once", "status", "check-config"]) expect(stdout).to.include(command);
      const once = await run(["once", "--help"]);
      expect(once.code).to.equal(0);
      for (const flag of ["--config", "--send", "[job...]", "report-price"]) expect(once.stdout).to.include(flag);
    });
  });

  describe("given a new economy", () => {
    it("simulates without --send and sends nothing, which it says", async () => {
      await writeMarket(1);
      const ended = await run(["once", "report-price", "--config", configFile()]);
      expect(ended.code, ended.stderr).to.equal(0);
      expect(ended.stdout).to.include("dry run: nothing is sent without --send");
      expect(outcomes(ended)).to.deep.equal({ "report-price": "would-do" });
      expect(await chain.provider.getTransactionCount(new Wallet(KEEPER_KEY).address)).to.equal(0);
    });

    it("does what is due with once --send, one line per decision, and ends with code 0", async () => {
      const ended = await once();
      expect(ended.code, ended.stderr).to.equal(0);
      expect(ended.stderr).to.equal("");
      expect(outcomes(ended)).to.deep.equal({
        "report-price": "done",
        "record-price": "nothing",
        "adjust-supply": "waiting",
      });
      expect(ended.lines).to.have.length(4);
      expect((await chain.feed.latestMarket()).price).to.equal(100_000_000n);
      expect((await chain.history.lastRecord()).knownUntil).to.equal((await chain.feed.latestMarket()).observedAt);
    });

    it("ends with code 0 when nothing is due, and sends nothing; a keystore opens as well as a variable", async () => {
      const before = await chain.provider.getTransactionCount(new Wallet(KEEPER_KEY).address);
      const account = { keystore: "keeper.keystore.json", passwordEnv: "PW" };
      const ended = await once({ account }, { ...SECRET_ENV, PW: PASSWORD });
      expect(ended.code, ended.stderr).to.equal(0);
      expect(outcomes(ended)).to.deep.equal({
        "report-price": "waiting",
        "record-price": "nothing",
        "adjust-supply": "waiting",
      });
      expect(await chain.provider.getTransactionCount(new Wallet(KEEPER_KEY).address)).to.equal(before);
    });

    it("ends with code 1 when a source is stale, and says so on stderr", async () => {
      const observedAt = await chain.now();
      await chain.jumpTo(observedAt + 2n * HOUR);
      await writeMarket(1, observedAt);
      const ended = await once();
      expect(ended.code).to.equal(1);
      expect(outcomes(ended)).to.include({ "report-price": "broken", "record-price": "nothing" });
      expect(ended.stderr)
        .to.include("report-price is broken")
        .and.include("test file: observed 2 h")
        .and.include("check the sources");
    });
  });

  describe("status", () => {
    it("tells how everything stands, sends nothing, and ends with code 1 when something is broken", async () => {
      const before = await chain.provider.getTransactionCount(new Wallet(KEEPER_KEY).address);
      const ended = await run(["status", "--config", configFile()]);
      expect(ended.code, ended.stderr).to.equal(1);
      for (const words of [
        "127.0.0.1",
        new Wallet(KEEPER_KEY).address,
        "of the chain's coin",
        "0 transactions",
        "1 USD",
        "old, confidence ",
      ]) {
        expect(ended.stdout).to.include(words);
      }
      expect(ended.stdout)
        .to.match(/^report-price +BROKEN +- .*test file: observed 2 h/m)
        .and.match(/^record-price +no .*the feed hands its rounds over/m)
        .and.match(/^adjust-supply +no .*never +no full window/m);
      expect(await chain.provider.getTransactionCount(new Wallet(KEEPER_KEY).address)).to.equal(before);
    });
    it("prints the same as JSON, and ends with code 0 when all is well", async () => {
      await writeMarket(1);
      const ended = await run(["status", "--json", "--config", configFile({ limits: { maxPriceAgeSec: 86_400 } })]);
      expect(ended.code, ended.stderr + ended.stdout).to.equal(0);
      const { jobs, findings, chainId, vitals } = JSON.parse(ended.stdout);
      expect({ findings, chainId }).to.deep.equal({ findings: [], chainId: 31_337 });
      expect(jobs.map(({ job, due }: any) => [job, due])).to.deep.equal([
        ["report-price", true],
        ["record-price", false],
        ["adjust-supply", false],
      ]);
      expect(jobs[1].lastDoneAt).to.equal(String((await chain.history.lastRecord()).knownUntil));
      expect(vitals.feed.value.price).to.equal("100000000");
    });
  });

  describe("check-config", () => {
    it("P93: lists each check, sends nothing, and ends with code 0 when none finds a fault", async () => {
      await writeMarket(1);
      const ended = await run(["check-config", "--config", configFile()]);
      expect(ended.code, ended.stdout).to.equal(0);
      for (const name of [
        "configuration",
        "account",
        "chain.rpcUrls.0",
        "contracts.feed",
        "reporters",
        "balance",
        "source test file",
      ]) {
        expect(ended.stdout).to.match(new RegExp(`^ok +${name} `, "m"));
      }
    });
    it("P93: goes on after a fault, names all of them, and ends with code 2", async () => {
      const config = {
        account: { keystore: "keeper.keystore.json", passwordEnv: "PW" },
        chain: { ...chainOf(chain.url, "http://127.0.0.1:9"), quorum: 1 },
        contracts: { ...chain.addresses, history: chain.addresses.feed, controller: `0x${"12".repeat(20)}` },
        alerts: [{ type: "slack" as const, name: "ops", url: { env: "NOT_SET_ANYWHERE" } }],
      };
      const env = { ...SECRET_ENV, PW: `${PASSWORD}x`, REPORTER_1: TWIN_KEY };
      const ended = await run(["check-config", "--config", configFile(config)], env);
      expect(ended.code, ended.stdout).to.equal(2);
      const faults = ["account", "chain.rpcUrls.1", "contracts.history", "contracts.controller", "alerts.0"];
      for (const name of faults) expect(ended.stdout).to.match(new RegExp(`^FAULT +${name} `, "m"));
      expect(ended.stdout).to.match(/^WARNING +reporters .* is not registered/m);
      expect(ended.stdout).to.match(/^ok +contracts.feed .*quorum 3/m);
    });
    it("tells whoever copied an address of the example into a job that it may be left out", async () => {
      const nowhere = `0x${"a".repeat(40)}`;
      const contracts = { ...chain.addresses, token: chain.addresses.feed };
      const config = { contracts, jobs: { "settle-dues": { gasFeed: { feed: nowhere } } } };
      const ended = await run(["check-config", "--config", configFile(config)]);
      expect(ended.code, ended.stdout).to.equal(2);
      expect(ended.stdout)
        .to.match(/^FAULT +jobs.settle-dues.gasFeed.feed .*take what you do not use out of the configuration/m)
        .and.not.include("that the deployment printed");
    });
    it("has one line for one endpoint that is not there", async () => {
      const alone = await run(["check-config", "--config", configFile({ chain: chainOf("http://127.0.0.1:9") })]);
      expect(alone.stdout.match(/^FAULT.*$/gm)).to.have.length(1);
      expect(alone.stdout).to.match(/^FAULT +chain.rpcUrls.0 /m);
    });
    it("writes amounts in groups of three before the point", () => {
      const written = ["7", "999", "1000", "100000000", "-1234567", "1234.56789"].map(thousands);
      expect(written).to.deep.equal(["7", "999", "1,000", "100,000,000", "-1,234,567", "1,234.56789"]);
    });
    it("names npm in its hints where npm called it", async () => {
      const env = { ...SECRET_ENV, npm_lifecycle_event: "keeper" };
      expect((await run(["status"], env)).stderr).to.include("See npm run keeper -- status --help.");
      expect((await run(["status"])).stderr).to.include("See keeper status --help.");
    });
    it("ends with code 2 at a file that is none", async () => {
      const ended = await run(["check-config", "--config", join(folder, "none.json")]);
      expect(ended.code).to.equal(2);
      expect(ended.stdout).to.match(/^FAULT +configuration .*does not exist/m);
    });
  });

  describe("given a schedule", () => {
    it("P145: runs until SIGTERM and is watched meanwhile, ends with code 0 and leaves nothing half done", async () => {
      await writeMarket(1);
      const [port] = (await freePorts(1)) as [number];
      const service: Partial<KeeperConfigInput> = {
        http: { port },
        alerts: [{ type: "slack", name: "nobody", url: { env: "HOOK" }, minSeverity: "info" }],
      };
      const env = { ...SECRET_ENV, HOOK: `http://127.0.0.1:9/${RPC_TOKEN}` };
      const { child, end, ended } = start(["run", "--config", configFile(service), "--send"], env);
      while (!ended.stdout.includes("adjust-supply waiting")) await new Promise((resolve) => setTimeout(resolve, 50));
      for (const page of ["metrics", "healthz", "readyz", "elsewhere"]) {
        printed += await (await fetch(`http://127.0.0.1:${port}/${page}`)).text();
      }
      child.kill("SIGTERM");
      const { code, lines } = await end;
      expect(code).to.equal(0);
      expect(lines.some(({ msg }) => String(msg).startsWith("SIGTERM"))).to.equal(true);
      expect((await chain.feed.latestMarket()).roundId).to.equal(2n);
    });
  });

  describe("given a month of prices", () => {
    before(() => fillMonth(chain, liveMarket(chain)));

    it("P90: refuses to adjust when the policy departs from the model: code 1, loud on stderr, nothing sent", async () => {
      const snapshot = await chain.snapshot();
      const policy = await new FixedPolicy__factory(chain.governor).deploy(11n * 10n ** 17n);
      await (await chain.controller.setPolicy(policy)).wait();
      const before = await chain.provider.getTransactionCount(new Wallet(KEEPER_KEY).address);
      const ended = await run(["once", "adjust-supply", "--config", configFile(), "--send"]);
      expect(ended.code).to.equal(1);
      expect(ended.stderr).to.include("adjust-supply is broken: MISMATCH, nothing is sent").and.include("tell governance");
      expect(await chain.provider.getTransactionCount(new Wallet(KEEPER_KEY).address)).to.equal(before);
      expect(await chain.controller.multiplier()).to.equal(10n ** 18n);
      await chain.revert(snapshot);
    });

    it("P91: adjusts once between two processes that start together; both end with code 0", async () => {
      const flags = ["once", "adjust-supply", "--send"];
      const ended = await Promise.all([
        run([...flags, "--config", configFile()]),
        run([...flags, "--config", configFile({ account: { env: "TWIN_KEY" } })]),
      ]);
      for (const { code, stderr } of ended) expect(code, stderr).to.equal(0);
      const did = ended.map((one) => outcomes(one)["adjust-supply"]);
      expect(did.filter((outcome) => outcome === "done")).to.have.length(1);
      expect(await chain.controller.multiplier()).to.equal(11n * 10n ** 17n);
    });
  });

  describe("everything that these processes printed and served", () => {
    it("P92: holds no key, password or token", () => {
      expect(printed.length).to.be.greaterThan(5_000);
      expect(printed).to.include("ftns_keeper_balance_coins").and.include("WARNING");
      for (const secret of [KEEPER_KEY, TWIN_KEY, ...REPORTER_KEYS].map((key) => key.slice(2))) {
        expect(printed.toLowerCase()).to.not.include(secret.slice(0, 24));
      }
      expect(printed).to.not.include(PASSWORD).and.not.include(RPC_TOKEN);
    });
  });
});
