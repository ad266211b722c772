import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { packSdk } from "../../scripts/pack-sdk.ts";
import { attest } from "../helpers/sign.ts";
import { bridgeTo } from "../keeper/bridge.ts";
import { verifiersFixture, worth } from "../verifiers/fixture.ts";

const run = promisify(execFile);
const MODULES = fileURLToPath(new URL("../../node_modules/", import.meta.url));

const SCRIPT = `
import { contracts, deploymentOf, formatFtns, interfaces, wordsOfRevert } from "@ftns/sdk";
const account = "0x" + "12".repeat(20);
const call = await contracts.token(account).transfer.populateTransaction(account, 5n);
const refusal = interfaces.vault().encodeErrorResult("InsufficientStake", [account, 1n, 2n * 10n ** 18n]);
let unknown;
try { deploymentOf(5); } catch (error) { unknown = error.message; }
console.log(JSON.stringify({ data: call.data, words: wordsOfRevert(refusal), amount: formatFtns(15n * 10n ** 17n), unknown }));
`;

/** A stranger's first ten lines: what it holds, what is due and why, a stake, votes, and why it earned. */
const STRANGER = `
import { changesIn, connectEconomy, parseFtns, project, dayOf, readAccount, wordsOfAccount } from "@ftns/sdk";
import { JsonRpcProvider, Wallet } from "ethers";
const provider = new JsonRpcProvider(process.env.URL, undefined, { cacheTimeout: -1, pollingInterval: 50 });
const me = new Wallet(process.env.KEY, provider);
const addresses = JSON.parse(process.env.ADDRESSES);
const { token, vault, registry } = connectEconomy(addresses, me);
const { contribution, attestations } = JSON.parse(process.env.PROOF);
const proved = await (await registry.submit(contribution, attestations, [])).wait();
await (await token.approve(vault, parseFtns("20"))).wait();
await (await vault.stake(parseFtns("20"))).wait();
await (await vault.delegate(me.address)).wait();
const report = await readAccount(connectEconomy(addresses, provider), me.address);
const [tomorrow] = project(report.stored, Number(dayOf(report.at.timestamp)), 1);
const why = await changesIn(provider, addresses, me.address, proved.hash);
console.log(JSON.stringify({ words: wordsOfAccount(report), why, votes: report.votes, tomorrow }, (_, one) => typeof one === "bigint" ? String(one) : one));
process.exit(0);
`;

const CONSUMER = `
import { type Contribution, type EconomyAddresses, connectEconomy, contracts, dayOf, formatUsd, interfaces, signContribution } from "@ftns/sdk";
import type { Provider, Signer } from "ethers";

export async function price(address: string, provider: Provider): Promise<string> {
  const { answer } = await contracts.medianFeed(address, provider).latestRoundData();
  return formatUsd(answer);
}

export async function send(addresses: EconomyAddresses, signer: Signer, contribution: Contribution): Promise<string> {
  const { token, registry } = connectEconomy(addresses, signer);
  // @ts-expect-error an amount is no boolean
  void token.transfer(await signer.getAddress(), true);
  const place = { chainId: 1n, verifyingContract: addresses.registry };
  const attestation = { signer: await signer.getAddress(), signature: await signContribution(signer, place, contribution) };
  const sent = await registry.submit(contribution, [attestation], []);
  const day: bigint = dayOf(7_200n);
  return sent.hash + day + interfaces.token().getFunction("transfer").selector;
}
`;

