import { expect } from "chai";
import { EMPTY_ACCOUNT, countTransfer, credited, type AccountState } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { DAY } from "../helpers/time.ts";
import { CLASS, PLENTY, clock, ethers, freshToken, give, makeContributor, wordOf, type Deployment } from "./fixture.ts";
import {
  CAPACITY_UNIT,
  EXEMPT,
  FTNS,
  MAX_ACTIVITY_UNITS,
  MAX_CAPACITY_UNITS,
  POOLED,
  RECOGNISED,
  packWord,
  unpackWord,
  wholeUnits,
} from "./words.ts";

const TODAY = 22_500;
const BATCH = 500;

describe("FTNSToken vouching", () => {
  let d: Deployment;
  beforeEach(async () => {
    d = await freshToken();
    await give(d, d.alice, 1_000n * FTNS);
  });

  type Account = { getAddress(): Promise<string> };
  const activityOf = async (account: Account) => (await d.token.accountOf(await account.getAddress())).activity;
  const capacityOf = async (account: Account) => (await d.token.accountOf(await account.getAddress())).capacity;
  const pay = (from: typeof d.alice, to: Account, amount: bigint) =>
    to.getAddress().then((address) => d.token.connect(from).transfer(address, amount));
  const amount = 100n * CAPACITY_UNIT;

  describe("given two plain accounts", () => {
    it("counts nothing", async () => {
      await pay(d.alice, d.bob, amount);
      expect([await activityOf(d.alice), await activityOf(d.bob)]).to.deep.equal([0n, 0n]);
    });
  });

  describe("given a contributor with capacity", () => {
    beforeEach(() => makeContributor(d, d.bob, { basic: 2 }, 3n * amount));

    it("counts for the other side, paying or paid, and shrinks by as much", async () => {
      await pay(d.alice, d.bob, amount);
      expect([await activityOf(d.alice), await capacityOf(d.bob)]).to.deep.equal([amount, 2n * amount]);
      await pay(d.bob, d.carol, amount);
      expect([await activityOf(d.carol), await capacityOf(d.bob)]).to.deep.equal([amount, amount]);
      expect(await activityOf(d.bob)).to.equal(0n);
    });

    it("lends what it has left, and nothing more", async () => {
      await pay(d.alice, d.bob, 4n * amount);
      expect([await activityOf(d.alice), await capacityOf(d.bob)]).to.deep.equal([3n * amount, 0n]);
      await pay(d.alice, d.bob, amount);
      expect(await activityOf(d.alice)).to.equal(3n * amount);
    });

    it("lends whole units, so that dust gives and takes nothing", async () => {
      await pay(d.alice, d.bob, CAPACITY_UNIT - 1n);
      expect([await activityOf(d.alice), await capacityOf(d.bob)]).to.deep.equal([0n, 3n * amount]);
      await pay(d.alice, d.bob, 2n * CAPACITY_UNIT - 1n);
      expect([await activityOf(d.alice), await capacityOf(d.bob)]).to.deep.equal([CAPACITY_UNIT, 3n * amount - CAPACITY_UNIT]);
    });

    it("lends through its last day, and no longer", async () => {
      await clock.toDaysAhead(2n, DAY - 60n);
      const settled = await activityOf(d.alice);
      await pay(d.alice, d.bob, amount);
      expect((await activityOf(d.alice)) - settled).to.equal(amount);
      await clock.toDaysAhead(1n);
      const decayed = await activityOf(d.alice);
      await pay(d.alice, d.bob, amount);
      expect(await activityOf(d.alice)).to.equal(decayed);
      expect(await capacityOf(d.bob)).to.equal(2n * amount);
    });

    it("lends nothing to itself", async () => {
      await pay(d.alice, d.bob, 500n * FTNS);
      const before = await wordOf(d, d.bob);
      await pay(d.bob, d.bob, amount);
      expect(await wordOf(d, d.bob)).to.deep.equal(before);
    });

    it("lends to an account in grace as to any", async () => {
      const today = Number(await clock.today());
      const none = { basicThrough: 0, activeThrough: 0, powerThrough: 0 };
      await d.token.connect(d.registrar).setTierSchedule(d.alice, none, 0n, 0n, today + 9);
      await pay(d.alice, d.bob, amount);
      expect([await activityOf(d.alice), await capacityOf(d.bob)]).to.deep.equal([amount, 2n * amount]);
    });

    it("lends nothing to pooled or exempt accounts, and loses nothing by it", async () => {
      await d.token.connect(d.governor).setAccountClass(d.vault, CLASS.EXEMPT);
      await pay(d.alice, d.bob, 500n * FTNS);
      const capacity = await capacityOf(d.bob);
      for (const account of [d.vault, d.wrapper, d.pool]) {
        await pay(d.bob, account, amount);
        expect(await activityOf(account)).to.equal(0n);
      }
      expect(await capacityOf(d.bob)).to.equal(capacity);
      expect(await activityOf(d.bob)).to.equal(0n);
    });
  });

  describe("given two contributors", () => {
    it("each lends of its own to the other, as far as it goes", async () => {
      await makeContributor(d, d.alice, { basic: 9 }, amount / 2n);
      await makeContributor(d, d.bob, { basic: 9 }, 2n * amount);
      await pay(d.alice, d.bob, amount);
      expect([await activityOf(d.alice), await activityOf(d.bob)]).to.deep.equal([amount, amount / 2n]);
      expect([await capacityOf(d.alice), await capacityOf(d.bob)]).to.deep.equal([0n, amount]);
    });
  });

  describe("given a recognised contract", () => {
    beforeEach(() => d.token.connect(d.governor).setAccountClass(d.shop, CLASS.RECOGNISED));

    it("counts in full for anyone, and for the contract nothing where the other is no contributor", async () => {
      await pay(d.alice, d.shop, amount + 3n);
      expect([await activityOf(d.alice), await activityOf(d.shop)]).to.deep.equal([amount, 0n]);
    });

    it("counts in full for both where the other is BASIC, and uses up nothing", async () => {
      await makeContributor(d, d.alice, { basic: 9 }, amount / 2n);
      await pay(d.alice, d.shop, amount);
      expect([await activityOf(d.alice), await activityOf(d.shop)]).to.deep.equal([amount, amount]);
      expect(await capacityOf(d.alice)).to.equal(amount / 2n);
    });

    it("counts nothing for the wrapper", async () => {
      await pay(d.alice, d.shop, 10n * amount);
      const shop = await ethers.getImpersonatedSigner(await d.shop.getAddress());
      await ethers.provider.send("hardhat_setBalance", [shop.address, "0x56bc75e2d63100000"]);
      await d.token.connect(shop).transfer(d.wrapper, amount);
      expect(await activityOf(d.wrapper)).to.equal(0n);
    });
  });

  it("saturates instead of running over into the tier days", async () => {
    await makeContributor(d, d.alice, { basic: 30, active: 20, power: 10 });
    await d.token.connect(d.governor).setAccountClass(d.shop, CLASS.RECOGNISED);
    await give(d, d.alice, 890_000_000n * FTNS);
    const before = await wordOf(d, d.alice);
    await pay(d.alice, d.shop, 890_000_000n * FTNS);
    await give(d, d.alice, 9_000_000n * FTNS);
    await makeContributor(d, d.bob, { basic: 30 });
    const shop = await ethers.getImpersonatedSigner(await d.shop.getAddress());
    await ethers.provider.send("hardhat_setBalance", [shop.address, "0x56bc75e2d63100000"]);
    await d.token.connect(shop).transfer(d.alice, 890_000_000n * FTNS);
    await pay(d.alice, d.bob, 1_000n * FTNS);
    const after = await wordOf(d, d.alice);
    expect(after.activity).to.equal(MAX_ACTIVITY_UNITS);
    expect({ ...after, activity: 0n, balance: 0n, capacity: 0n }).to.deep.equal({
      ...before,
      activity: 0n,
      balance: 0n,
      capacity: 0n,
    });
    expect(await capacityOf(d.bob)).to.equal(wholeUnits(PLENTY) - wholeUnits(1_000n * FTNS));
  });

  describe("washing", () => {
    it("a hundred rounds in one transaction lend what the accomplice proved for, and no more", async () => {
      const hoard = 1_000_000n * FTNS;
      await d.token.connect(d.treasury).transfer(d.alice, hoard);
      const machine = await ethers.deployContract("WashingMachine");
      // BASIC by 10 FTNS of work, at 20 times that: what the registry would give.
      await makeContributor(d, machine, { basic: 30 }, 200n * FTNS);
      await d.token.connect(d.alice).approve(machine, ethers.MaxUint256);
      await machine.wash(d.token, d.alice, hoard, 100n);
      const info = await d.token.accountOf(d.alice);
      expect(info.activity).to.equal(wholeUnits(200n * FTNS));
      expect(info.band).to.equal(3n);
      expect(await capacityOf(machine)).to.equal(0n);
    });

    it("two contributors of one owner lend each other what both proved for, and no more", async () => {
      await makeContributor(d, d.alice, { basic: 30 }, 200n * FTNS);
      await makeContributor(d, d.bob, { basic: 30 }, 200n * FTNS);
      for (let i = 0; i < 10; i++) {
        await pay(d.alice, d.bob, 900n * FTNS);
        await pay(d.bob, d.alice, 900n * FTNS);
      }
      expect((await activityOf(d.alice)) + (await activityOf(d.bob))).to.equal(2n * wholeUnits(200n * FTNS));
    });
  });

  describe("over random words", () => {
    /** Any account settled today, often about to saturate or to run out. */
    function randomState(random: Random): AccountState {
      const state = {
        ...EMPTY_ACCOUNT,
        settledDay: TODAY,
        balance: random.magnitude(0n, 10n ** 27n),
        activity: random.chance(0.2) ? MAX_ACTIVITY_UNITS - random.magnitude(0n, 2n ** 52n) : random.magnitude(0n, 2n ** 59n),
        capacity: random.magnitude(0n, MAX_CAPACITY_UNITS),
      };
      if (random.chance(0.7)) state.basicThrough = TODAY + random.int(-2, 30);
      if (random.chance(0.2)) state.graceUntil = TODAY + random.int(1, 365);
      if (random.chance(0.2)) {
        const marks = random.pick([{ graceUntil: EXEMPT }, { graceUntil: POOLED }, { graceUntil: 0, basicThrough: RECOGNISED }]);
        Object.assign(state, { basicThrough: 0 }, marks);
      }
      return state;
    }

    it("P16: the way in place, the way for any account and the model agree bit for bit, and conserve capacity", async () => {
      const harness = await ethers.deployContract("DemurrageHarness");
      let inPlace = 0;
      await forCases(Math.ceil(fuzzCases(10_000) / BATCH), async (random) => {
        const pairs = Array.from({ length: BATCH }, () => [randomState(random), randomState(random)] as const);
        const values = pairs.map(([from]) => random.magnitude(0n, random.chance(0.5) ? from.balance : 2n ** 82n));
        const words = pairs.map(([from, to]) => [packWord(from), packWord(to)] as [bigint, bigint]);
        const result = await harness.exchangeBothWays(words, values, TODAY);
        pairs.forEach(([from, to], i) => {
          const forFrom = countTransfer(from, to, values[i]!, TODAY);
          const forTo = countTransfer(to, from, values[i]!, TODAY);
          const [sender, receiver] = result.anyWay[i]!.map(unpackWord);
          const activity = (own: AccountState, earned: bigint) => credited(own.activity, earned);
          const expected = { activity: activity(from, forFrom.earned), capacity: from.capacity - forTo.lent };
          expect(sender).to.deep.equal({ ...from, ...expected });
          expect(receiver).to.deep.equal({
            ...to,
            activity: activity(to, forTo.earned),
            capacity: to.capacity - forFrom.lent,
          });
          if (!result.usual[i]) return;
          inPlace++;
          expect([...result.inPlace[i]!]).to.deep.equal([...result.anyWay[i]!]);
          const lent = sender!.activity + receiver!.activity - from.activity - to.activity;
          const used = from.capacity + to.capacity - sender!.capacity - receiver!.capacity;
          expect(lent).to.equal(used << 24n);
        });
      });
      expect(inPlace).to.be.greaterThan(2_000);
    });

    it("P17: splitting a payment never gains, whatever stands between the parts", async () => {
      await forCases(fuzzCases(10_000), (random) => {
        const [own, other] = [randomState(random), randomState(random)];
        const parts = Array.from({ length: random.int(2, 5) }, () => random.magnitude(0n, 2n ** 80n));
        const whole = parts.reduce((sum, part) => sum + part, 0n);
        const atOnce = countTransfer(own, other, whole, TODAY).earned;
        let [earned, lender] = [0n, other];
        for (const part of parts) {
          const count = countTransfer(own, lender, part, TODAY);
          earned += count.earned;
          lender = { ...lender, capacity: lender.capacity - count.lent };
        }
        expect(earned <= atOnce, `${parts.join()}: ${earned} for ${atOnce}`).to.equal(true);
      });
    });
  });
});
