import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MARKET_REPORT_TYPES, medianFeedDomain } from "@ftns/sdk/signing.ts";
import { expect } from "chai";
import { Transaction, Wallet, encryptKeystoreJson, verifyTypedData } from "ethers";
import { parseConfig } from "@ftns/keeper/config/load.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { createKeeper } from "@ftns/keeper";
import { openKey } from "@ftns/chain/keys/open.ts";
import type { UnsignedTransaction } from "@ftns/chain/keys/signer.ts";
import { Secrets } from "@ftns/service/secrets.ts";
import { SECRET_ENV, type TestChain, configFor, liveMarket, startChain } from "./chain.ts";

const KEY = `0x${"5a".repeat(32)}`;
const ETHERS = fileURLToPath(import.meta.resolve("ethers")).replace("lib.esm", "lib.commonjs");
/** How the signing commands of these tests begin. */
const PREAMBLE = `const { SigningKey } = require(${JSON.stringify(ETHERS)});
const { digest } = JSON.parse(require("fs").readFileSync(0, "utf8"));`;
const EXAMPLE = fileURLToPath(new URL("../../services/keeper/examples/sign.mjs", import.meta.url));

async function refusalOfAsync(action: Promise<unknown>): Promise<string> {
  const result = await action.catch((error: unknown) => error);
  if (result instanceof ServiceError) return result.advice;
  return expect.fail(`not refused: ${String(result)}`);
}