describe("SDK: the package", function () {
  this.timeout(120_000);
  let folder: string;
  let sdk: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "ftns-sdk-"));
    const tarball = await packSdk(folder);
    // An empty project with the tarball and ethers, and nothing else that could be found by its name.
    sdk = join(folder, "project", "node_modules", "@ftns", "sdk");
    mkdirSync(sdk, { recursive: true });
    await run("tar", ["-xzf", tarball, "-C", sdk, "--strip-components=1"]);
    symlinkSync(join(MODULES, "ethers"), join(folder, "project", "node_modules", "ethers"), "junction");
    writeFileSync(join(folder, "project", "package.json"), '{ "type": "module" }');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("asks for ethers alone, and refers to nothing else", () => {
    const { peerDependencies, dependencies, private: hidden } = JSON.parse(readFileSync(join(sdk, "package.json"), "utf8"));
    expect(Object.keys(peerDependencies)).to.deep.equal(["ethers"]);
    expect([dependencies, hidden]).to.deep.equal([undefined, undefined]);
    const files = readdirSync(sdk, { recursive: true, encoding: "utf8" }).filter((file) => /\.(js|ts)$/.test(file));
    expect(files).to.include(join("dist", "index.js")).and.include(join("dist", "index.d.ts"));
    for (const file of files) {
      const names = [...readFileSync(join(sdk, file), "utf8").matchAll(/(?:from |import\()"([^".][^"]*)"/g)].map(
        ([, name]) => name,
      );
      expect(
        [...new Set(names)].filter((name) => name !== "ethers"),
        file,
      ).to.deep.equal([]);
    }
  });

  it("encodes a call, words a refusal and formats an amount", async () => {
    const script = join(folder, "project", "use.mjs");
    writeFileSync(script, SCRIPT);
    const { stdout } = await run(process.execPath, [script]);
    const said = JSON.parse(stdout);
    expect(said.data).to.match(/^0xa9059cbb0{24}(12){20}0{63}5$/);
    expect(said.words).to.match(/has 0\.000000000000000001 FTNS staked, less than 2 FTNS; ask for/);
    expect(said.amount).to.equal("1.5 FTNS");
    expect(said.unknown).to.include("pass its addresses yourself");
  });

  it("takes a stranger from a proof to a reward, a stake and votes, each explained", async () => {
    const { connection, ethers, fresh } = await verifiersFixture();
    const d = await fresh();
    const key = `0x${"5badcafe".repeat(8)}`;
    const person = new ethers.Wallet(key).address;
    await connection.networkHelpers.setBalance(person, 10n ** 20n);
    const contribution = await worth(d, { address: person } as never, 60n * 10n ** 18n);
    const attestations = await attest(d.verifiers.slice(0, 2), contribution, d.place);
    const bridge = await bridgeTo(connection);
    const script = join(folder, "project", "stranger.mjs");
    writeFileSync(script, STRANGER);
    const asText = (value: unknown) => JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one));
    const env = { URL: bridge.url, KEY: key, ADDRESSES: asText(d.addresses), PROOF: asText({ contribution, attestations }) };
    const { stdout } = await run(process.execPath, [script], { env: { ...process.env, ...env } });
    await bridge.close();
    const said = JSON.parse(stdout);
    expect(said.why[0].text).to.match(/^a reward of 7[\d.]* FTNS for a COMPUTE proof/);
    expect(said.votes).to.equal((20n * 10n ** 18n).toString());
    expect(said.words.map(({ about }: { about: string }) => about)).to.include.members([
      "holds",
      "fee",
      "tier",
      "stake",
      "votes",
    ]);
    expect(said.tomorrow.reason).to.equal("grace");
  });

  it("gives a strict consumer its types", async () => {
    writeFileSync(join(folder, "project", "consumer.ts"), CONSUMER);
    const options = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, types: [] };
    const settings = { target: "es2022", module: "nodenext", lib: ["es2022"], skipLibCheck: false, skipDefaultLibCheck: true };
    const config = join(folder, "project", "tsconfig.json");
    writeFileSync(config, JSON.stringify({ compilerOptions: { ...options, ...settings }, files: ["consumer.ts"] }));
    const checked = await run(process.execPath, [join(MODULES, "typescript", "bin", "tsc"), "-p", config]).catch(
      (error) => error,
    );
    expect(checked.stdout).to.equal("");
  });
});
