import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { ServiceError } from "@ftns/keeper";
import { createKey } from "@ftns/chain/keys/create.ts";

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
  it("makes another key each time", async () => {
    const [first, second] = [
      await createKey(file("1.json"), file("password"), QUICK),
      await createKey(file("2.json"), file("password"), QUICK),
    ];
    expect(first).to.not.equal(second);
  });
});
