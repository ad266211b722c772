import { expect } from "chai";
import { Signature } from "ethers";
import { NO_STANDING } from "@ftns/model";
import { DAY, dayOf, startOf } from "../helpers/time.ts";
import { contribute, KIND } from "../contributors/fixture.ts";
import { FTNS, HOLDING, lastDaysWord, RATES, setStanding, standingFor, stakingFixture, WAD, wad, WEEK, type Staking } from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;
const STAKE = 1_000n * FTNS;
/** Nearly all that anyone has here. */
const MUCH = 9_000n * FTNS;
const YEAR = 365n * DAY;
const BROKEN = "0xfe";

describe("StakingVault", () => {
  let d: Staking;
  let vault: Staking["vault"];
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
  });

  const breakContract = async (contract: { getAddress(): Promise<string> }) =>
    connection.networkHelpers.setCode(await contract.getAddress(), BROKEN);
  const fund = async (amount: bigint) => d.token.connect(d.people.treasury).transfer(d.pool, amount);
  /** Empties the pool of the fees of the days so far. */
  const drain = async () => {
    await d.manager.connect(d.people.admin).grantRole(6n, d.teller, 0);
    await d.token.settle(d.people.treasury);
    const funds = await d.token.balanceOf(d.pool);
    if (funds > 0n) await d.pool.connect(d.teller).payYield(d.eve, 0n, funds);
  };
  /** Lets exactly `seconds` pass between the latest block and the next transaction. */
  const after = async (seconds: bigint) => d.clock.nextBlockAt((await d.clock.now()) + seconds);

  describe("stake", () => {
    it("reverts with nothing", async () => {
      await expect(vault.stake(0n)).to.be.revertedWithCustomError(vault, "ZeroAmount");
    });

    it("reverts without an allowance, or with too few tokens, and nothing has changed", async () => {
      await d.token.connect(d.alice).approve(vault, STAKE - 1n);
      await expect(vault.stake(STAKE)).to.be.revertedWithCustomError(d.token, "ERC20InsufficientAllowance");
      await expect(d.vault.connect(d.bob).stake(HOLDING + 1n)).to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance");
      await expect(d.vault.connect(d.bob).stake(2n ** 95n)).to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance");
      expect(await vault.totalStaked()).to.equal(0n);
    });

    it("reverts while transfers are halted", async () => {
      await d.token.connect(d.people.breaker).halt((await d.clock.now()) + DAY);
      await expect(vault.stake(STAKE)).to.be.revertedWithCustomError(d.token, "TransfersHalted");
    });

    it("moves the tokens in, and counts and votes for the staker (P70, P71)", async () => {
      const staked = vault.stake(STAKE);
      await expect(staked).to.emit(vault, "Staked").withArgs(d.alice, STAKE);
      await expect(staked).to.emit(vault, "DelegateVotesChanged").withArgs(d.alice, 0n, STAKE);
      await expect(staked).to.changeTokenBalances(ethers, d.token, [d.alice, vault], [-STAKE, STAKE]);
      expect(await vault.stakedOf(d.alice)).to.equal(STAKE);
      expect(await vault.totalStaked()).to.equal(STAKE);
      expect(await vault.getVotes(d.alice)).to.equal(STAKE);
    });

    it("asks the registry for tier and commitments at a first stake (P75)", async () => {
      await contribute(d, d.alice, 120n);
      await contribute(d, d.alice, 60n, { kind: KIND.RESEARCH, units: FTNS / 10n });
      await vault.stake(STAKE);
      const today = Number(await d.clock.today());
      const { tier, commitments, schedule, commitmentThrough } = await vault.stakeOf(d.alice);
      expect(tier).to.equal(3n);
      expect(commitments).to.equal(2n);
      expect(schedule).to.deep.equal(await d.registry.scheduleOf(d.alice));
      expect(commitmentThrough).to.deep.equal([0n, BigInt(today + 29), 0n, 0n, BigInt(today + 29)]);
    });

    it("settles a second stake before adding it", async () => {
      await vault.stake(STAKE);
      await after(YEAR / 10n);
      await vault.stake(STAKE);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (STAKE * 15n) / 10_000n]);
      await after(YEAR / 10n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (STAKE * 45n) / 10_000n]);
    });

    it("pays no demurrage on what is staked", async () => {
      await vault.stake(STAKE);
      await d.clock.pass(400n * DAY);
      expect(await d.token.balanceOf(vault)).to.equal(STAKE);
    });
  });

  describe("stakeWithPermit", () => {
    const permit = async (value: bigint) => {
      const { chainId } = await ethers.provider.getNetwork();
      const deadline = (await d.clock.now()) + DAY;
      const message = { owner: d.alice.address, spender: await vault.getAddress(), value, nonce: await d.token.nonces(d.alice), deadline };
      const types = ["owner address", "spender address", "value uint256", "nonce uint256", "deadline uint256"].map((field) => {
        const [name, type] = field.split(" ") as [string, string];
        return { name, type };
      });
      const domain = { name: "FTNS", version: "1", chainId, verifyingContract: await d.token.getAddress() };
      const { v, r, s } = Signature.from(await d.alice.signTypedData(domain, { Permit: types }, message));
      return { deadline, v, r, s };
    };
    beforeEach(async () => {
      await d.token.connect(d.alice).approve(vault, 0n);
    });

    it("reverts with somebody else's signature and no allowance", async () => {
      const { deadline, v, r, s } = await permit(STAKE);
      await expect(d.vault.connect(d.bob).stakeWithPermit(HOLDING * 2n, deadline, v, r, s)).to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance");
      await expect(vault.stakeWithPermit(STAKE + 1n, deadline, v, r, s)).to.be.revertedWithCustomError(d.token, "ERC20InsufficientAllowance");
    });

    it("stakes in one transaction", async () => {
      const { deadline, v, r, s } = await permit(STAKE);
      await vault.stakeWithPermit(STAKE, deadline, v, r, s);
      expect(await vault.stakedOf(d.alice)).to.equal(STAKE);
    });

    it("stakes when somebody has sent the permit before", async () => {
      const { deadline, v, r, s } = await permit(STAKE);
      await d.token.connect(d.eve).permit(d.alice, vault, STAKE, deadline, v, r, s);
      await vault.stakeWithPermit(STAKE, deadline, v, r, s);
      expect(await vault.stakedOf(d.alice)).to.equal(STAKE);
    });
  });

  describe("requestUnstake", () => {
    it("reverts with nothing, or more than is staked", async () => {
      await expect(vault.requestUnstake(0n)).to.be.revertedWithCustomError(vault, "ZeroAmount");
      await expect(vault.requestUnstake(1n)).to.be.revertedWithCustomError(vault, "InsufficientStake").withArgs(d.alice, 0n, 1n);
      await vault.stake(STAKE);
      await expect(vault.requestUnstake(STAKE + 1n)).to.be.revertedWithCustomError(vault, "InsufficientStake").withArgs(d.alice, STAKE, STAKE + 1n);
    });

    it("ends yield and votes of the part at once", async () => {
      await vault.stake(STAKE);
      await after(YEAR / 100n);
      const readyAt = (await d.clock.now()) + YEAR / 100n + WEEK;
      const request = vault.requestUnstake(STAKE / 4n);
      await expect(request).to.emit(vault, "UnstakeRequested").withArgs(d.alice, STAKE / 4n, STAKE / 4n, readyAt);
      expect(await vault.getVotes(d.alice)).to.equal((STAKE * 3n) / 4n);
      expect(await vault.totalStaked()).to.equal((STAKE * 3n) / 4n);
      expect(await vault.totalPending()).to.equal(STAKE / 4n);
      await after(YEAR / 100n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, ((STAKE * 15n) / 100_000n) * 7n / 4n]);
    });

    it("starts the time of everything pending again", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(1n);
      await d.clock.pass(WEEK - 10n);
      await vault.requestUnstake(2n);
      const { pending, readyAt } = await vault.stakeOf(d.alice);
      expect(pending).to.equal(3n);
      expect(readyAt).to.equal((await d.clock.now()) + WEEK);
      await d.clock.pass(20n);
      await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, "NotReady");
    });

    it("leaves nothing behind when all is unstaked, and keeps the yield", async () => {
      await vault.stake(STAKE);
      await setStanding(d, d.alice, await standingFor(d, 3, 5));
      await after(YEAR / 100n);
      await vault.requestUnstake(STAKE);
      const { staked, settledAt, tier, commitments, earned } = await vault.stakeOf(d.alice);
      expect([staked, settledAt, tier, commitments]).to.deep.equal([0n, 0n, 0n, 0n]);
      expect(earned).to.be.greaterThan(0n);
      await d.clock.pass(YEAR);
      expect((await vault.stakeOf(d.alice)).earned).to.equal(earned);
      await expect(vault.claim()).to.emit(d.pool, "YieldPaid");
    });
  });

  describe("requestUnstakeForfeiting (P74)", () => {
    it("reverts with nothing, or more than is staked", async () => {
      await expect(vault.requestUnstakeForfeiting(0n)).to.be.revertedWithCustomError(vault, "ZeroAmount");
      await expect(vault.requestUnstakeForfeiting(1n)).to.be.revertedWithCustomError(vault, "InsufficientStake");
    });

    it("gets a stake out while the source of M fails, for the yield since the last settlement", async () => {
      await vault.stake(STAKE);
      const since = await d.clock.now();
      await d.clock.pass(YEAR / 100n);
      await vault.settle(d.alice);
      const [, kept] = await vault.yieldOf(d.alice);
      const settled = await d.clock.now();
      expect(settled).to.be.greaterThan(since);
      await d.clock.pass(YEAR / 100n);
      await d.store.switchOff(true);
      await expect(vault.requestUnstake(STAKE)).to.be.revertedWithCustomError(d.store, "SwitchedOff");
      await expect(vault.requestUnstakeForfeiting(STAKE)).to.emit(vault, "YieldForfeited").withArgs(d.alice, settled);
      await d.clock.pass(WEEK);
      await vault.withdraw();
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, kept]);
    });

    it("needs nobody: controller, registry, pool and source may all be broken, transfers halted (P74)", async () => {
      await vault.stake(STAKE);
      const before = await d.token.balanceOf(d.alice);
      for (const broken of [d.controller, d.registry, d.store, d.pool]) await breakContract(broken);
      await vault.requestUnstakeForfeiting(STAKE);
      await d.clock.pass(WEEK - DAY);
      await d.token.connect(d.people.breaker).halt((await d.clock.now()) + 2n * DAY);
      await d.clock.pass(DAY);
      await expect(vault.withdraw()).to.changeTokenBalance(ethers, d.token, vault, -STAKE);
      expect(await d.token.balanceOf(d.alice)).to.be.greaterThan(before);
    });
  });

  describe("cancelUnstake", () => {
    it("reverts with nothing pending", async () => {
      await expect(vault.cancelUnstake()).to.be.revertedWithCustomError(vault, "NothingPending").withArgs(d.alice);
    });

    it("puts everything back to work without moving tokens", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      await d.clock.pass(DAY);
      const cancelled = vault.cancelUnstake();
      await expect(cancelled).to.emit(vault, "UnstakeCancelled").withArgs(d.alice, STAKE);
      await expect(cancelled).to.changeTokenBalance(ethers, d.token, vault, 0n);
      expect(await vault.getVotes(d.alice)).to.equal(STAKE);
      expect(await vault.totalPending()).to.equal(0n);
      await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, "NothingPending");
      await after(YEAR / 100n);
      await vault.settle(d.alice);
      expect((await vault.yieldOf(d.alice))[1]).to.be.within((STAKE * 15n) / 100_000n, (STAKE * 15n) / 100_000n + FTNS);
    });
  });

  describe("withdraw", () => {
    it("reverts with nothing pending, and a second before the time", async () => {
      await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, "NothingPending").withArgs(d.alice);
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      const { readyAt } = await vault.stakeOf(d.alice);
      await d.clock.nextBlockAt(readyAt - 1n);
      await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, "NotReady").withArgs(readyAt, readyAt - 1n);
    });

    it("pays at the time, and once", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      await d.clock.nextBlockAt((await vault.stakeOf(d.alice)).readyAt);
      const withdrawn = vault.withdraw();
      await expect(withdrawn).to.emit(vault, "Withdrawn").withArgs(d.alice, STAKE);
      await expect(withdrawn).to.changeTokenBalance(ethers, d.token, vault, -STAKE);
      await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, "NothingPending");
      expect(await vault.totalPending()).to.equal(0n);
    });

    it("works in recovery mode, in full (P74)", async () => {
      await vault.stake(MUCH);
      await d.token.connect(d.people.breaker).startRecovery((await d.clock.now()) + WEEK);
      await vault.requestUnstake(MUCH);
      await d.clock.pass(WEEK);
      await d.token.connect(d.people.breaker).startRecovery((await d.clock.now()) + WEEK);
      await expect(vault.withdraw()).to.changeTokenBalance(ethers, d.token, vault, -MUCH);
    });

    it("works during a halt and without the rest of the system (P74)", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      await d.clock.pass(WEEK);
      await d.token.connect(d.people.breaker).halt((await d.clock.now()) + DAY);
      for (const broken of [d.controller, d.registry, d.store, d.pool, d.manager]) await breakContract(broken);
      await expect(vault.withdraw()).to.changeTokenBalance(ethers, d.token, vault, -STAKE);
    });
  });

  describe("claim", () => {
    it("reverts with nothing earned", async () => {
      await expect(vault.claim()).to.be.revertedWithCustomError(vault, "NothingToClaim").withArgs(d.alice);
    });

    it("reverts when the source of M fails or exaggerates, and nothing is lost", async () => {
      await vault.stake(STAKE);
      await d.clock.pass(DAY);
      await d.store.switchOff(true);
      await expect(vault.claim()).to.be.revertedWithCustomError(d.store, "SwitchedOff");
      await d.store.switchOff(false);
      await d.store.exaggerate(true);
      await expect(vault.claim()).to.be.revertedWithCustomError(vault, "MultiplierSourceBroken").withArgs(d.store);
      await d.store.exaggerate(false);
      await fund(HOLDING);
      await expect(vault.claim()).to.emit(d.pool, "YieldPaid");
    });

    describe("given tier BASIC or higher", () => {
      it("pays from the pool's funds first", async () => {
        await vault.stake(STAKE);
        await setStanding(d, d.alice, await standingFor(d, 3, 5, 60));
        await vault.claim(); // the second before
        await fund(HOLDING);
        const { settledAt } = await vault.stakeOf(d.alice);
        await d.clock.nextBlockAt(settledAt + YEAR / 100n);
        const earned = (STAKE * 12n) / 10_000n;
        const supply = await d.token.totalSupply();
        const claimed = vault.claim();
        await expect(claimed).to.emit(d.pool, "YieldPaid").withArgs(d.alice, earned, 0n, 0n, 0n, 0n);
        expect(await d.token.totalSupply()).to.equal(supply);
        expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, 0n]);
      });

      it("mints what the funds do not reach for, within the day's budget; the rest is claimable (P72)", async () => {
        await vault.stake(MUCH);
        await setStanding(d, d.alice, await standingFor(d, 3, 5, 90));
        await d.clock.pass(80n * DAY);
        await d.pool.connect(d.people.governor).setEmissionShare(1n); // 100 million wei a day
        await drain();
        await vault.settle(d.alice);
        const budget = await d.pool.budgetLeft();
        const receipt = await (await vault.claim()).wait();
        const [paid] = await d.pool.queryFilter(d.pool.filters.YieldPaid(d.alice), receipt!.blockNumber);
        const { fromFunds, minted, deferred, recycled, unpaid } = paid!.args;
        expect(minted).to.equal(budget);
        expect(await d.pool.claimable(d.alice)).to.equal(deferred);
        expect(recycled + unpaid).to.be.lessThan(FTNS / 1_000n); // the second before the standing was set
        expect(fromFunds + minted + deferred).to.be.greaterThan((MUCH * 12n * 80n) / 100n / 365n);
      });
    });

    it("mints nothing in recovery mode, and lets the contributor's part be claimed later", async () => {
      await vault.stake(MUCH);
      await setStanding(d, d.alice, await standingFor(d, 3, 5, 90));
      await d.clock.pass(30n * DAY);
      await drain();
      await d.token.connect(d.people.breaker).startRecovery((await d.clock.now()) + WEEK);
      const supply = await d.token.totalSupply();
      await vault.claim();
      expect(await d.token.totalSupply()).to.equal(supply);
      expect(await d.pool.claimable(d.alice)).to.be.at.least((MUCH * 12n * 30n) / 100n / 365n);
    });

    describe("given tier NONE (P72)", () => {
      beforeEach(async () => {
        await vault.stake(MUCH);
        await after(YEAR / 10n);
        await vault.settle(d.alice);
        await drain();
      });

      it("reverts without funds, and mints nothing", async () => {
        const supply = await d.token.totalSupply();
        expect(await d.token.balanceOf(d.pool)).to.equal(0n);
        await expect(vault.claim()).to.be.revertedWithCustomError(vault, "PoolHasNoFunds");
        expect(await d.token.totalSupply()).to.equal(supply);
        expect((await vault.yieldOf(d.alice))[1]).to.be.at.least((MUCH * 15n) / 10_000n);
      });

      it("pays what the funds reach for, and keeps the rest as owed", async () => {
        const supply = await d.token.totalSupply();
        await fund(FTNS);
        const [earned, recycled, unpaid] = await vault.claim.staticCall();
        expect([earned, recycled - unpaid]).to.deep.equal([0n, FTNS]);
        await expect(vault.claim()).to.emit(d.pool, "YieldPaid");
        const [, owed] = await vault.yieldOf(d.alice);
        expect(owed).to.be.within(unpaid, unpaid + FTNS / 1_000n);
        await fund(HOLDING);
        await vault.claim();
        expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, 0n]);
        expect(await d.token.totalSupply()).to.equal(supply);
      });

      it("does not make the contributor's part wait for the other", async () => {
        await setStanding(d, d.alice, await standingFor(d, 1, 0));
        await d.clock.pass(10n * DAY);
        await vault.claim();
        const [earned, recycled] = await vault.yieldOf(d.alice);
        expect(earned).to.equal(0n);
        expect(recycled).to.be.greaterThan(FTNS);
      });
    });
  });

  describe("settle and settleThrough", () => {
    it("do nothing without a stake", async () => {
      await vault.settle(d.eve);
      await vault.settleThrough(d.eve, await d.clock.now());
      expect((await vault.stakeOf(d.eve)).settledAt).to.equal(0n);
    });

    it("revert before the last settlement, and in the future", async () => {
      await vault.stake(STAKE);
      const at = await d.clock.now();
      await d.clock.nextBlockAt(at + 100n);
      await expect(vault.settleThrough(d.alice, at - 1n)).to.be.revertedWithCustomError(vault, "SettleTimeOutOfBounds").withArgs(at - 1n, at, at + 100n);
      await d.clock.nextBlockAt(at + 200n);
      await expect(vault.settleThrough(d.alice, at + 201n)).to.be.revertedWithCustomError(vault, "SettleTimeOutOfBounds").withArgs(at + 201n, at, at + 200n);
    });

    it("write down what was earned, by anyone, in parts", async () => {
      await vault.stake(STAKE);
      const at = await d.clock.now();
      await d.clock.pass(YEAR);
      await d.vault.connect(d.eve).settleThrough(d.alice, at + YEAR / 4n);
      expect((await vault.stakeOf(d.alice)).settledAt).to.equal(at + YEAR / 4n);
      await d.vault.connect(d.eve).settleThrough(d.alice, at + YEAR);
      await d.clock.nextBlockAt(at + YEAR + 1_000n);
      const [, recycled] = await vault.yieldOf(d.alice, { blockTag: "latest" });
      expect(recycled).to.be.at.least((STAKE * 15n) / 1_000n);
    });
  });

  it("is limited from exactly the `M` on at which the limit is passed (P73)", async () => {
    const much = await standingFor(d, 3, 5, 90); // 12 % a year
    const edge = (RATES.maxRate * WAD) / wad("0.12");
    const period = 10n * DAY;
    await vault.stake(STAKE);
    await setStanding(d, d.alice, much);
    for (const [M, yearly] of [
      [edge, wad("0.12") * edge],
      [edge + 1n, RATES.maxRate * WAD],
      [10n * WAD, RATES.maxRate * WAD],
    ] as const) {
      await d.store.set(M);
      await vault.settle(d.alice);
      const [before] = await vault.yieldOf(d.alice);
      await after(period);
      await vault.settle(d.alice);
      const [now] = await vault.yieldOf(d.alice);
      expect(now - before).to.equal((STAKE * yearly * period) / (WAD * WAD * YEAR));
    }
  });

  describe("a long past (P76)", () => {
    const gasOf = async (sent: ReturnType<typeof vault.settle>) => (await (await sent).wait())!.gasUsed;
    const changeDaily = async (days: number) => {
      for (let day = 0; day < days; day++) {
        await d.clock.pass(DAY);
        await d.store.set(WAD + BigInt(day % 7) * wad("0.2"));
      }
    };

    it("without tier costs hardly more for 400 changes of M than for 40", async () => {
      await vault.stake(STAKE);
      await d.vault.connect(d.bob).stake(STAKE);
      await changeDaily(40);
      const short = await gasOf(vault.settle(d.alice));
      await changeDaily(360);
      const long = await gasOf(vault.settle(d.bob));
      expect(long).to.be.lessThan(short + 25_000n);
    });

    it("at the limit costs by the changes of M in the part that is settled", async () => {
      await vault.stake(STAKE);
      await setStanding(d, d.alice, await standingFor(d, 3, 5, 118));
      const at = await d.clock.now();
      await vault.settle(d.alice);
      await changeDaily(118);
      const { earned } = await vault.stakeOf(d.alice);
      const part = await gasOf(vault.settleThrough(d.alice, at + 10n * DAY));
      expect(part).to.be.lessThan(130_000n);
      const rest = await gasOf(vault.settle(d.alice));
      expect(rest).to.be.within(118n * 2_100n, 400_000n);
      expect((await vault.yieldOf(d.alice))[0]).to.be.within(earned - 2n, earned + FTNS / 1_000n);
    });
  });

  describe("setStanding", () => {
    it("reverts for anyone but the registry", async () => {
      await expect(vault.setStanding(d.alice, NO_STANDING.schedule, 0n)).to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized").withArgs(d.alice);
    });

    it("does nothing without a stake, or when nothing is new", async () => {
      const standing = await standingFor(d, 3, 5);
      await expect(setStanding(d, d.alice, standing)).not.to.emit(vault, "StandingSet");
      await vault.stake(STAKE);
      await setStanding(d, d.alice, standing);
      const { settledAt } = await vault.stakeOf(d.alice);
      await expect(setStanding(d, d.alice, standing)).not.to.emit(vault, "StandingSet");
      expect((await vault.stakeOf(d.alice)).settledAt).to.equal(settledAt);
    });

    it("settles at the old numbers, then earns at the new", async () => {
      await vault.stake(STAKE);
      await after(YEAR / 100n);
      const standing = await standingFor(d, 2, 3);
      await expect(setStanding(d, d.alice, standing))
        .to.emit(vault, "StandingSet")
        .withArgs(d.alice, Object.values(standing.schedule), [...standing.commitmentThrough]);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (STAKE * 15n) / 100_000n]);
      await after(YEAR / 100n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([(STAKE * 72n) / 100_000n, (STAKE * 15n) / 100_000n]);
    });

    it("counts a commitment through its 30th day and not longer", async () => {
      await vault.stake(STAKE);
      const today = await d.clock.today();
      await d.vault.connect(d.teller).setStanding(d.alice, NO_STANDING.schedule, today);
      expect((await vault.stakeOf(d.alice)).commitmentThrough[0]).to.equal(today + 29n);
      await d.clock.to(startOf(today + 30n) - 1n);
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(1n);
      await d.clock.to(startOf(today + 30n));
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(0n);
    });

    it("knows five commitments from eight kinds", async () => {
      await vault.stake(STAKE);
      const today = await d.clock.today();
      // Storage, compute, governance, data curation, community, by kind.
      const expected = [0, 1, 3, 2, 4, 3, 4, 4];
      for (let kind = 0; kind < 8; kind++) {
        await d.vault.connect(d.teller).setStanding(d.alice, NO_STANDING.schedule, today << BigInt(16 * kind));
        const { commitmentThrough } = await vault.stakeOf(d.alice);
        expect(commitmentThrough.map((through) => through !== 0n)).to.deep.equal([0, 1, 2, 3, 4].map((n) => n === expected[kind]));
      }
    });
  });

  describe("the registry's news (P75)", () => {
    it("reaches a staker with the proof that makes it, and with a refresh", async () => {
      await vault.stake(STAKE);
      await contribute(d, d.alice, 60n);
      const { tier, commitments, schedule } = await vault.stakeOf(d.alice);
      expect([tier, commitments]).to.deep.equal([2n, 1n]);
      expect(schedule).to.deep.equal(await d.registry.scheduleOf(d.alice));
      await d.clock.toDaysAhead(31n);
      await contribute(d, d.alice, 12n, { kind: KIND.STORAGE, units: 1_200n * WAD });
      await d.registry.refresh(d.alice);
      expect((await vault.stakeOf(d.alice)).schedule).to.deep.equal(await d.registry.scheduleOf(d.alice));
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(1n);
    });

    it("comes although the tiers' days stay, when a commitment is renewed", async () => {
      await vault.stake(STAKE);
      await contribute(d, d.alice, 120n);
      const standing = (await vault.stakeOf(d.alice)).commitmentThrough;
      await contribute(d, d.alice, 10n, { kind: KIND.GOVERNANCE, units: 5n * WAD });
      expect((await vault.stakeOf(d.alice)).commitmentThrough).not.to.deep.equal(standing);
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(2n);
    });

    it("does not come for the second proof of a kind on a day", async () => {
      await vault.stake(STAKE);
      await contribute(d, d.alice, 120n);
      await expect(contribute(d, d.alice, 120n)).not.to.emit(vault, "StandingSet");
    });
  });

  describe("setTerms", () => {
    const governed = () => d.vault.connect(d.people.governor);
    const terms = (changes: object = {}) => ({ ...RATES, multiplierSource: d.store, ...changes });

    it("reverts for anyone but governance", async () => {
      await expect(vault.setTerms(terms())).to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized").withArgs(d.alice);
    });

    it("reverts with a source that is none, fails or exaggerates", async () => {
      await expect(governed().setTerms(terms({ multiplierSource: d.eve.address }))).to.be.revertedWithCustomError(vault, "NotAContract").withArgs(d.eve);
      await d.store.switchOff(true);
      await expect(governed().setTerms(terms())).to.be.revertedWithCustomError(d.store, "SwitchedOff");
      await d.store.switchOff(false);
      await d.store.exaggerate(true);
      await expect(governed().setTerms(terms())).to.be.revertedWithCustomError(vault, "MultiplierSourceBroken").withArgs(d.store);
    });

    it("reverts out of bounds, and accepts the bounds", async () => {
      const bounds: [keyof typeof RATES, bigint, bigint, bigint][] = [
        ["baseRate", 0n, wad("0.2"), wad("0.0001")],
        ["commitmentRate", 0n, wad("0.05"), wad("0.0001")],
        ["maxRate", wad("0.01"), wad("0.5"), wad("0.0001")],
      ];
      for (const [term, min, max, step] of bounds) {
        const name = ethers.encodeBytes32String(term);
        await expect(governed().setTerms(terms({ [term]: max + step }))).to.be.revertedWithCustomError(vault, "TermOutOfBounds").withArgs(name, max + step, min, max);
        if (min > 0n) await expect(governed().setTerms(terms({ [term]: min - step }))).to.be.revertedWithCustomError(vault, "TermOutOfBounds").withArgs(name, min - step, min, max);
        await expect(governed().setTerms(terms({ [term]: max - 1n }))).to.be.revertedWithCustomError(vault, "TermTooFine").withArgs(name, max - 1n, step);
        await governed().setTerms(terms({ [term]: min }));
        await governed().setTerms(terms({ [term]: max }));
        expect((await vault.latestTerms())[1][term]).to.equal(max);
      }
      const multiplier = ethers.encodeBytes32String("tierMultiplier");
      await expect(governed().setTerms(terms({ tierMultiplier: [0n, 0n, 0n, wad("3.01")] }))).to.be.revertedWithCustomError(vault, "TermOutOfBounds").withArgs(multiplier, wad("3.01"), 0n, wad("3"));
      await expect(governed().setTerms(terms({ tierMultiplier: [0n, 0n, 0n, wad("2.995")] }))).to.be.revertedWithCustomError(vault, "TermTooFine").withArgs(multiplier, wad("2.995"), wad("0.01"));
      await expect(governed().setTerms(terms({ tierMultiplier: [1n, WAD, wad("0.99"), WAD] }))).to.be.revertedWithCustomError(vault, "TermTooFine");
      await expect(governed().setTerms(terms({ tierMultiplier: [0n, WAD, wad("0.99"), WAD] }))).to.be.revertedWithCustomError(vault, "TierMultipliersNotAscending").withArgs(2n);
    });

    it("holds from the next day boundary on, for stakes that nobody touches too (P73)", async () => {
      const today = await d.clock.today();
      await vault.stake(STAKE);
      const at = await d.clock.now();
      await expect(governed().setTerms(terms({ baseRate: wad("0.06") }))).to.emit(vault, "TermsChanged");
      expect((await vault.terms()).baseRate).to.equal(wad("0.03"));
      expect((await vault.latestTerms())[0]).to.equal(today + 1n);
      await governed().setTerms(terms({ baseRate: wad("0.09") })); // takes the first one's place
      expect((await vault.terms()).baseRate).to.equal(wad("0.03"));
      const boundary = startOf(today + 1n);
      await d.clock.to(boundary);
      expect((await vault.terms()).baseRate).to.equal(wad("0.09"));
      const to = boundary + 3n * DAY;
      await d.clock.nextBlockAt(to);
      await vault.settle(d.alice);
      const expected = (STAKE * (15n * (boundary - at) + 45n * (to - boundary))) / 1_000n / YEAR;
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, expected]);
    });

    it("survives the old source's end from the boundary on", async () => {
      await governed().setTerms(terms({ multiplierSource: d.controller }));
      await d.clock.toDaysAhead(1n);
      await d.store.switchOff(true);
      await vault.stake(STAKE);
      await d.clock.pass(DAY);
      await vault.settle(d.alice);
      expect((await vault.yieldOf(d.alice))[1]).to.be.greaterThan(0n);
    });
  });

  describe("setUnstakeDelay", () => {
    const governed = () => d.vault.connect(d.people.governor);

    it("reverts for anyone but governance, and out of bounds", async () => {
      await expect(vault.setUnstakeDelay(WEEK)).to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized").withArgs(d.alice);
      for (const delay of [DAY - 1n, 14n * DAY + 1n]) {
        await expect(governed().setUnstakeDelay(delay)).to.be.revertedWithCustomError(vault, "UnstakeDelayOutOfBounds").withArgs(delay, DAY, 14n * DAY);
      }
    });

    it("holds for requests from now on", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(1n);
      const { readyAt } = await vault.stakeOf(d.alice);
      await expect(governed().setUnstakeDelay(14n * DAY)).to.emit(vault, "UnstakeDelayChanged").withArgs(14n * DAY);
      expect(await vault.unstakeDelay()).to.equal(14n * DAY);
      expect((await vault.stakeOf(d.alice)).readyAt).to.equal(readyAt);
      await vault.requestUnstake(1n);
      expect((await vault.stakeOf(d.alice)).readyAt).to.equal((await d.clock.now()) + 14n * DAY);
    });
  });

  describe("rateOf", () => {
    it("reverts with more commitments than there are", async () => {
      await expect(vault.rateOf(3, 6n, WAD)).to.be.revertedWithCustomError(vault, "TermOutOfBounds");
    });

    it("is the roadmap's table", async () => {
      expect(await vault.rateOf(0, 0n, WAD)).to.equal(wad("0.015"));
      expect(await vault.rateOf(1, 0n, WAD)).to.equal(wad("0.03"));
      expect(await vault.rateOf(2, 3n, WAD)).to.equal(wad("0.072"));
      expect(await vault.rateOf(3, 5n, WAD)).to.equal(wad("0.12"));
      expect(await vault.rateOf(3, 5n, 2n * WAD)).to.equal(wad("0.2"));
      expect(await vault.rateOf(1, 5n, WAD / 2n)).to.equal(wad("0.04"));
    });
  });

  describe("deployment", () => {
    it("reverts with anything that is no contract", async () => {
      const [token, pool, registry, source] = await Promise.all([d.token, d.pool, d.registry, d.store].map((c) => c.getAddress()));
      const good = [token!, pool!, registry!, source!];
      for (const index of [0, 1, 2, 3]) {
        const args = good.map((address, i) => (i === index ? d.eve.address : address)) as [string, string, string, string];
        await expect(ethers.deployContract("StakingVault", [d.manager, ...args]))
          .to.be.revertedWithCustomError(vault, "NotAContract")
          .withArgs(d.eve);
      }
    });

    it("starts with the numbers of the specification", async () => {
      const [fromDay, latest] = await vault.latestTerms();
      expect(dayOf(await d.clock.now())).to.be.at.least(fromDay);
      expect([latest.baseRate, latest.commitmentRate, latest.maxRate]).to.deep.equal([wad("0.03"), wad("0.01"), wad("0.2")]);
      expect(await vault.unstakeDelay()).to.equal(WEEK);
      expect(lastDaysWord(NO_STANDING)).to.equal(0n);
    });
  });
});
