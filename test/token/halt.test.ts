import { expect } from "chai";
import { DAY, HOUR, dayOf, startOf } from "../helpers/time.ts";
import { CLASS, clock, ethers, freshToken, give, parametersWith, type Deployment } from "./fixture.ts";
import { FTNS, WAD } from "./words.ts";

const START = 1_000n * FTNS;

describe("FTNSToken halts", () => {
  let d: Deployment;
  let launchDay: bigint;
  let morning: bigint;
  beforeEach(async () => {
    d = await freshToken();
    await give(d, d.alice, START);
    await clock.toDaysAhead(1n);
    await d.token.settle(d.alice);
    launchDay = await clock.today();
    morning = startOf(launchDay) + HOUR;
    // Whole FTNS again, so that a day's fee is 1/3000 of a known number.
    await give(d, d.alice, START / 3_000n);
  });

  /** The next transaction happens `seconds` after 03:00 of the first day. */
  const at = (seconds: bigint) => clock.nextBlockAt(morning + seconds);
  const haltAt = async (seconds: bigint, until: bigint) => {
    await at(seconds);
    return d.token.connect(d.breaker).halt(morning + until);
  };
  const endAt = async (seconds: bigint) => {
    await at(seconds);
    return d.token.connect(d.breaker).endHalt();
  };
  /** On how many boundaries through `days` days from the first alice was charged. */
  const chargedDays = async (days: bigint) => {
    await clock.toDay(launchDay + days);
    let [balance, charged] = [START, 0];
    const now = await d.token.balanceOf(d.alice);
    while (balance > now + 1_000n) {
      balance -= balance / 3_000n;
      charged++;
    }
    return charged;
  };

  describe("halt", () => {
    it("reverts for anyone but the breaker", async () => {
      await expect(d.token.connect(d.governor).halt((await clock.now()) + HOUR))
        .to.be.revertedWithCustomError(d.token, "AccessManagedUnauthorized")
        .withArgs(d.governor);
    });

    it("reverts for now and for more than 72 hours, and passes between", async () => {
      for (const length of [0n, 72n * HOUR + 1n]) {
        await expect(haltAt(10n, 10n + length))
          .to.be.revertedWithCustomError(d.token, "HaltOutOfBounds")
          .withArgs(morning + 10n + length, morning + 11n, morning + 10n + 72n * HOUR);
        await clock.toDaysAhead(1n);
        morning += DAY;
      }
      await haltAt(0n, 1n);
      await haltAt(100n, 100n + 72n * HOUR);
      expect(await d.token.haltedUntil()).to.equal(morning + 100n + 72n * HOUR);
    });

    it("tells until when and which boundaries charge nothing", async () => {
      const until = morning + 47n * HOUR;
      await at(0n);
      await expect(d.token.connect(d.breaker).halt(until))
        .to.emit(d.token, "Halted")
        .withArgs(until, launchDay + 1n, dayOf(until));
    });

    describe("when halted", () => {
      const until = 30n * HOUR;
      beforeEach(async () => {
        await d.token.connect(d.alice).approve(d.bob, START);
        await d.token.connect(d.governor).setAccountClass(d.vault, CLASS.EXEMPT);
        await give(d, d.vault, 5n * FTNS);
        await give(d, d.pool, 5n * FTNS);
        await haltAt(100n, until);
      });

      it("reverts every transfer, transferFrom, burn and transfer of nothing", async () => {
        const { token, alice, bob } = d;
        const attempts = [
          () => token.connect(alice).transfer(bob, 1n),
          () => token.connect(alice).transfer(bob, 0n),
          () => token.connect(alice).transfer(alice, 1n),
          () => token.connect(bob).transferFrom(alice, bob, 1n),
          () => token.connect(alice).burn(1n),
          () => token.connect(bob).burnFrom(alice, 1n),
        ];
        for (const attempt of attempts) {
          await expect(attempt())
            .to.be.revertedWithCustomError(token, "TransfersHalted")
            .withArgs(morning + until);
        }
      });

      it("P14: lets exempt contracts pay out, minters mint, and anyone settle and approve", async () => {
        for (const contract of [d.vault, d.pool]) {
          const signer = await ethers.getImpersonatedSigner(await contract.getAddress());
          await ethers.provider.send("hardhat_setBalance", [signer.address, "0x56bc75e2d63100000"]);
          await d.token.connect(signer).transfer(d.carol, 5n * FTNS);
        }
        await give(d, d.carol, 1n * FTNS);
        expect(await d.token.balanceOf(d.carol)).to.equal(11n * FTNS);
        await d.token.settle(d.alice);
        await d.token.connect(d.alice).approve(d.bob, 1n);
      });

      it("P14: reverts in the last second and ends by itself", async () => {
        await clock.nextBlockAt(morning + until - 1n);
        await expect(d.token.connect(d.alice).transfer(d.bob, 1n)).to.be.revertedWithCustomError(d.token, "TransfersHalted");
        await clock.nextBlockAt(morning + until);
        await d.token.connect(d.alice).transfer(d.bob, 1n);
      });
    });
  });

  describe("recovery mode and pooled accounts", () => {
    const signerOf = async (contract: { getAddress(): Promise<string> }) => {
      const signer = await ethers.getImpersonatedSigner(await contract.getAddress());
      await ethers.provider.send("hardhat_setBalance", [signer.address, "0x56bc75e2d63100000"]);
      return signer;
    };

    it("limits a plain account to a tenth a day, and a pooled one not at all", async () => {
      await give(d, d.wrapper, 100n * FTNS);
      await d.token.connect(d.breaker).startRecovery((await clock.now()) + 3n * DAY);
      await expect(d.token.connect(d.alice).transfer(d.bob, START / 10n + 1n)).to.be.revertedWithCustomError(
        d.token,
        "RecoveryLimitExceeded",
      );
      expect(await d.token.movable(d.alice)).to.equal(START / 10n);
      expect(await d.token.movable(d.wrapper)).to.equal(100n * FTNS);
      await d.token.connect(await signerOf(d.wrapper)).transfer(d.bob, 100n * FTNS);
    });

    it("has no say in a halt, which stops pooled accounts too", async () => {
      await give(d, d.wrapper, 100n * FTNS);
      await d.token.connect(d.breaker).startRecovery((await clock.now()) + 3n * DAY);
      await d.token.connect(d.breaker).halt((await clock.now()) + HOUR);
      expect(await d.token.movable(d.wrapper)).to.equal(0n);
      await expect(d.token.connect(await signerOf(d.wrapper)).transfer(d.bob, 1n)).to.be.revertedWithCustomError(
        d.token,
        "TransfersHalted",
      );
    });
  });

  describe("endHalt", () => {
    it("reverts for anyone but the breaker", async () => {
      await haltAt(0n, 10n * HOUR);
      await expect(d.token.connect(d.alice).endHalt()).to.be.revertedWithCustomError(d.token, "AccessManagedUnauthorized");
    });

    it("reverts when nothing is halted: never, after its time, or ended before", async () => {
      const { token, breaker } = d;
      await expect(token.connect(breaker).endHalt()).to.be.revertedWithCustomError(token, "NotHalted");
      await haltAt(0n, HOUR);
      await at(HOUR);
      await expect(token.connect(breaker).endHalt()).to.be.revertedWithCustomError(token, "NotHalted");
      await haltAt(2n * HOUR, 9n * HOUR);
      await endAt(3n * HOUR);
      await expect(token.connect(breaker).endHalt()).to.be.revertedWithCustomError(token, "NotHalted");
    });

    it("lets transfers run from the same second on", async () => {
      await haltAt(0n, 70n * HOUR);
      await at(HOUR);
      await expect(d.token.connect(d.breaker).endHalt()).to.emit(d.token, "HaltEnded");
      expect(await d.token.haltedUntil()).to.equal(morning + HOUR);
      await d.token.connect(d.alice).transfer(d.bob, 1n);
    });
  });

  describe("P8: frozen days", () => {
    it("are the boundaries inside the halt, and only those", async () => {
      // From 03:00 of day 0 to 01:00 of day 3 (still day 2): boundaries 1 and 2 are inside.
      await haltAt(0n, 70n * HOUR);
      expect(await chargedDays(1n)).to.equal(0);
      expect(await chargedDays(2n)).to.equal(0);
      expect(await chargedDays(3n)).to.equal(1);
      expect(await chargedDays(10n)).to.equal(8);
    });

    it("are none for a halt that ends before the next boundary", async () => {
      await haltAt(0n, 22n * HOUR);
      expect(await chargedDays(5n)).to.equal(5);
    });

    it("include the boundary at which a halt ends", async () => {
      await haltAt(0n, 23n * HOUR);
      expect(await chargedDays(5n)).to.equal(4);
    });

    it("end with an early end: on the same day none", async () => {
      await haltAt(0n, 72n * HOUR);
      await endAt(HOUR);
      expect(await chargedDays(5n)).to.equal(5);
    });

    it("end with an early end: those that have passed stay free", async () => {
      await haltAt(0n, 72n * HOUR);
      await endAt(25n * HOUR);
      expect(await chargedDays(5n)).to.equal(4);
    });

    it("grow with a longer halt", async () => {
      await haltAt(0n, 30n * HOUR);
      await haltAt(26n * HOUR, 80n * HOUR);
      expect(await chargedDays(6n)).to.equal(3);
    });

    it("shrink with a shorter halt, on the same day or later", async () => {
      await haltAt(0n, 72n * HOUR);
      await haltAt(1n, HOUR);
      expect(await chargedDays(1n)).to.equal(1);
      morning = (await clock.now()) + HOUR;
      await haltAt(0n, 72n * HOUR);
      await haltAt(25n * HOUR, 26n * HOUR);
      expect(await chargedDays(5n)).to.equal(4);
    });

    it("come again with a second halt, right after the first or later", async () => {
      await haltAt(0n, 24n * HOUR);
      await haltAt(24n * HOUR + 1n, 48n * HOUR);
      await haltAt(96n * HOUR, 120n * HOUR);
      // Boundaries 1, 2 and 5.
      expect(await chargedDays(8n)).to.equal(5);
    });

    it("stay free when parameters change meanwhile, before or after on the same day", async () => {
      const halved = parametersWith({ monthlyCap: WAD / 200n });
      const setAt = async (seconds: bigint) => {
        await at(seconds);
        await d.token.connect(d.governor).setParameters(halved);
      };
      const snapshot = await ethers.provider.send("evm_snapshot", []);
      const orders = [
        async () => (await setAt(1n), await haltAt(2n, 48n * HOUR)),
        async () => (await haltAt(1n, 48n * HOUR), await setAt(2n)),
        async () => (await haltAt(1n, 48n * HOUR), await setAt(25n * HOUR)),
      ];
      let state = snapshot;
      for (const order of orders) {
        await order();
        await clock.toDay(launchDay + 2n);
        expect(await d.token.balanceOf(d.alice)).to.equal(START);
        await clock.toDay(launchDay + 3n);
        expect(await d.token.balanceOf(d.alice)).to.equal(START - START / 6_000n);
        await ethers.provider.send("evm_revert", [state]);
        state = await ethers.provider.send("evm_snapshot", []);
      }
    });

    it("keep new parameters when an early end cuts them short", async () => {
      await haltAt(0n, 72n * HOUR);
      await at(1n);
      await d.token.connect(d.governor).setParameters(parametersWith({ monthlyCap: WAD / 200n }));
      await endAt(HOUR);
      await clock.toDay(launchDay + 1n);
      expect(await d.token.balanceOf(d.alice)).to.equal(START - START / 6_000n);
    });

    it("let activity decay, so that the band falls through them", async () => {
      await d.token.connect(d.governor).setAccountClass(d.shop, CLASS.RECOGNISED);
      await d.token.connect(d.alice).transfer(d.shop, 900n * FTNS);
      const before = (await d.token.accountOf(d.alice)).activity;
      await haltAt(HOUR, 70n * HOUR);
      await clock.toDay(launchDay + 2n);
      const after = (await d.token.accountOf(d.alice)).activity;
      // e^(-2/30) = 0.93550...
      expect((after * 100_000n) / before).to.equal(93_550n);
    });
  });
});
