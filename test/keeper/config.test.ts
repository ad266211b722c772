import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openUrl } from "@ftns/service/config/keys.ts";
import { loadConfig, parseConfig } from "@ftns/keeper/config/load.ts";
import { JOB_NAMES } from "@ftns/keeper/config/schema.ts";
import { keeperSettingsPage } from "@ftns/keeper/config/settings.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { Secrets } from "@ftns/service/secrets.ts";
import { WAD } from "@ftns/sdk/units.ts";

const EXAMPLE = new URL("../../services/keeper/config.example.json", import.meta.url);
const KEY = `0x${"5a".repeat(32)}`;

/** The example with one place changed; `undefined` removes it. */
function exampleWith(path: string, value: unknown): unknown {
  const config = JSON.parse(readFileSync(EXAMPLE, "utf8"));
  const names = path.split("/");
  const last = names.pop()!;
  let place = config;
  for (const name of names) place = place[name];
  if (value === undefined) delete place[last];
  else place[last] = value;
  return config;
}

function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ServiceError) return error.advice;
    throw error;
  }
  return expect.fail("nothing was refused");
}

describe("keeper configuration", () => {
  describe("parseConfig", () => {
    describe("given one faulty setting", () => {
      const faults: [path: string, value: unknown, found: string, todo: string][] = [
        ["chain", undefined, "nothing", 'expected an object "chain"'],
        ["chain/rpcUrls/0", "localhost:8545", '"localhost:8545"', "expected an http:// or https:// URL"],
        ["chain/rpcUrls/0", "ws://key@host", "a URL (not shown)", "expected an http:// or https:// URL"],
        ["chain/chainId", "1", '"1"', "expected a whole number of a chain id"],
        ["chain/chainId", 0, "0", "from 1 to"],
        ["chain/timeoutMs", 50, "50", "from 100 to 120000"],
        ["transactions/stuckAfterSec", 1.5, "1.5", "whole number of seconds from 1 to 3600"],
        [
          "transactions/giveUpAfterSec",
          59,
          "59",
          "a run that gives up before transactions.stuckAfterSec never replaces anything",
        ],
        ["transactions/confirmations", 0, "0", "whole number of blocks from 1 to 64"],
        ["transactions/maxReplacements", 33, "33", "whole number of replacements from 0 to 32"],
        ["stateDir", "", '""', "path of a folder"],
        ["account", undefined, "nothing", 'expected {"keystore": "file.json", "passwordFile"'],
        ["account", KEY, "a value that looks like a private key (not shown)", "never stands in this file"],
        ["account", { env: KEY }, "a value that looks like a private key (not shown)", "never stands in this file"],
        ["account", { env: "A B" }, '{"env":"A B"}', "never stands in this file"],
        ["account", { keystore: "k.json" }, '{"keystore":"k.json"}', '"passwordEnv": "NAME"'],
        ["account", { env: "KEEPER_KEY" }, '{"env":"KEEPER_KEY"}', "holds no key in production"],
        ["account", { command: ["sign"] }, '{"command":["sign"]}', '{"command": ["path"], "address": "0x..."}'],
        ["jobs/report-price/reporters/0", { env: "A" }, '{"env":"A"}', "holds no key in production"],
        ["http", { port: 0 }, "0", "from 1 to 65535"],
        ["limits", { balanceWarn: 1, balanceFloor: 2 }, "2", "cannot be above limits.balanceWarn"],
        ["limits", { minConfidence: 60 }, "60", "at most 1"],
        ["alerts", [{ type: "pager", name: "a", url: "https://a" }], '"pager"', '"slack", "discord"'],
        ["alerts", [{ type: "slack", name: "a", url: "ops@a" }], '"ops@a"', "expected an http:// or https:// URL"],
        ["alerts", [{ type: "email-webhook", name: "a", url: "https://a" }], "nothing", "an e-mail address"],
        ["alerts", ["https://a", "https://b"].map((url) => ({ type: "slack", name: "a", url })), '"a"', "another receiver"],
        ["mode", "test", '"test"', "expected production or local"],
        ["contracts", undefined, "nothing", 'expected an object "contracts"'],
        ["contracts/feed", "0x12", '"0x12"', "0x and 40 hex digits"],
        ["contracts/history", `0x${"0".repeat(40)}`, `"0x${"0".repeat(40)}"`, "the zero address holds no contract"],
        ["contracts/controller", undefined, "nothing", "the job adjust-supply needs this address"],
        ["contracts/feed", undefined, "nothing", "the job report-price needs this address"],
        ["contracts/history", undefined, "nothing", "the job record-price needs this address"],
        ["contracts/breaker", undefined, "nothing", "the job watch-emergency needs this address"],
        ["contracts/governor", undefined, "nothing", "the job run-governance needs this address"],
        ["jobs/run-governance/lookback", 0, "0", "expected a whole number of proposals from 1 to 1000"],
        ["jobs/run-governance/ignore", [5], "5", "proposal id as decimal text in quotes"],
        ["jobs/run-governance/ignore", ["0x5"], '"0x5"', "proposal id as decimal text in quotes"],
        ["contracts/token", undefined, "nothing", "the job report-velocity needs this address"],
        ["jobs/report-velocity/reportAt", "weekly", '"weekly"', "expected a cron pattern"],
        ["jobs/settle-dues/gasFeed", undefined, "nothing", 'expected {"feed": "0x..."}'],
        ["jobs/settle-dues/gasFeed/maxAgeSec", 59, "59", "from 60 to 172800"],
        ["jobs/settle-dues/maxPerRun", 17, "17", "whole number of accounts from 1 to 16"],
        ["jobs/settle-dues/minDueFtns", -1, "-1", "expected an amount of FTNS from 0 to 1000000"],
        ["jobs/report-price/sources/3/quote", "0x1", '"0x1"', 'expected {"feed": "0x..."}'],
        ["jobs/watch-emergency/jitterSec", -1, "-1", "from 0 to 600"],
        ["jobs/report-price/countTransactions", { to: [] }, "[]", "at least one contract address"],
        ["jobs/report-price/countTransactions", { to: ["0x12"] }, '"0x12"', "0x and 40 hex digits"],
        ["transactions/maxFeeGwei", -1, "-1", "expected an amount of gwei from 0 to 1000000"],
        ["transactions/maxPriorityFeeGwei", 101, "101", "cannot be above transactions.maxFeeGwei"],
        ["jobs", {}, "{}", "expected at least one of report-price, record-price, adjust-supply, watch-emergency, run-governance"],
        ["jobs/report-price/schedule", "every hour", '"every hour"', "expected a cron pattern"],
        ["jobs/report-price/schedule", "0 0 */2 * * *", '"0 0 */2 * * *"', "leaves 7200 s between two looks"],
        ["jobs/record-price/schedule", "0 0 0 * * *", '"0 0 0 * * *"', "leaves 86400 s between two looks"],
        ["jobs/adjust-supply/jitterSec", 601, "601", "from 0 to 600"],
        ["jobs/report-price/intervalSec", 59, "59", "from 60 to 86400"],
        ["jobs/record-price/intervalSec", "1h", '"1h"', "from 60 to 86400"],
        ["jobs/report-price/deviation", 0, "0", "0.01 is one percent"],
        ["jobs/report-price/deviation", 2, "2", "at most 0.5"],
        ["jobs/report-price/maxObservationAgeSec", 601, "601", "from 1 to 600"],
        ["jobs/report-price/minSources", 6, "6", "6 sources must agree but only 5 are listed"],
        ["jobs/report-price/maxSpread", null, "null", "expected a ratio above 0"],
        ["jobs/report-price/reporters", [{ env: "A" }, { env: "A" }], '{"env":"A"}', "listed twice"],
        ["jobs/report-price/sources/0/type", "ftp", '"ftp"', 'expected "type" to be "file", "http", "coingecko"'],
        ["jobs/report-price/sources/2/url", "file:///x", "a URL (not shown)", "expected an http:// or https:// URL"],
        ["jobs/report-price/sources/0/coin", "", '""', "CoinGecko's id of the coin"],
        ["jobs/report-price/sources/0/retries", 6, "6", "from 0 to 5"],
        ["jobs/report-price/sources/0/apiKey", "key-8472", '"key-8472"', "expected"],
        ["jobs/report-price/sources/0/maxAgeSec", 601, "601", "from 1 to 600"],
        ["jobs/report-price/sources/4/path", "", '""', "the path of a JSON file"],
        ["jobs/report-price/sources/1/name", "coingecko", '"coingecko"', "another source has this name"],
        ["jobs/report-price/sources", [], "[]", "at least one market source"],
        ["jobs/report-price/exchange/listen/port", 0, "0", "from 1 to 65535"],
        ["jobs/report-price/exchange/peers/0/url", "north", '"north"', "expected an http:// or https:// URL"],
        ["jobs/report-price/exchange/peers/1/name", "north", '"north"', "another peer has this name"],
        ["jobs/report-price/exchange/timeoutMs", 50, "50", "from 100 to 30000"],
        ["log/level", "loud", '"loud"', "expected debug, info, warn, error or silent"],
      ];
      for (const [path, value, found, todo] of faults) {
        const shown = value === KEY ? "a key" : JSON.stringify(value)?.slice(0, 40);
        it(`names ${path} = ${shown}, what was found and what to do`, () => {
          const refusal = refusalOf(() => parseConfig(exampleWith(path, value)));
          // Faults inside a choice of shapes are named at the setting itself.
          expect(refusal).to.match(new RegExp(`\\n  - ${path.replaceAll("/", "\\.").replace(/[[\]]/g, "\\$&")}[:.]`));
          expect(refusal).to.include(`found ${found}; `).and.include(todo);
          expect(refusal).to.not.include(KEY.slice(2));
        });
      }
    });

    describe("given a keeper without a reporter key", () => {
      const carrier = (exchange: unknown) => {
        const config = exampleWith("jobs/report-price/exchange", exchange) as { jobs: { "report-price": object } };
        const report = { ...config.jobs["report-price"], reporters: [], sources: [] };
        return { ...config, jobs: { "report-price": report } };
      };
      it("refuses one that has no peers either, or nothing to serve", () => {
        expect(refusalOf(() => parseConfig(carrier(undefined)))).to.include("at least one reporter key, or peers");
        const peers = [{ name: "north", url: "http://north" }];
        expect(refusalOf(() => parseConfig(carrier({ listen: { port: 80 }, peers })))).to.include("nothing to serve");
      });
      it("takes one that carries its peers' reports", () => {
        const { jobs } = parseConfig(carrier({ peers: [{ name: "north", url: "http://north" }] }));
        expect(jobs["report-price"]?.exchange).to.deep.include({ timeoutMs: 3_000 });
      });
    });

    describe("given an unknown setting", () => {
      it("refuses it at the top", () => {
        expect(refusalOf(() => parseConfig(exampleWith("job", {})))).to.include('unknown setting "job"');
      });
      it("refuses it inside a job, and says where", () => {
        expect(refusalOf(() => parseConfig(exampleWith("jobs/record-price/interval", 1)))).to.include(
          'unknown setting "interval" in jobs.record-price',
        );
      });
      it("does not repeat a key that somebody pasted as a name", () => {
        const refusal = refusalOf(() => parseConfig(exampleWith(KEY, 1)));
        expect(refusal).to.include("looks like a private key (not shown)").and.not.include(KEY.slice(2));
      });
    });

    describe("given one fault", () => {
      it("says that it is one", () => {
        expect(refusalOf(() => parseConfig(exampleWith("job", {})))).to.match(/ has a fault:\n {2}- [^\n]+\n/);
      });
    });

    describe("given several faults", () => {
      it("counts them, and lists them all at once", () => {
        const refusal = refusalOf(() => parseConfig({ chain: { rpcUrls: 1, chainId: 1 }, jobs: {} }));
        expect(refusal).to.include("chain.rpcUrls").and.include("account").and.include("contracts");
        const [, count] = / has (\d+) faults:\n/.exec(refusal) ?? [];
        expect(Number(count)).to.equal(refusal.match(/^ {2}- /gm)?.length);
      });
    });

    describe("given something that is no object", () => {
      it("says what it should be", () => {
        expect(refusalOf(() => parseConfig([]))).to.include("expected a JSON object with chain, account, contracts and jobs");
      });
    });

    describe("given a minimal configuration", () => {
      it("fills in the defaults in the units that the keeper works with", () => {
        const config = parseConfig({
          mode: "local",
          chain: { rpcUrls: ["http://127.0.0.1:8545"], chainId: 31337 },
          account: { env: "KEEPER_KEY" },
          contracts: { feed: `0x${"1".repeat(40)}` },
          jobs: {
            "report-price": { reporters: [{ env: "A" }], sources: [{ type: "file", name: "f", path: "m.json" }] },
          },
        });
        expect(config.transactions).to.deep.equal({
          maxFeeGwei: 100n * 10n ** 9n,
          maxPriorityFeeGwei: 2n * 10n ** 9n,
          confirmations: 1,
          stuckAfterSec: 60,
          giveUpAfterSec: 600,
          maxReplacements: 8,
        });
        expect(config.chain.timeoutMs).to.equal(10_000);
        expect(config.jobs["report-price"]).to.include({
          intervalSec: 3_600,
          deviation: WAD / 100n,
          maxSpread: WAD / 50n,
        });
        expect(config.jobs["record-price"]).to.equal(undefined);
      });
    });
  });

  describe("loadConfig", () => {
    const folder = mkdtempSync(join(tmpdir(), "ftns-keeper-config-"));

    describe("given no such file", () => {
      it("says so and names the example", () => {
        expect(refusalOf(() => loadConfig(join(folder, "none.json"))))
          .to.include("does not exist")
          .and.include("config.example.json");
      });
    });

    describe("given a folder in its place", () => {
      it("says that it cannot be read", () => {
        expect(refusalOf(() => loadConfig(folder))).to.include("cannot be read");
      });
    });

    describe("given broken JSON around a secret", () => {
      it("names the line and repeats nothing of the content", () => {
        const file = join(folder, "broken.json");
        writeFileSync(file, `{\n  "account":\n  ${KEY}\n}`);
        const refusal = refusalOf(() => loadConfig(file));
        expect(refusal).to.include("not valid JSON (near line 3)").and.not.include("5a5a");
      });
    });

    describe("given half of a file", () => {
      it("refuses it", () => {
        const file = join(folder, "half.json");
        writeFileSync(file, readFileSync(EXAMPLE, "utf8").slice(0, 200));
        expect(refusalOf(() => loadConfig(file))).to.include("not valid JSON");
      });
    });

    describe("given the example", () => {
      it("takes it, with every job", () => {
        const { config, baseDir } = loadConfig(EXAMPLE.pathname);
        expect(Object.keys(config.jobs)).to.have.members([...JOB_NAMES]);
        expect(EXAMPLE.pathname.startsWith(baseDir)).to.equal(true);
      });
    });
  });

  describe("chain", () => {
    const withChain = (change: object) => () =>
      parseConfig(exampleWith("chain", { rpcUrls: ["http://a", "http://b/key-8472", { env: "C" }], chainId: 1, ...change }));
    it("takes a quorum of up to all endpoints", () => {
      expect(withChain({})().chain).to.include({ quorum: 1, maxClockSkewSec: 300 });
      expect(withChain({ quorum: 3, maxClockSkewSec: 0 })().chain).to.include({ quorum: 3, maxClockSkewSec: 0 });
    });
    it("refuses a quorum of more, or of none", () => {
      expect(refusalOf(withChain({ quorum: 4 }))).to.include(
        "chain.quorum: found 4; 4 endpoints must agree but only 3 are listed",
      );
      expect(refusalOf(withChain({ quorum: 0 }))).to.include("chain.quorum: found 0; expected a whole number");
    });
    it("refuses an endpoint that is listed twice, without repeating it", () => {
      const rpcUrls = ["http://b/key-8472", "http://a", "http://b/key-8472"];
      expect(refusalOf(withChain({ rpcUrls })))
        .to.include("chain.rpcUrls.2")
        .and.include("listed twice")
        .and.not.include("8472");
    });
  });

  describe("openUrl", () => {
    const context = (env: NodeJS.ProcessEnv) => ({ env, baseDir: ".", secrets: new Secrets() });

    it("refuses a variable that holds no URL, without repeating it", () => {
      const refusal = refusalOf(() => openUrl({ env: "U" }, "chain.rpcUrl", context({ U: "not-a-url-8472" })));
      expect(refusal).to.include("chain.rpcUrl").and.include("holds no http:// or https:// URL").and.not.include("8472");
    });
    it("takes a URL as written or from the environment, where it is a secret", () => {
      expect(openUrl("http://node", "chain.rpcUrl", context({}))).to.equal("http://node");
      const opened = context({ U: "https://node/v3/api-key-8472" });
      expect(openUrl({ env: "U" }, "chain.rpcUrl", opened)).to.equal("https://node/v3/api-key-8472");
      expect(opened.secrets.scrub("at https://node/v3/api-key-8472!")).to.equal("at [secret]!");
    });
  });

  describe("docs/operating/settings.md", () => {
    const page = readFileSync(new URL("../../docs/operating/settings.md", import.meta.url), "utf8");
    it("lists every setting as the schema has it", () => {
      expect(page, "run: npx tsx services/keeper/write-settings.ts").to.equal(keeperSettingsPage());
    });
    it("has each of them once", () => {
      const names = [...page.matchAll(/^\| (`.+?`(?: \(.+?\))?) \|/gm)].map(([, name]) => name!);
      expect(names.length).to.be.greaterThan(100);
      expect(new Set(names).size).to.equal(names.length);
    });
  });
});
