import { expect } from "chai";
import { changesBetween, changesIn } from "@ftns/sdk/account/history.ts";
import { fromEip1193 } from "@ftns/sdk/adapters.ts";
import { connectEconomy, interfaces } from "@ftns/sdk/contracts.ts";
import type { EconomyAddresses } from "@ftns/sdk/economy.ts";
import { explainCall, explainProposal, linesOfCall } from "@ftns/sdk/explain/calls.ts";
import { changesOf } from "@ftns/sdk/explain/changes.ts";
import { abis } from "@ftns/sdk/contracts.ts";
import { FUNCTION_WORDS } from "@ftns/sdk/abi/functions.ts";
import { CALL_WORDS } from "@ftns/sdk/explain/callWords.ts";
import { CONTRACTS } from "@ftns/sdk/economy.ts";
import type { ContractTransactionResponse } from "ethers";
import { FTNS } from "../helpers/economy.ts";
import { handIn, type Verifiers, verifiersFixture, worth } from "../verifiers/fixture.ts";

const { connection, ethers, fresh } = await verifiersFixture();

describe("SDK: why a balance changed (P471)", () => {
  let d: Verifiers;
  let addresses: EconomyAddresses;
  beforeEach(async () => {
    d = await fresh();
    addresses = d.addresses as unknown as EconomyAddresses;
    await d.token.connect(d.people.treasury).transfer(d.alice, 1_000n * FTNS);
  });

  /** Reasons of what a transaction changed for an account, and that its changes are the change of the stored balance. */
  async function reasons(sent: Promise<ContractTransactionResponse>, account: string) {
    const { hash, blockNumber } = (await (await sent).wait())!;
    const changes = (await changesIn(ethers.provider as never, addresses, account, hash))!;
    const held = async (block: number) => {
      const { balance, dueFee } = await d.token.accountOf(account, { blockTag: block });
      return balance + dueFee;
    };
    const sum = changes.reduce((all, { amount }) => all + amount, 0n);
    expect(sum, "the changes are what changed").to.equal((await held(blockNumber)) - (await held(blockNumber - 1)));
    return changes.map(({ reason }) => reason);
  }

  it("tells demurrage from payments, in both directions", async () => {
    await d.clock.toDaysAhead(10n, 60n);
    expect(await reasons(d.token.connect(d.alice).transfer(d.bob, FTNS), d.alice.address)).to.deep.equal(["demurrage", "sent"]);
    await d.clock.toDaysAhead(10n, 60n);
    expect(await reasons(d.token.connect(d.alice).transfer(d.bob, FTNS), d.bob.address)).to.deep.equal(["demurrage", "received"]);
    await d.clock.toDaysAhead(1n, 60n);
    expect(await reasons(d.token.settle(d.alice), d.alice.address)).to.deep.equal(["demurrage"]);
  });

  it("tells a gift to the pool from demurrage", async () => {
    await d.clock.toDaysAhead(5n, 60n);
    expect(await reasons(d.token.connect(d.alice).transfer(d.pool, 7n * FTNS), d.alice.address)).to.deep.equal([
      "demurrage",
      "sent",
    ]);
    expect(await reasons(d.token.connect(d.alice).transfer(d.pool, 7n * FTNS), d.alice.address)).to.deep.equal(["sent"]);
  });

  it("explains rewards, wherever the coins come from", async () => {
    expect(await reasons(handIn(d, await worth(d, d.alice, 60n * FTNS)), d.alice.address)).to.deep.equal(["reward"]);
    await d.token.connect(d.people.treasury).transfer(d.pool, 30n * FTNS);
    const both = await reasons(handIn(d, await worth(d, d.alice, 60n * FTNS)), d.alice.address);
    expect(both.length).to.be.greaterThan(0);
    expect(new Set(both)).to.deep.equal(new Set(["reward"]));
  });

  it("explains stakes, exits, yield, wrapping and unwrapping", async () => {
    await d.token.connect(d.alice).approve(d.vault, 500n * FTNS);
    expect(await reasons(d.vault.connect(d.alice).stake(500n * FTNS), d.alice.address)).to.deep.equal(["staked"]);
    await d.vault.connect(d.alice).requestUnstake(100n * FTNS);
    await d.clock.toDaysAhead(20n, 60n);
    await d.token.settle(d.people.treasury);
    expect(await reasons(d.vault.connect(d.alice).claim(), d.alice.address)).to.deep.equal(["demurrage", "yield"]);
    expect(await reasons(d.vault.connect(d.alice).withdraw(), d.alice.address)).to.deep.equal(["unstaked"]);
    await d.token.connect(d.alice).approve(d.wrapper, 50n * FTNS);
    expect(await reasons(d.wrapper.connect(d.alice).deposit(50n * FTNS, d.alice), d.alice.address)).to.deep.equal(["wrapped"]);
    const redeem = d.wrapper.connect(d.alice).redeem(await d.wrapper.balanceOf(d.alice), d.alice, d.alice);
    expect(await reasons(redeem, d.alice.address)).to.deep.equal(["unwrapped"]);
  });

  it("finds all of them in a range of blocks, oldest first, with their times", async () => {
    const from = (await ethers.provider.getBlockNumber()) + 1;
    await d.token.connect(d.alice).transfer(d.bob, FTNS);
    await d.clock.toDaysAhead(2n, 60n);
    await d.token.connect(d.bob).transfer(d.alice, FTNS / 2n);
    const to = await ethers.provider.getBlockNumber();
    const changes = await changesBetween(ethers.provider as never, addresses, d.alice.address, { from, to });
    expect(changes.map(({ reason }) => reason)).to.deep.equal(["sent", "demurrage", "received"]);
    expect(changes[0]!.timestamp < changes[1]!.timestamp).to.equal(true);
  });

  it("goes on in smaller ranges where a node refuses large ones", async () => {
    const from = (await ethers.provider.getBlockNumber()) + 1;
    await d.token.connect(d.alice).transfer(d.bob, FTNS);
    await connection.networkHelpers.mine(200);
    const to = await ethers.provider.getBlockNumber();
    const asked: number[] = [];
    const careful = fromEip1193({
      async request({ method, params }) {
        if (method === "eth_getLogs") {
          const span = Number(params[0].toBlock) - Number(params[0].fromBlock) + 1;
          asked.push(span);
          if (span > 100) throw Object.assign(new Error("block range too large"), { code: -32_005 });
        }
        return connection.provider.request({ method, params });
      },
    });
    const changes = await changesBetween(careful, addresses, d.alice.address, { from, to });
    expect(changes.map(({ reason }) => reason)).to.deep.equal(["sent"]);
    expect(Math.max(...asked)).to.be.greaterThan(100);
  });

  it("says nothing of what other contracts emit", async () => {
    const receipt = (await (await d.token.connect(d.alice).transfer(d.bob, FTNS)).wait())!;
    const logs = receipt.logs.map((log) => ({
      address: `0x${"99".repeat(20)}`,
      topics: log.topics,
      data: log.data,
      index: log.index,
    }));
    expect(changesOf(addresses, d.alice.address, { hash: receipt.hash, blockNumber: 1, logs })).to.deep.equal([]);
    const broken = receipt.logs.map((log) => ({ address: addresses.token, topics: log.topics, data: "0x12", index: log.index }));
    expect(changesOf(addresses, d.alice.address, { hash: receipt.hash, blockNumber: 1, logs: broken })).to.deep.equal([]);
  });
});

