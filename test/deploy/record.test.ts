// What deployments do about the record that an earlier one left: real connections to chains behind URLs, deployed in this process.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { config, network } from "hardhat";
import { deployEconomy, type DeployOptions } from "@ftns/deploy/economy.ts";
import { readParameters, type EconomyParameters } from "@ftns/deploy/parameters.ts";
import { findMismatch, readRecord } from "@ftns/deploy/record.ts";
import { preparedOnly, settlePrepared } from "@ftns/deploy/resume.ts";
import type { Connection } from "../helpers/time.ts";

/** A chain of this test's own, and one whose id says that it starts anew all the time. */
const CHAIN_ID = 7_270_032;
const LOCAL_CHAIN_ID = 1_337;
const folderOf = (chainId: number) => join(config.paths.ignition, "deployments", `chain-${chainId}`);
const RECORD = folderOf(CHAIN_ID);
const clean = () => {
  for (const chainId of [CHAIN_ID, LOCAL_CHAIN_ID]) {
    for (const end of ["", ".old-1", ".old-2"]) rmSync(folderOf(chainId) + end, { recursive: true, force: true });
  }
};

describe("the record of a deployment", function () {
  this.timeout(120_000);
  const servers: { close(): Promise<void> }[] = [];
  const local = (): EconomyParameters => readParameters(join(config.paths.ignition, "parameters.local.json"));
  const parametersFor = (chainId: number): EconomyParameters => ({ ...local(), chainId: BigInt(chainId) });
  /** A chain from nothing, as a restarted node is. */
  const startChain = async (chainId = CHAIN_ID): Promise<Connection> => {
    const server = await network.createServer({ override: { chainId } }, "127.0.0.1", 0);
    servers.push(server);
    const { address, port } = await server.listen();
    return network.create({ network: "local", override: { url: `http://${address}:${port}` } });
  };
  const deploy = async (connection: Connection, change: Partial<EconomyParameters> = {}, options: DeployOptions = {}) => {
    const said: string[] = [];
    const { chainId } = await connection.ethers.provider.getNetwork();
    const parameters = { ...parametersFor(Number(chainId)), ...change };
    const economy = await deployEconomy(connection, parameters, { ...options, say: (text) => said.push(text) });
    return { economy, said };
  };
  const refusal = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => expect.fail("it went on"),
      (error: Error) => error.message,
    );
  const nonceOf = async (connection: Connection) => (await connection.ethers.getSigners())[0]!.getNonce();

  /** The chain of a complete deployment, and its record as it was then. */
  let own: Connection;
  const copy = mkdtempSync(join(tmpdir(), "ftns-record-"));
  const putBack = (folder = RECORD) => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(copy, folder, { recursive: true });
  };
  before(async () => {
    expect(existsSync(folderOf(LOCAL_CHAIN_ID)), "somebody's record of chain 1337 is in the way").to.equal(false);
    clean();
    own = await startChain();
    await deploy(own);
    cpSync(RECORD, copy, { recursive: true });
  });
  after(async () => {
    for (const server of servers) await server.close();
    clean();
    rmSync(copy, { recursive: true });
  });

  describe("given a complete deployment", () => {
    it("fits the chain that it is of", async () => {
      expect(await findMismatch(own)).to.equal(undefined);
    });

    it("P261: other parameters are refused, each with both values, and nothing is sent", async () => {
      const [sent, was] = [await nonceOf(own), local()];
      const change = {
        guardian: undefined,
        attestationThreshold: 3n,
        initialSupply: 90_000_000n * 10n ** 18n,
        launchDay: 20_000n,
      };
      const words = await refusal(deploy(own, change));
      expect(words)
        .to.include(`guardian: deployed with ${was.guardian}, and now nothing`)
        .and.include("attestationThreshold: deployed with 2, and now 3")
        .and.include("initialSupply: deployed with 100000000, and now 90000000")
        .and.match(/launchDate: deployed with \d{4}-\d\d-\d\d, and now 2024-10-04/)
        .and.include("--anew");
      expect(words.match(/deployed with/g)).to.have.length(4);
      expect(await nonceOf(own)).to.equal(sent);
    });

    it("P261: the same parameters in other words are the same", async () => {
      const { treasury } = local();
      const sent = await nonceOf(own);
      await deploy(own, { treasury: treasury.toLowerCase(), minSupporters: 5n, keepers: { ftnsPerCoin: 2_000n * 10n ** 18n } });
      expect(await nonceOf(own)).to.equal(sent);
    });

    it("P260: code of one contract that is lost is named, and nothing is sent", async () => {
      const pool = (await readRecord(own))!.deployed.get("RewardPool")!;
      const code = await own.ethers.provider.getCode(pool);
      await own.provider.request({ method: "hardhat_setCode", params: [pool, "0x"] });
      const [sent, words] = [await nonceOf(own), await refusal(deploy(own))];
      expect(words).to.include(`1 of its`).and.include("(RewardPool)");
      expect(await nonceOf(own)).to.equal(sent);
      await own.provider.request({ method: "hardhat_setCode", params: [pool, code] });
    });
  });

  describe("given a chain that started anew under the same id", () => {
    it("P260: is told from its own by the code, also where other code lies at the same address, and refused", async () => {
      const chain = await startChain();
      const record = (await readRecord(chain))!;
      // The deployer of any project puts its first contract at this address.
      await chain.provider.request({ method: "hardhat_setCode", params: [record.deployed.get("FTNSAccessManager")!, "0x6001"] });
      const words = await refusal(deploy(chain));
      expect(words)
        .to.match(/tells of another chain: none of its \d+ contracts has its code here/)
        .and.include("--anew");
      expect(await nonceOf(chain)).to.equal(0);
    });

    it("P260: is set aside without asking on a chain that everybody restarts", async () => {
      putBack(folderOf(LOCAL_CHAIN_ID));
      const { economy, said } = await deploy(await startChain(LOCAL_CHAIN_ID));
      expect(said).to.have.length(1);
      expect(said[0]).to.include("The local chain has started anew").and.include(".old-1");
      expect(await economy.token.totalSupply()).to.equal(local().initialSupply);
    });
  });

  describe("given a transaction that was prepared and of which the record knows no more (P262)", () => {
    const journal = join(RECORD, "journal.jsonl");
    const linesOf = () => readFileSync(journal, "utf8").split("\n");
    /** Cuts the record off after the first transaction was prepared. */
    beforeEach(() => {
      putBack();
      const lines = linesOf();
      const end = lines.findIndex((line) => line.includes('"TRANSACTION_PREPARE_SEND"'));
      writeFileSync(journal, `${lines.slice(0, end + 1).join("\n")}\n`);
      rmSync(join(RECORD, "deployed_addresses.json"));
    });
    const settle = async (chain: Connection) => {
      const said: string[] = [];
      await settlePrepared(chain, RECORD, (text) => said.push(text));
      return said;
    };

    it("that never reached the chain: it is sent anew", async () => {
      const { economy, said } = await deploy(await startChain());
      expect(said).to.deep.equal(["The transaction for FTNSAccessManager never reached the chain: it is sent anew."]);
      expect(await economy.token.totalSupply()).to.equal(local().initialSupply);
      expect(preparedOnly(RECORD)).to.deep.equal([]);
    });

    it("that was mined: its hash is found and noted", async () => {
      const [, hash] = /"hash":"(0x\w{64})"/.exec(readFileSync(join(copy, "journal.jsonl"), "utf8"))!;
      expect(await settle(own)).to.deep.equal([`The transaction for FTNSAccessManager had been sent: ${hash}.`]);
      expect(preparedOnly(RECORD)).to.deep.equal([]);
      expect(await settle(own)).to.deep.equal([]);
    });

    it("that waits: a person is told to wait", async () => {
      const chain = await startChain();
      await chain.provider.request({ method: "evm_setAutomine", params: [false] });
      const [deployer] = await chain.ethers.getSigners();
      await deployer!.sendTransaction({ to: deployer!.address });
      expect(await refusal(settle(chain))).to.include("still waits to be mined");
      expect(preparedOnly(RECORD)).to.have.length(1);
    });
  });
});
