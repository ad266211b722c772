// KeeperJobs as an upkeep of a real Chainlink registry: its nodes look, sign and transmit, its forwarder calls.
import { expect } from "chai";
import { network } from "hardhat";
import type { BaseContract, ContractTransactionReceipt, ContractTransactionResponse } from "ethers";
import { Wallet } from "ethers";
import { HOUR } from "../helpers/time.ts";
import { registryOn } from "./chainlinkRegistry.ts";
import { doneIn, JOB, keepersOn, NOBODY, task, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const { ethers } = connection;
const coder = ethers.AbiCoder.defaultAbiCoder();
const REPORT =
  "tuple(uint256 fastGasWei, uint256 linkNative, uint256[] ids, uint256[] gasLimits, bytes[] triggers, bytes[] data)";

describe("KeeperJobs in Chainlink's registry 2.1", function () {
  // Compiling the registry takes a quarter of a minute on a quiet machine.
  this.timeout(600_000);
  const nodes = [1, 2, 3, 4].map((i) => new Wallet(ethers.id(`node ${i}`)));
  const payee = ethers.getAddress(`0x${"cc".repeat(20)}`);
  let w: KeepersWorld;
  let registry: BaseContract;
  const call = (name: string, ...args: unknown[]) => registry.getFunction(name)(...args) as Promise<ContractTransactionResponse>;

  before(async () => {
    w = await keepersOn(connection);
    const transmitters = w.people.users.slice(0, nodes.length).map(({ address }) => address);
    const made = await registryOn(
      connection,
      nodes.map(({ address }) => address),
      transmitters,
    );
    registry = made.registry;
    await made.link.approve(registry, 10n ** 24n);
  });

  it("P464: what its nodes see due is done by its forwarder, and whom the check data name is paid; nothing is left there", async () => {
    // Numbers of upkeeps come from the block, so the number is asked for after it is there.
    const data = payee;
    const receipt = (await (
      await call("registerUpkeep(address,uint32,address,bytes,bytes)", w.jobs, 2_500_000n, w.people.users[0]!, data, "0x")
    ).wait()) as ContractTransactionReceipt;
    const event = receipt.logs.map((log) => registry.interface.parseLog(log)).find((log) => log?.name === "UpkeepRegistered");
    const id = event!.args[0] as bigint;
    await call("addFunds", id, 10n ** 21n);
    const forwarder = (await registry.getFunction("getForwarder")(id)) as string;

    // Nobody may execute a look: nodes ask from the address zero.
    const looked = async () => {
      const look = registry.connect(ethers.provider).getFunction("checkUpkeep(uint256)");
      const [needed, performData] = (await look.staticCall(id, { from: NOBODY })) as unknown as [boolean, string];
      return { needed, performData };
    };
    expect((await looked()).needed).to.equal(false);
    await w.clock.pass(HOUR);
    await w.report();
    const { needed, performData } = await looked();
    expect([needed, performData]).to.deep.equal([true, task(JOB.record, "0x", payee)]);

    const { number, hash } = (await ethers.provider.getBlock("latest"))!;
    await w.clock.pass(1n);
    const trigger = coder.encode(["uint32", "bytes32"], [number, hash]);
    const report = coder.encode([REPORT], [[10n ** 9n, 5n * 10n ** 15n, [id], [2_500_000n], [trigger], [performData]]]);
    const { configDigest } = (await registry.getFunction("latestConfigDetails")()) as unknown as { configDigest: string };
    const context = [configDigest, ethers.toBeHex(256n, 32), ethers.ZeroHash];
    const digest = ethers.keccak256(coder.encode(["bytes32", "bytes32[3]"], [ethers.keccak256(report), context]));
    const signed = nodes.slice(0, 2).map((node) => node.signingKey.sign(digest));
    const parities = signed.map(({ yParity }) => (yParity === 0 ? "00" : "01")).join("");
    const transmit = () =>
      registry.connect(w.people.users[0]!).getFunction("transmit")(
        context,
        report,
        signed.map(({ r }) => r),
        signed.map(({ s }) => s),
        ethers.zeroPadBytes(`0x${parities}`, 32),
      ) as Promise<ContractTransactionResponse>;

    const { done, receipt: sent } = await doneIn(w, transmit());
    const performed = sent.logs.map((log) => registry.interface.parseLog(log)).find((log) => log?.name === "UpkeepPerformed");
    expect(performed!.args[1]).to.equal(true);
    expect(done.map(({ job, executor, payee }) => [job, executor, payee])).to.deep.equal([[JOB.record, forwarder, payee]]);
    expect(done[0]!.paid).to.be.greaterThan(0n);
    expect(await w.token.balanceOf(payee)).to.equal(done[0]!.paid);
    expect(await w.token.balanceOf(forwarder)).to.equal(0n);
    expect(await w.history.hasNewRound()).to.equal(false);
    expect((await looked()).needed).to.equal(false);
  });
});