describe("SDK: what a call would do", () => {
  it("says it in the contract's own words, with its values in their units", async () => {
    const { addresses: all } = await fresh();
    const addresses = all as unknown as EconomyAddresses;
    const share = explainCall(addresses, {
      target: addresses.pool,
      data: interfaces.pool().encodeFunctionData("setEmissionShare", [10n ** 15n]),
    });
    expect(share.does).to.include("Sets the share of the supply that may be minted a day.");
    expect(share.values[0]!.text).to.equal("0.1 % (a factor of 0.001)");
    const rate = explainCall(addresses, {
      target: addresses.registry,
      data: interfaces.registry().encodeFunctionData("setBaseRate", [1n, 5n * 10n ** 16n]),
    });
    expect(rate.values.map(({ text }) => text)).to.deep.equal(["COMPUTE", "0.05 FTNS"]);
    const minter = explainCall(addresses, {
      target: addresses.token,
      data: interfaces.token().encodeFunctionData("setMinter", [addresses.pool]),
    });
    expect(minter.values[0]!.text).to.equal(`RewardPool (${addresses.pool})`);
  });

  it("looks into calls that pass calls on", async () => {
    const { addresses: all } = await fresh();
    const addresses = all as unknown as EconomyAddresses;
    const inner = interfaces.token().encodeFunctionData("mint", [addresses.pool, 5n * FTNS]);
    const execute = interfaces.manager().encodeFunctionData("execute", [addresses.token, inner]);
    const batch = interfaces
      .timelock()
      .encodeFunctionData("scheduleBatch", [
        [addresses.manager],
        [0n],
        [execute],
        `0x${"00".repeat(32)}`,
        `0x${"00".repeat(32)}`,
        172_800n,
      ]);
    const relay = interfaces.governor().encodeFunctionData("relay", [addresses.timelock, 0n, batch]);
    const [call] = explainProposal(addresses, { targets: [addresses.governor], values: [0n], calldatas: [relay] });
    const deepest = call!.inner[0]!.inner[0]!.inner[0]!;
    expect(deepest).to.include({ contract: "FTNSToken", function: "mint" });
    expect(linesOfCall(call!).join("\n")).to.include("amount = 5 FTNS");
  });

  it("says so where it knows nothing", async () => {
    const { addresses: all } = await fresh();
    const addresses = all as unknown as EconomyAddresses;
    const strange = `0x${"77".repeat(20)}`;
    expect(explainCall(addresses, { target: strange, data: "0x12345678" }).does).to.include("no contract of this economy");
    expect(explainCall(addresses, { target: strange, data: "0x", value: 1n }).does).to.include("Sends coins of the chain");
    expect(explainCall(addresses, { target: addresses.pool, data: "0x12345678" }).does).to.include("do not agree to it");
    const cut = interfaces.pool().encodeFunctionData("setEmissionShare", [1n]).slice(0, 40);
    expect(explainCall(addresses, { target: addresses.pool, data: cut }).does).to.include("do not agree to it");
  });

  it("has words for every function of every contract that changes something (P472)", () => {
    const missing = Object.entries(abis).flatMap(([name, abi]) => {
      const contract = CONTRACTS[name === "medianFeed" ? "feed" : (name as keyof typeof CONTRACTS)];
      const writes = (abi as readonly { type: string; name?: string; stateMutability?: string }[]).filter(
        ({ type, stateMutability }) => type === "function" && stateMutability !== "view" && stateMutability !== "pure",
      );
      const told = Object.keys(FUNCTION_WORDS[contract] ?? {}).map((signature) => signature.split("(")[0]);
      return writes
        .filter((one) => !told.includes(one.name!) && CALL_WORDS[one.name!] === undefined)
        .map((one) => `${contract}.${one.name}`);
    });
    expect(missing).to.deep.equal([]);
  });
});

describe("SDK: clients of other libraries", () => {
  it("serve as providers: whatever speaks EIP-1193", async () => {
    const d = await fresh();
    const provider = fromEip1193({ request: ({ method, params }) => connection.provider.request({ method, params }) });
    const economy = connectEconomy(d.addresses as unknown as EconomyAddresses, provider);
    expect(await economy.token.totalSupply()).to.equal(await d.token.totalSupply());
  });
});
