// Recovery mode: what it lets out in a day, what it stops, and how it ends.
import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, DAY, HOUR, safetyOn, type SafetyWorld } from "./fixture.ts";
import { votedIn } from "./voted.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("emergency effects", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });
  const { execute, passed, attack, send } = votedIn(() => w);
  const recovering = async () => {
    await attack();
    const id = await passed(ACTION.recovery);
    await w.clock.pass(12n * HOUR);
    await execute(id);
  };
  const treasury = () => w.token.balanceOf(w.people.treasury);

  describe("recovery mode (P88)", () => {
    it("waits for twelve hours, lasts seven days and ends by itself", async () => {
      await attack();
      const id = await passed(ACTION.recovery);
      await w.clock.pass(12n * HOUR - 60n);
      await expect(execute(id)).to.be.revertedWithCustomError(w.emergencyGovernor, "NotExecutableYet");
      await w.clock.pass(60n);
      await execute(id);
      const until = await w.breaker.effectUntil(ACTION.recovery);
      expect(until).to.equal((await w.clock.now()) + 7n * DAY);
      expect(await w.controller.suspendedUntil()).to.equal(until);
      await w.clock.nextBlockAt(until);
      await send((await treasury()) / 2n);
    });

    it("lets an account move exactly a tenth of what it held at its first payment of the day", async () => {
      await recovering();
      await w.clock.toDaysAhead(1n, HOUR);
      const limit = (await treasury()) / 10n;
      await send(limit - 1n);
      await expect(send(2n))
        .to.be.revertedWithCustomError(w.token, "RecoveryLimitExceeded")
        .withArgs(w.people.treasury.address, 2n, 1n);
      expect(await w.token.movable(w.people.treasury)).to.equal(1n);
      await send(1n);
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "RecoveryLimitExceeded");
      await expect(w.token.connect(w.people.treasury).burn(1n)).to.be.revertedWithCustomError(w.token, "RecoveryLimitExceeded");
      await send(0n);
      await w.clock.toDaysAhead(1n, HOUR);
      expect(await w.token.movable(w.people.treasury)).to.equal((await treasury()) / 10n);
      await send((await treasury()) / 10n);
    });

    it("does not raise the day's limit for what comes in, nor let a stranger fix it", async () => {
      await recovering();
      await w.clock.toDaysAhead(1n, HOUR);
      const [, bob] = w.outsiders;
      await send(1_000n * FTNS);
      const mine = w.token.connect(bob!);
      // Anyone may move nothing out of anybody's account; that fixes no limit.
      await w.token.connect(w.outsiders[2]!).transferFrom(bob!, w.outsiders[2]!, 0n);
      await send(1_000n * FTNS);
      await mine.transfer(w.outsiders[2]!, 200n * FTNS);
      await send(1_000n * FTNS);
      await expect(mine.transfer(w.outsiders[2]!, 1n)).to.be.revertedWithCustomError(w.token, "RecoveryLimitExceeded");
    });

    it("holds for allowances and for the wrapper's account alike", async () => {
      const { token, wrapper, people } = w;
      const mine = token.connect(people.treasury);
      await mine.approve(wrapper, 1_000n * FTNS);
      await wrapper.connect(people.treasury).deposit(1_000n * FTNS, people.treasury);
      await recovering();
      await w.clock.toDaysAhead(1n, HOUR);
      const most = await wrapper.maxWithdraw(people.treasury);
      // Shares round down, by less than two wei.
      expect((await token.balanceOf(wrapper)) / 10n - most).to.be.lessThan(2n);
      await expect(
        wrapper.connect(people.treasury).withdraw(most + 1n, people.treasury, people.treasury),
      ).to.be.revertedWithCustomError(wrapper, "ERC4626ExceededMaxWithdraw");
      await wrapper.connect(people.treasury).withdraw(most, people.treasury, people.treasury);
      expect(await wrapper.maxRedeem(people.treasury)).to.be.lessThan(2n);
      await mine.approve(w.outsiders[0]!, 2n ** 255n);
      const left = await token.movable(people.treasury);
      await expect(
        token.connect(w.outsiders[0]!).transferFrom(people.treasury, w.outsiders[0]!, left + 1n),
      ).to.be.revertedWithCustomError(token, "RecoveryLimitExceeded");
    });

    it("stops minting, and what would be minted waits as claimable", async () => {
      const { token, pool, manager, people } = w;
      await manager.connect(people.admin).grantRole(1n, people.admin, 0);
      await manager.connect(people.admin).grantRole(3n, people.admin, 0);
      await recovering();
      const until = await token.recoveryUntil();
      await expect(token.connect(people.admin).mint(people.admin, 1n))
        .to.be.revertedWithCustomError(token, "MintingStopped")
        .withArgs(until);
      const funds = await token.balanceOf(pool);
      const supply = await token.totalSupply();
      await pool.connect(people.admin).reward(w.outsiders[0]!, 0n, funds + 50n * FTNS, 1n);
      expect(await token.totalSupply()).to.equal(supply);
      // Out of the funds there are, as far as the day's share reaches; the rest waits.
      const paid = await token.balanceOf(w.outsiders[0]!);
      const waits = funds + 50n * FTNS - paid;
      expect(await pool.claimable(w.outsiders[0]!)).to.equal(waits);
      expect(waits >= 50n * FTNS).to.equal(true);
      await w.clock.to(until);
      await pool.connect(w.outsiders[0]!).claim();
      expect(await pool.claimable(w.outsiders[0]!)).to.be.lessThan(waits);
    });

    it("charges no demurrage on its days, also when a halt runs and ends in it", async () => {
      await recovering();
      const before = await treasury();
      await w.breaker.connect(w.people.governor).impose(ACTION.halt);
      await w.clock.toDaysAhead(1n, HOUR);
      await w.breaker.connect(w.people.governor).end(ACTION.halt);
      await w.clock.toDaysAhead(5n, HOUR);
      expect(await treasury()).to.equal(before);
      await w.clock.to((await w.token.recoveryUntil()) + DAY);
      expect(await treasury()).to.be.lessThan(before);
    });

    it("charges again from the day after it is ended early", async () => {
      await recovering();
      const before = await treasury();
      await w.breaker.connect(w.people.governor).end(ACTION.recovery);
      await send((await treasury()) / 2n);
      await w.clock.toDaysAhead(1n, HOUR);
      expect(await treasury()).to.be.lessThan(before / 2n);
    });

    it("leaves a halt that lasts longer in place", async () => {
      await recovering();
      await w.clock.pass(6n * DAY);
      await w.breaker.connect(w.people.governor).impose(ACTION.halt);
      await w.clock.to(await w.token.recoveryUntil());
      await expect(send(1n)).to.be.revertedWithCustomError(w.token, "TransfersHalted");
    });
  });
});
