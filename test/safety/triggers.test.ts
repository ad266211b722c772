import { expect } from "chai";
import { network } from "hardhat";
import { FOR, proposalOf, propose } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, CALM, DAY, HOUR, safetyOn, TRIGGER, USD, type SafetyWorld, type Sight } from "./fixture.ts";

const WAD = 10n ** 18n;
const connection = await network.create();
const fixture = async () => safetyOn(connection);

describe("triggers (P80)", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });

  const find = async (kind: bigint) => {
    const [known, met, measured, confidence] = await w.breaker.find(kind);
    return { known, met, measured, confidence };
  };
  /** What `find` says is what `trigger` does. */
  const expectTrigger = async (kind: bigint, met: boolean) => {
    expect((await find(kind)).met).to.equal(met);
    const sent = w.breaker.connect(w.outsiders[0]!).trigger(kind);
    if (met) await expect(sent).to.emit(w.breaker, "EmergencyOpened");
    else await expect(sent).to.be.revertedWithCustomError(w.breaker, "TriggerNotMet");
  };

  it("are not met in calm weather", async () => {
    for (const kind of Object.values(TRIGGER)) await expectTrigger(kind, false);
  });

  describe("PRICE_CRASH", () => {
    const threshold = (6n * USD) / 10n;
    for (const [what, price, met] of [
      ["one unit above -40 %", threshold + 1n, false],
      ["exactly -40 %", threshold, true],
      ["one unit below -40 %", threshold - 1n, true],
    ] as const) {
      it(`${met ? "is" : "is not"} met at ${what}`, async () => {
        await w.hours(2, price);
        expect((await find(TRIGGER.priceCrash)).measured).to.equal(price * 10n ** 10n);
        await expectTrigger(TRIGGER.priceCrash, met);
      });
    }

    it("is not met while the hour of the fall still runs, nor by a price of one block", async () => {
      await w.hour(threshold / 2n);
      await w.clock.pass(HOUR - 60n);
      await expectTrigger(TRIGGER.priceCrash, false);
    });

    it("survives a feed that freezes as unknown, not as met", async () => {
      await w.hours(2, threshold);
      await w.clock.pass(2n * HOUR);
      expect((await find(TRIGGER.priceCrash)).known).to.equal(false);
      await expectTrigger(TRIGGER.priceCrash, false);
    });

    it("is unknown when the hour of the day before is too thin", async () => {
      // Four hours without a record leave an hour uncovered: a record holds for three.
      await w.clock.pass(5n * HOUR);
      await w.hours(23, USD);
      await w.hours(1, threshold);
      const thin = await w.history.hourAverages([(await w.clock.now()) / HOUR - 25n]);
      await w.hours(1, threshold);
      expect(thin[0]!.usable).to.equal(false);
      expect(await find(TRIGGER.priceCrash)).to.include({ known: false, met: false });
    });

    it("needs a confidence of 0.90: four of five reporters are not enough", async () => {
      await w.hours(2, threshold);
      await w.report({ price: threshold }, 1);
      expect(await find(TRIGGER.priceCrash)).to.include({ known: false, met: false, confidence: (8n * WAD) / 10n });
    });

    it("is unknown without a market feed", async () => {
      await w.hours(2, threshold);
      await w.breaker.connect(w.people.governor).setMarketFeed(connection.ethers.ZeroAddress);
      expect(await find(TRIGGER.priceCrash)).to.include({ known: false, met: false });
    });

    it("is unknown when the feed fails", async () => {
      await w.hours(2, threshold);
      await w.breaker.connect(w.people.governor).setMarketFeed(w.token as never);
      expect(await find(TRIGGER.priceCrash)).to.include({ known: false, met: false });
    });
  });

  const cases: [string, bigint, string, Partial<Sight>, boolean][] = [
    ["LIQUIDITY_CRISIS", TRIGGER.liquidityCrisis, "one unit above 10 %", { volume6h: 100n * USD + 1n }, false],
    ["LIQUIDITY_CRISIS", TRIGGER.liquidityCrisis, "exactly 10 %", { volume6h: 100n * USD }, true],
    ["LIQUIDITY_CRISIS", TRIGGER.liquidityCrisis, "one unit below 10 %", { volume6h: 100n * USD - 1n }, true],
    ["LIQUIDITY_CRISIS", TRIGGER.liquidityCrisis, "no volume", { volume6h: 0n }, true],
    ["LIQUIDITY_CRISIS", TRIGGER.liquidityCrisis, "no volume ever", { volume6h: 0n, meanVolume6h: 0n }, false],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "49 of 100 failed", { txFailed: 49n }, false],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "50 of 100 failed", { txFailed: 50n }, true],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "51 of 100 failed", { txFailed: 51n }, true],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "9 of 9 failed", { txTotal: 9n, txFailed: 9n }, false],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "5 of 10 failed", { txTotal: 10n, txFailed: 5n }, true],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "no transactions", { txTotal: 0n, txFailed: 0n }, false],
  ];
  for (const [name, kind, what, sight, met] of cases) {
    it(`${name} ${met ? "is" : "is not"} met with ${what}`, async () => {
      await w.clock.pass(60n);
      await w.report(sight);
      await expectTrigger(kind, met);
    });
  }

  it("LIQUIDITY_CRISIS takes a confidence of exactly 0.80, not 0.60", async () => {
    for (const [blind, known] of [
      [1, true],
      [2, false],
    ] as const) {
      await w.clock.pass(60n);
      await w.report({ volume6h: 0n }, blind);
      expect(await find(TRIGGER.liquidityCrisis)).to.include({ known, met: known });
    }
  });

  it("NETWORK_ATTACK takes all five reporters", async () => {
    await w.clock.pass(60n);
    await w.report({ txFailed: 100n }, 1);
    expect(await find(TRIGGER.networkAttack)).to.include({ known: false, met: false });
  });

  it("market triggers are unknown once the report is 90 minutes old, not a second before", async () => {
    await w.clock.pass(60n);
    await w.report({ volume6h: 0n, txFailed: CALM.txTotal });
    const { observedAt } = await w.medianFeed.latestMarket();
    for (const [age, known] of [
      [5_400n, true],
      [5_401n, false],
    ] as const) {
      await w.clock.to(observedAt + age);
      for (const kind of [TRIGGER.liquidityCrisis, TRIGGER.networkAttack])
        expect(await find(kind)).to.include({ known, met: known });
    }
  });

  describe("GOVERNANCE_DEADLOCK", () => {
    /** Ends a vote in which `voters` took part. */
    const ended = async (voters: number[], description: string, by = 0) => {
      const p = await proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], description);
      await propose(w.governor, w.voters[by]!, p);
      await w.clock.pass(DAY + 1n);
      for (const voter of voters) await w.governor.connect(w.voters[voter]!).castVote(p.id, FOR);
      await w.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
    };
    /** Attendance of exactly `part` of ten million. */
    const withVoter = async (part: bigint) => {
      const { vault, voters } = w;
      await vault.connect(voters[6]!).requestUnstake(400_000n * FTNS);
      await vault.connect(voters[0]!).requestUnstake(part - 400_000n * FTNS);
      const { token, people } = w;
      await token.connect(people.treasury).transfer(voters[6]!, part);
      await token.connect(voters[6]!).approve(vault, part);
      await vault.connect(voters[6]!).stake(part);
      await w.clock.pass(10n);
    };

    for (const [what, part, met] of [
      ["one wei below 5 %", 500_000n * FTNS - 1n, true],
      ["exactly 5 %", 500_000n * FTNS, false],
      ["one wei above 5 %", 500_000n * FTNS + 1n, false],
    ] as const) {
      it(`${met ? "is" : "is not"} met when the best vote had ${what}`, async () => {
        await withVoter(part);
        await ended([6], "hardly anybody cares");
        await expectTrigger(TRIGGER.governanceDeadlock, met);
      });
    }

    it("is not met when no vote ended", async () => {
      expect(await find(TRIGGER.governanceDeadlock)).to.include({ known: false, met: false });
    });

    it("is not met when one of several votes was attended", async () => {
      const other = await proposalOf(w, w.registry, "setBaseRate", [2n, 12n * FTNS], "attended");
      await propose(w.governor, w.voters[1]!, other);
      await w.clock.pass(DAY + 1n);
      await w.governor.connect(w.voters[0]!).castVote(other.id, FOR);
      await ended([], "not attended");
      await expectTrigger(TRIGGER.governanceDeadlock, false);
    });

    it("is over 72 hours after the vote", async () => {
      await ended([], "nobody cares");
      await w.clock.pass(72n * HOUR + 1n);
      await expectTrigger(TRIGGER.governanceDeadlock, false);
    });

    it("is not found twice on the same vote", async () => {
      await ended([], "nobody cares");
      await expectTrigger(TRIGGER.governanceDeadlock, true);
      await w.clock.pass(60n * HOUR);
      expect(await w.breaker.isOpen()).to.equal(false);
      await expectTrigger(TRIGGER.governanceDeadlock, false);
    });
  });

  describe("GOVERNANCE_DEADLOCK, given a vote that nobody attended", () => {
    const noise = (i: number) => proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], `withdrawn ${i}`);
    const ended = async (description: string) => {
      const p = await proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], description);
      await propose(w.governor, w.voters[0]!, p);
      await w.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
    };
    /** Proposals that are withdrawn at once: they are looked at and count for nothing. */
    const withdrawn = async (count: number) => {
      const governor = w.governor.connect(w.voters[1]!);
      for (let i = 0; i < count; i++) {
        const p = await noise(i);
        await propose(w.governor, w.voters[1]!, p);
        await governor.cancel(p.targets, p.values, p.calldatas, p.descriptionHash);
      }
    };
    const attendance = async () => {
      const now = await w.clock.now();
      const { complete, ended, highestShare } = await w.governor.attendance(now - 72n * HOUR, now);
      return { complete, ended, highestShare };
    };

    it("is met when 63 more proposals were made: all 64 are looked at", async () => {
      await ended("nobody cares");
      await withdrawn(63);
      expect(await attendance()).to.deep.equal({ complete: true, ended: 1n, highestShare: 0n });
      await expectTrigger(TRIGGER.governanceDeadlock, true);
    });

    it("is unknown when 64 more proposals were made: the oldest of 65 is not looked at", async () => {
      await ended("nobody cares");
      await withdrawn(64);
      expect(await attendance()).to.deep.equal({ complete: false, ended: 0n, highestShare: 0n });
      expect(await find(TRIGGER.governanceDeadlock)).to.include({ known: false, met: false });
      await expectTrigger(TRIGGER.governanceDeadlock, false);
    });

    it("is met when 63 more proposals were made, and an older one that is long over", async () => {
      await ended("long ago");
      await w.clock.pass(60n * DAY);
      await ended("nobody cares");
      await withdrawn(63);
      expect(await attendance()).to.deep.equal({ complete: true, ended: 1n, highestShare: 0n });
      await expectTrigger(TRIGGER.governanceDeadlock, true);
    });
  });

  describe("two at once", () => {
    it("are one emergency: the second is recorded, and adds the votes that are missing", async () => {
      await w.hours(2, (6n * USD) / 10n);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const first = await w.breaker.emergency();
      const haltVote = await w.breaker.voteOn(ACTION.halt);
      await expect(w.breaker.trigger(TRIGGER.priceCrash))
        .to.be.revertedWithCustomError(w.breaker, "TriggerAlreadyRecorded")
        .withArgs(TRIGGER.priceCrash, first.id);
      await w.clock.pass(HOUR);
      await w.report({ price: (6n * USD) / 10n, txFailed: 90n });
      await expect(w.breaker.trigger(TRIGGER.networkAttack)).to.emit(w.breaker, "TriggerRecorded");
      const both = await w.breaker.emergency();
      expect(both.id).to.equal(first.id);
      expect(both.triggers).to.equal(0b0101n);
      expect(both.actions).to.equal(0b1011n);
      expect(both.openUntil).to.equal((await w.clock.now()) + 24n * HOUR);
      expect(await w.breaker.voteOn(ACTION.halt)).to.equal(haltVote);
      expect(await w.breaker.voteOn(ACTION.recovery)).to.not.equal(0n);
    });
  });
});
