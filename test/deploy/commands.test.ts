// `npm run deploy` and `npm run verify-wiring` as a person runs them: as processes, against a chain behind a URL.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { config, network } from "hardhat";
import { JsonRpcProvider, JsonRpcSigner } from "ethers";
import { RUN_TS } from "../helpers/node.ts";
import { addressFrom } from "@ftns/deploy/probe.ts";
import { AccessManager__factory } from "../../typechain-types/index.ts";

/** A chain of this test's own, so that nobody's record of a deployment is touched. */
const CHAIN_ID = 7_270_031;
const RECORD = join(config.paths.ignition, "deployments", `chain-${CHAIN_ID}`);
const NOBODY = addressFrom("FTNS: one member too many");

describe("commands", () => {
  let server: Awaited<ReturnType<typeof network.createServer>>;
  let url: string;
  let folder: string;
  let parameters: string;

  before(async () => {
    rmSync(RECORD, { recursive: true, force: true });
    server = await network.createServer({ override: { chainId: CHAIN_ID } }, "127.0.0.1", 0);
    const { address, port } = await server.listen();
    url = `http://${address}:${port}`;
    folder = mkdtempSync(join(tmpdir(), "ftns-deploy-"));
    parameters = join(folder, "parameters.json");
    const local = JSON.parse(readFileSync(join(config.paths.ignition, "parameters.local.json"), "utf8")) as object;
    writeFileSync(parameters, JSON.stringify({ ...local, chainId: CHAIN_ID }));
  });

  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(RECORD, { recursive: true, force: true });
  });

  const start = (script: "deploy" | "verify-wiring", ...args: string[]) =>
    spawn(process.execPath, [...RUN_TS, `scripts/${script}.ts`, "--network", "local", ...args], {
      env: { ...process.env, LOCAL_RPC_URL: url, NO_COLOR: "1", SEPOLIA_RPC_URL: undefined },
      stdio: ["ignore", "pipe", "pipe"],
    });
  const run = (script: "deploy" | "verify-wiring", ...args: string[]) =>
    new Promise<{ code: number | null; text: string }>((resolve) => {
      const child = start(script, ...args);
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
      child.on("close", (code) => resolve({ code, text }));
    });
  const blockNumber = async () => new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: true }).getBlockNumber();

  describe("given nothing deployed", () => {
    it("verify-wiring says that it knows of no deployment", async () => {
      const { code, text } = await run("verify-wiring", "--parameters", parameters);
      expect(text).to.include("No deployment to this chain is recorded here.");
      expect(code).to.equal(1);
    });

    it("deploy refuses parameters of another chain and sends nothing", async () => {
      const { code, text } = await run("deploy");
      expect(text).to.include(`chainId: meant for chain 31337, but this is chain ${CHAIN_ID}`);
      expect(code).to.equal(1);
      expect(await blockNumber()).to.equal(0);
    });

    it("P266: deploy names what is wrong in the file and on the chain at once, and sends nothing", async () => {
      const file = join(folder, "wrong.json");
      const json = JSON.parse(readFileSync(parameters, "utf8")) as { priceFeed: object };
      const feed = addressFrom("no feed");
      writeFileSync(
        file,
        JSON.stringify({
          ...json,
          treasury: "FILL IN: who",
          attestationThreshold: 9,
          launchDate: "1999-12-31",
          priceFeed: { chainlink: feed, heartbeat: 90_000 },
        }),
      );
      const { code, text } = await run("deploy", "--parameters", file);
      expect(text)
        .to.include(`${file} cannot be used:`)
        .and.include(`treasury: still says "FILL IN: who"`)
        .and.include("attestationThreshold: 9 is not between 2 and 3")
        .and.include("launchDay: day 10956 is not between")
        .and.include(`priceFeed.chainlink: ${feed} has no code on this chain`);
      expect(text.match(/^ {2}- /gm)).to.have.length(4);
      expect(code).to.equal(1);
      expect(await blockNumber()).to.equal(0);
    });

    it("P266: deploy names what is wrong in the file also where the network is not set up", async () => {
      const { code, text } = await run("deploy", "--network", "sepolia");
      expect(text).to.include("SEPOLIA_RPC_URL").and.include(`treasury: still says "FILL IN`);
      expect(code).to.equal(1);
    });

    it("deploy refuses a network that nobody has named, and one that does not answer", async () => {
      const unknown = await run("deploy", "--network", "atlantis");
      expect(unknown.text).to.include("Name a network of hardhat.config.ts with --network");
      expect(unknown.code).to.equal(1);
      const good = url;
      url = "http://127.0.0.1:9";
      const deaf = await run("deploy", "--parameters", parameters);
      url = good;
      expect(deaf.text).to.include("Network local does not answer");
      expect(deaf.code).to.equal(1);
    });
  });

  /** Kills a deployment as soon as its first contract is there, and returns the record that it leaves. */
  const deployAndKill = () =>
    new Promise<Record<string, string>>((resolve, reject) => {
      const child = start("deploy", "--parameters", parameters);
      const record = join(RECORD, "deployed_addresses.json");
      let seen = "";
      const watch = setInterval(() => {
        if (existsSync(record)) seen = readFileSync(record, "utf8");
        if (seen.endsWith("}")) child.kill("SIGKILL");
      }, 5);
      child.on("close", (_, signal) => {
        clearInterval(watch);
        if (signal === "SIGKILL") resolve(JSON.parse(seen) as Record<string, string>);
        else reject(new Error("the deployment ended before it could be killed"));
      });
    });

  describe("given a deployment that was killed on its way (P66)", () => {
    it("deploy goes on where it stopped", async () => {
      const done = await deployAndKill();
      expect(done).to.have.property("Economy#FTNSAccessManager").and.to.be.a("string");
      expect(done).to.not.have.property("Economy#SupplyController");
      const { code, text } = await run("deploy", "--parameters", parameters);
      expect(text).to.match(new RegExp(`manager +${done["Economy#FTNSAccessManager"]}`));
      expect(text).to.match(/Wiring: all \d+ checks hold\./);
      expect(code, text).to.equal(0);
    });
  });

  describe("given a deployment", () => {
    before(async () => {
      const { code, text } = await run("deploy", "--parameters", parameters);
      expect(code, text).to.equal(0);
    });

    it("deploy sends nothing more when it is run again", async () => {
      const blocks = await blockNumber();
      const { code, text } = await run("deploy", "--parameters", parameters);
      expect(text).to.include("Everything was deployed already:");
      expect(code, text).to.equal(0);
      expect(await blockNumber()).to.equal(blocks);
    });

    it("verify-wiring is content", async () => {
      const { code, text } = await run("verify-wiring", "--parameters", parameters, "--fresh");
      expect(text).to.match(/Wiring: all \d+ checks hold\./);
      expect(code, text).to.equal(0);
    });

    it("P261: deploy says what differs when the parameters are no longer those that it began with", async () => {
      const file = join(folder, "changed.json");
      const json = JSON.parse(readFileSync(parameters, "utf8")) as { treasury: string };
      writeFileSync(file, JSON.stringify({ ...json, guardian: json.treasury, minSupporters: 4 }));
      const { code, text } = await run("deploy", "--parameters", file);
      expect(text)
        .to.include(`and now ${json.treasury}`)
        .and.include("minSupporters: deployed with 5, and now 4")
        .and.include("Warning: one hand: ");
      expect(code).to.equal(1);
    });

    it("P260: verify-wiring and deploy refuse the record on a chain that has started anew; --anew deploys there", async () => {
      const other = await network.createServer({ override: { chainId: CHAIN_ID } }, "127.0.0.1", 0);
      const { address, port } = await other.listen();
      const good = url;
      url = `http://${address}:${port}`;
      try {
        for (const script of ["verify-wiring", "deploy"] as const) {
          const { code, text } = await run(script, "--parameters", parameters);
          expect(text).to.include("tells of another chain: none of its");
          expect(code, script).to.equal(1);
        }
        expect(await blockNumber()).to.equal(0);
        const { code, text } = await run("deploy", "--parameters", parameters, "--anew");
        expect(text)
          .to.include("is set aside")
          .and.match(/Wiring: all \d+ checks hold\./);
        expect(code, text).to.equal(0);
      } finally {
        url = good;
        await other.close();
        rmSync(RECORD, { recursive: true });
        renameSync(`${RECORD}.old-1`, RECORD);
      }
    });

    it("verify-wiring needs no record of its own", async () => {
      const { text } = await run("verify-wiring", "--parameters", parameters);
      const addresses = Object.fromEntries(
        [...text.matchAll(/^ {2}(\w+) +(0x\w{40})$/gm)].map(([, name, address]) => [name, address]),
      );
      const file = join(folder, "addresses.json");
      writeFileSync(file, JSON.stringify(addresses));
      rmSync(RECORD, { recursive: true });
      const { code, text: found } = await run("verify-wiring", "--parameters", parameters, "--addresses", file);
      expect(found).to.match(/Wiring: all \d+ checks hold\./);
      expect(code, found).to.equal(0);
    });

    it("verify-wiring fails, and says why, once somebody else holds a role", async () => {
      const { text: before } = await run("deploy", "--parameters", parameters);
      const manager = /manager +(0x\w{40})/.exec(before)![1]!;
      const provider = new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: true });
      // Nobody has the key of the timelock, which alone could do this.
      const timelock = /timelock +(0x\w{40})/.exec(before)![1]!;
      await provider.send("hardhat_impersonateAccount", [timelock]);
      await provider.send("hardhat_setBalance", [timelock, "0xde0b6b3a7640000"]);
      const admin = new JsonRpcSigner(provider, timelock);
      await (await AccessManager__factory.connect(manager, admin).grantRole(5n, NOBODY, 0)).wait();
      const { code, text } = await run("verify-wiring", "--parameters", parameters);
      expect(text)
        .to.include("GOVERNOR: members")
        .and.to.match(/Wiring: 1 of \d+ checks fail\./);
      expect(code).to.equal(1);
    });
  });
});
