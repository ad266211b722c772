import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { ServiceError } from "@ftns/keeper";
import { createKey, importKey } from "@ftns/chain/keys/create.ts";
import { RUN_TS } from "../helpers/node.ts";

const PASSWORD = "a password of this suite";
const QUICK = 1_024;

describe("new-key", () => {
  const folder = mkdtempSync(join(tmpdir(), "ftns-key-"));
  const file = (name: string) => join(folder, name);
  before(() => writeFileSync(file("password"), `${PASSWORD}\n`));
  after(() => rmSync(folder, { recursive: true }));

  const refusalOf = async (keystore: string, password: string) => {
    const result = await createKey(file(keystore), file(password), QUICK).catch((error: unknown) => error);
    return result instanceof ServiceError ? result.advice : expect.fail(`not refused: ${String(result)}`);
  };

  it("refuses a password that is not there, or too short, and writes nothing", async () => {
    expect(await refusalOf("none.json", "nowhere"))
      .to.include("cannot be read")
      .and.include("openssl rand");
    writeFileSync(file("short"), "hunter2\n");
    expect(await refusalOf("none.json", "short"))
      .to.include("fewer than 12 characters")
      .and.not.include("hunter2");
    expect(() => statSync(file("none.json"))).to.throw("ENOENT");
  });
  it("never replaces a file", async () => {
    writeFileSync(file("taken.json"), "precious");
    expect(await refusalOf("taken.json", "password")).to.include("exists already");
    expect(readFileSync(file("taken.json"), "utf8")).to.equal("precious");
  });
  it("says when the folder is not there", async () => {
    expect(await refusalOf("no/such/folder.json", "password")).to.include("cannot be written");
  });
  it("writes a keystore that opens with the password, for its owner alone, and gives its address", async () => {
    const address = await createKey(file("new.json"), file("password"), QUICK);
    const json = readFileSync(file("new.json"), "utf8");
    const wallet = await Wallet.fromEncryptedJson(json, PASSWORD);
    expect(wallet.address).to.equal(address);
    expect(json).to.not.include(wallet.privateKey.slice(2));
    expect(statSync(file("new.json")).mode & 0o777).to.equal(0o600);
  });
  describe("import-key (P269)", () => {
    const PHRASE = "test test test test test test test test test test test junk";
    const FIRST = new Wallet("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

    it("takes a key in hex, with 0x or without, and a recovery phrase, and gives the address", async () => {
      const forms = [FIRST.privateKey, `${FIRST.privateKey.slice(2)}\n`, `  ${PHRASE.replace(" ", "\n")} \n`];
      for (const [i, secret] of forms.entries()) {
        const keystore = file(`imported-${i}.json`);
        expect(await importKey(secret, keystore, file("password"), QUICK)).to.equal(FIRST.address);
        const json = readFileSync(keystore, "utf8");
        expect((await Wallet.fromEncryptedJson(json, PASSWORD)).privateKey).to.equal(FIRST.privateKey);
        expect(statSync(keystore).mode & 0o777).to.equal(0o600);
      }
    });

    it("refuses what is no key, without repeating it, and writes nothing", async () => {
      for (const secret of [
        "",
        FIRST.privateKey.slice(0, -1),
        `${FIRST.privateKey}0`,
        PHRASE.replace("junk", "test"),
        `0x${"0".repeat(64)}`,
      ]) {
        const error = await importKey(secret, file("never.json"), file("password"), QUICK).catch((one: unknown) => one);
        const words = error instanceof ServiceError ? error.advice : expect.fail(String(error));
        expect(words).to.include("What was given is no key.");
        if (secret.length > 10) expect(words).to.not.include(secret.slice(2, 12));
      }
      expect(() => statSync(file("never.json"))).to.throw("ENOENT");
    });

    it("reads the key from stdin as a command, and prints the address alone", async () => {
      const args = ["import-key", file("by-command.json"), "--password-file", file("password")];
      const child = spawnSync(process.execPath, [...RUN_TS, "services/keeper/src/main.ts", ...args], {
        input: `${FIRST.privateKey}\n`,
        encoding: "utf8",
      });
      expect([child.stdout, child.stderr, child.status]).to.deep.equal([`${FIRST.address}\n`, "", 0]);
    });
  });

  it("makes another key each time", async () => {
    const [first, second] = [
      await createKey(file("1.json"), file("password"), QUICK),
      await createKey(file("2.json"), file("password"), QUICK),
    ];
    expect(first).to.not.equal(second);
  });
});
