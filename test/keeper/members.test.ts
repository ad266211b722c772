import { expect } from "chai";
import { toBeHex, Wallet } from "ethers";
import { network } from "hardhat";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { TransactionCounter } from "@ftns/chain/activity.ts";
import { type Chain, connect } from "@ftns/chain/connect.ts";
import { membersJudge, membersOf } from "@ftns/keeper/jobs/report-price/members.ts";
import { contracts } from "@ftns/sdk/contracts.ts";
import { FTNS, economyOn } from "../helpers/economy.ts";
import { DAY, dayOf, HOUR } from "../helpers/time.ts";
import { type Bridge, bridgeTo } from "./bridge.ts";
import { chainOf } from "./chain.ts";

const connection = await network.create();

describe("members of the economy (P203)", () => {
  const make = async () => {
    const economy = await economyOn(connection);
    const { people, manager } = economy;
    await manager.connect(people.admin).grantRole(ROLES.REGISTRAR, people.admin, 0);
    const users = Array.from({ length: 12 }, (_, i) => new Wallet(toBeHex(7_000 + i, 32), connection.ethers.provider));
    for (const { address } of users) await connection.networkHelpers.setBalance(address, 10n ** 18n);
    // No day ends within the hours of a test: demurrage would take a part of what was held.
    await economy.clock.to((dayOf(await economy.clock.now()) + 2n) * DAY + 12n * HOUR);
    return { ...economy, users };
  };
  let w: Awaited<ReturnType<typeof make>>;
  let bridge: Bridge;
  let chain: Chain;
  before(async () => {
    bridge = await bridgeTo(connection);
    chain = await connect({ ...chainOf(bridge.url), timeoutMs: 5_000, quorum: 1, blocksOnDemand: false });
  });
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(make);
  });
  after(() => {
    chain.close();
    return bridge.close();
  });

  const token = () => contracts.token(w.addresses.token, chain.provider);
  const give = async (index: number, amount: bigint) => w.token.connect(w.people.treasury).transfer(w.users[index]!, amount);
  const schedule = async (index: number, basicThrough: bigint) =>
    w.token
      .connect(w.people.admin)
      .setTierSchedule(w.users[index]!, { basicThrough, activeThrough: 0n, powerThrough: 0n }, 0n, 0n, 0n);
  /** Which of the first accounts are members at the head. */
  const members = async () => {
    const addresses = w.users.map(({ address }) => address.toLowerCase());
    const found = await membersOf(chain, token(), addresses, await chain.latest());
    return addresses.flatMap((one, index) => (found.has(one) ? [index] : []));
  };

  it("held at least 1 FTNS an hour before, to the wei and to the second, whatever they hold now", async () => {
    await give(0, FTNS);
    await give(1, FTNS - 1n);
    await give(2, 5n * FTNS);
    const at = await w.clock.now();
    await w.clock.to(at + HOUR - 4n);
    // What came within the hour makes nobody a member, and what went undoes nothing.
    await give(3, 50n * FTNS);
    await w.token.connect(w.users[2]!).transfer(w.users[1]!, 5n * FTNS);
    await w.clock.to(at + HOUR);
    expect(await members()).to.deep.equal([0, 2]);
  });

  it("one second earlier, what was sent last does not count yet", async () => {
    await give(0, FTNS);
    const at = await w.clock.now();
    await w.clock.to(at + HOUR - 1n);
    expect(await members()).to.deep.equal([]);
    await w.clock.to(at + HOUR);
    expect(await members()).to.deep.equal([0]);
  });

  it("or had a tier, that did not come within the hour", async () => {
    const today = dayOf(await w.clock.now());
    await schedule(0, today + 9n);
    await schedule(1, today - 1n);
    await w.clock.to((today + 1n) * DAY + 12n * HOUR);
    await schedule(2, today + 9n);
    expect(await members()).to.deep.equal([0]);
    await w.clock.pass(2n * HOUR);
    expect(await members()).to.deep.equal([0, 2]);
  });

  describe("count by plausible calls", () => {
    const counter = () =>
      new TransactionCounter(chain, { to: [w.addresses.token], maxBlocks: 1_000 }, membersJudge(chain, token()));
    const count = async () => {
      await connection.networkHelpers.mine();
      return counter().count(await chain.latest());
    };
    const call = async (index: number, data: string, gasLimit = 200_000n) =>
      w.users[index]!.sendTransaction({ to: w.addresses.token, data, gasLimit }).catch(() => undefined);
    const tooMuch = () => w.token.interface.encodeFunctionData("transfer", [w.people.treasury.address, 10n ** 30n]);
    const dayOn = async () => w.clock.pass(DAY + HOUR);

    it("ten strangers who fail, and fail a hundred times, count nothing (seen: they opened NETWORK_ATTACK)", async () => {
      await dayOn();
      for (let index = 0; index < 10; index++) {
        for (let again = 0; again < 10; again++) await call(index, again % 2 === 0 ? tooMuch() : "0xffffffff");
      }
      expect(await count()).to.deep.equal({ txTotal: 0n, txFailed: 0n, sendersDay: 0n });
    });

    it("ten members whose calls fail are ten, among strangers", async () => {
      for (let index = 0; index < 10; index++) await give(index, 2n * FTNS);
      await dayOn();
      for (let index = 0; index < 12; index++) await call(index, tooMuch());
      expect(await count()).to.deep.equal({ txTotal: 10n, txFailed: 10n, sendersDay: 10n });
    });

    it("a function that nobody knows, or too little gas, is no failure", async () => {
      for (let index = 0; index < 12; index++) await give(index, 2n * FTNS);
      await dayOn();
      for (let index = 0; index < 10; index++) await call(index, "0xffffffff");
      await call(10, "0x");
      await call(11, w.token.interface.encodeFunctionData("transfer", [w.users[0]!.address, 1n]), 26_000n);
      expect(await count()).to.deep.equal({ txTotal: 12n, txFailed: 0n, sendersDay: 12n });
    });

    it("below ten failures nobody is asked about", async () => {
      await dayOn();
      for (let index = 0; index < 9; index++) await call(index, tooMuch());
      bridge.asked.length = 0;
      expect(await count()).to.deep.equal({ txTotal: 9n, txFailed: 9n, sendersDay: 9n });
      expect(bridge.asked).not.to.include("eth_getLogs");
    });
  });
});