describe("keeper keys", function () {
  this.timeout(20_000);
  const folder = mkdtempSync(join(tmpdir(), "ftns-keeper-keys-"));
  const wallet = new Wallet(KEY);
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const context = (env: NodeJS.ProcessEnv) => ({ env, baseDir: folder, secrets: new Secrets(), warn });
  const fromKeystore = { keystore: "k.json", passwordEnv: "PASSWORD" };

  before(async () => {
    writeFileSync(
      join(folder, "k.json"),
      await encryptKeystoreJson(wallet, "correct horse", { scrypt: { N: 1_024, r: 8, p: 1 } }),
    );
    writeFileSync(join(folder, "junk.json"), "{}");
  });

  describe("given an environment variable", () => {
    it("refuses when it is not set, and says how to set it", async () => {
      const refusal = await refusalOfAsync(openKey({ env: "KEEPER_KEY" }, "account", context({})));
      expect(refusal)
        .to.include("account: the environment variable KEEPER_KEY")
        .and.include("is not set")
        .and.include("KEEPER_KEY=...");
    });
    it("refuses what is no key, without repeating it", async () => {
      const refusal = await refusalOfAsync(openKey({ env: "K" }, "account", context({ K: "hunter2hunter2" })));
      expect(refusal).to.include("holds no private key").and.not.include("hunter2");
    });
    it("refuses 64 digits that are no valid key", async () => {
      expect(await refusalOfAsync(openKey({ env: "K" }, "account", context({ K: "0".repeat(64) })))).to.include("no valid key");
    });
    it("opens the key, with and without 0x", async () => {
      for (const text of [KEY, KEY.slice(2), ` ${KEY}\n`]) {
        expect((await openKey({ env: "K" }, "account", context({ K: text }))).address).to.equal(wallet.address);
      }
    });
  });

  describe("given a keystore", () => {
    it("refuses when its password is not set", async () => {
      expect(await refusalOfAsync(openKey(fromKeystore, "account", context({}))))
        .to.include("PASSWORD")
        .and.include("is not set");
    });
    it("refuses a file that is not there", async () => {
      const refusal = await refusalOfAsync(
        openKey({ ...fromKeystore, keystore: "none.json" }, "account", context({ PASSWORD: "correct horse" })),
      );
      expect(refusal).to.include("none.json cannot be read");
    });
    it("refuses a file that is no keystore", async () => {
      const refusal = await refusalOfAsync(
        openKey({ ...fromKeystore, keystore: "junk.json" }, "account", context({ PASSWORD: "correct horse" })),
      );
      expect(refusal).to.include("does not open").and.not.include("correct horse");
    });
    it("refuses the wrong password, without repeating it", async () => {
      const refusal = await refusalOfAsync(openKey(fromKeystore, "account", context({ PASSWORD: "wrong pony" })));
      expect(refusal).to.include("does not open").and.not.include("wrong pony");
    });
    it("opens the key and remembers key and password as secrets", async () => {
      const opened = context({ PASSWORD: "correct horse" });
      expect((await openKey(fromKeystore, "account", opened)).address).to.equal(wallet.address);
      expect(opened.secrets.scrub(`${KEY} correct horse`)).to.equal("[secret] [secret]");
    });
  });

  describe("given a keystore and a password file", () => {
    const write = (name: string, text: string, mode = 0o600) => {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), mode);
    };
    beforeEach(() => {
      warnings.length = 0;
      chmodSync(join(folder, "k.json"), 0o600);
    });

    it("refuses a file that is not there, and an empty one", async () => {
      write("empty", "\n");
      const open = (passwordFile: string) => openKey({ keystore: "k.json", passwordFile }, "account", context({}));
      expect(await refusalOfAsync(open("none")))
        .to.include("account.passwordFile")
        .and.include("cannot be read");
      expect(await refusalOfAsync(open("empty"))).to.include("is empty");
    });
    it("opens the key, whether or not the file ends with a new line, and remembers the password as a secret", async () => {
      for (const end of ["", "\n", "\r\n"]) {
        write("password", `correct horse${end}`);
        const opened = context({});
        const key = await openKey({ keystore: "k.json", passwordFile: "password" }, "account", opened);
        expect(key.address).to.equal(wallet.address);
        expect(opened.secrets.scrub("correct horse")).to.equal("[secret]");
      }
      expect(warnings).to.deep.equal([]);
    });
    it("warns of files that others can read", async () => {
      write("password", "correct horse", 0o640);
      chmodSync(join(folder, "k.json"), 0o604);
      await openKey({ keystore: "k.json", passwordFile: "password" }, "account", context({}));
      expect(warnings).to.have.length(2);
      expect(warnings.join()).to.include("account.passwordFile").and.include("account.keystore").and.include("chmod 600");
      expect(warnings.join()).to.not.include("correct horse");
    });
  });

  describe("given a command", () => {
    const unsigned: UnsignedTransaction = {
      type: 2,
      chainId: 31_337,
      nonce: 3,
      to: `0x${"1".repeat(40)}`,
      data: "0x1234",
      gasLimit: 100_000n,
      maxFeePerGas: 20n * 10n ** 9n,
      maxPriorityFeePerGas: 10n ** 9n,
    };
    const place = medianFeedDomain({ chainId: 31_337n, verifyingContract: `0x${"2".repeat(40)}` });
    const report = {
      price: 1n,
      meanPrice: 7n,
      since: 6n,
      volume6h: 2n,
      meanVolume6h: 3n,
      txTotal: 4n,
      txFailed: 0n,
      sendersDay: 8n,
      observedAt: 5n,
    };
    const open = (command: string[], timeoutMs = 10_000) =>
      openKey({ command, address: wallet.address, timeoutMs }, "account", context({ ...process.env }));
    const script = (name: string, body: string) => {
      writeFileSync(join(folder, name), `#!${process.execPath}\n${body}`);
      chmodSync(join(folder, name), 0o700);
      return [`./${name}`];
    };
    before(() => writeFileSync(join(folder, "pw"), "correct horse\n", { mode: 0o600 }));

    const faults: [name: string, body: string, words: string[]][] = [
      ["fails, without repeating what it printed", `console.error("hsm-pin-8472"); process.exit(3)`, ["ended with code 3"]],
      ["prints no JSON", `console.log("yes")`, [`did not answer with a signature of ${wallet.address}`]],
      ["prints a short signature", `console.log('{"signature":"0x12"}')`, ["did not answer with a signature"]],
      ["prints no point of the curve", `console.log(JSON.stringify({ signature: "0x" + "ff".repeat(65) }))`, ["did not answer"]],
      ["prints without end", `for (;;) require("fs").writeSync(1, "x".repeat(9999))`, ["ended with SIGKILL"]],
    ];
    for (const [index, [name, body, words]] of faults.entries()) {
      it(`P140: refuses one that ${name}`, async () => {
        const key = await open(script(`bad-${index}.cjs`, body));
        const refusal = await refusalOfAsync(key.signTransaction(unsigned));
        expect(refusal).to.include("account: the signing command").and.not.include("8472");
        for (const word of words) expect(refusal).to.include(word);
      });
    }
    it("P140: refuses one that signs something else, or with another key", async () => {
      const signing = (key: string, digest: string) => `
        ${PREAMBLE}
        console.log(JSON.stringify({ signature: new SigningKey("${key}").sign(${digest}).serialized }));`;
      const other = await open(script("other-digest.cjs", signing(KEY, `"0x" + "11".repeat(32)`)));
      const stranger = await open(script("stranger.cjs", signing(`0x${"6b".repeat(32)}`, "digest")));
      for (const key of [other, stranger]) {
        expect(await refusalOfAsync(key.signTransaction(unsigned))).to.include("did not answer with a signature of");
        expect(await refusalOfAsync(key.signTypedData(place, MARKET_REPORT_TYPES, report))).to.include("did not answer");
      }
    });
    it("gives up on one that hangs, and on one that is not there", async () => {
      const hanging = await open(script("hang.cjs", "setInterval(() => {}, 1000)"), 200);
      expect(await refusalOfAsync(hanging.signTransaction(unsigned))).to.include("did not answer within 200 ms");
      const missing = await open(["./none"]);
      expect(await refusalOfAsync(missing.signTransaction(unsigned))).to.include("cannot be started (ENOENT)");
    });
    it("signs transactions and reports exactly as a wallet does, with the example", async () => {
      const key = await open([EXAMPLE, join(folder, "k.json"), join(folder, "pw")]);
      expect(await key.signTransaction(unsigned)).to.equal(await wallet.signTransaction(unsigned));
      const signature = await key.signTypedData(place, MARKET_REPORT_TYPES, report);
      expect(signature).to.equal(await wallet.signTypedData(place, MARKET_REPORT_TYPES, report));
      expect(verifyTypedData(place, MARKET_REPORT_TYPES, report, signature)).to.equal(wallet.address);
      const expensive = { ...unsigned, gasLimit: 10n ** 9n };
      expect(await refusalOfAsync(key.signTransaction(expensive))).to.include("ended with code 1");
    });
    it("takes r and s alone, and the higher s, as vaults give them", async () => {
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const body = `
        ${PREAMBLE}
        const { r, s } = new SigningKey("${KEY}").sign(digest);
        const high = (${order}n - BigInt(s)).toString(16).padStart(64, "0");
        console.log(JSON.stringify({ signature: r + high }));`;
      const key = await open(script("vault.cjs", body));
      const raw = await key.signTransaction(unsigned);
      expect(Transaction.from(raw).from).to.equal(wallet.address);
      expect(raw).to.equal(await wallet.signTransaction(unsigned));
    });
  });

  describe("given a whole keeper whose keys are commands", () => {
    let chain: TestChain;
    before(async () => {
      chain = await startChain(undefined, { walks: true });
      const address = new Wallet(SECRET_ENV.KEEPER_KEY).address;
      const scrypt = { N: 1_024, r: 8, p: 1 };
      for (const name of ["KEEPER_KEY", "REPORTER_0", "REPORTER_1", "REPORTER_2"] as const) {
        const json = await encryptKeystoreJson(new Wallet(SECRET_ENV[name]), "correct horse", { scrypt });
        writeFileSync(join(folder, `${name}.json`), json, { mode: 0o600 });
      }
      expect(await chain.provider.getBalance(address)).to.be.greaterThan(0n);
    });
    after(() => chain.close());

    it("P140: reports and records in production mode; no key is anywhere in this process", async () => {
      const reference = (name: keyof typeof SECRET_ENV) => ({
        command: [EXAMPLE, join(folder, `${name}.json`), join(folder, "pw")],
        address: new Wallet(SECRET_ENV[name]).address,
      });
      const config = configFor(chain, { mode: "production", account: reference("KEEPER_KEY") });
      const names = ["REPORTER_0", "REPORTER_1", "REPORTER_2"] as const;
      config.jobs["report-price"]!.reporters = names.map(reference);
      const { source } = liveMarket(chain);
      const keeper = await createKeeper(parseConfig(config), { sources: [source], baseDir: folder });
      const reports = await keeper.runOnce(["report-price", "record-price"]);
      await keeper.stop();
      expect(reports.map(({ outcome, reason }) => (outcome === "done" ? outcome : reason))).to.deep.equal(["done", "done"]);
      expect((await chain.feed.latestMarket()).confidence).to.equal(875n * 10n ** 15n);
    });
  });
});
