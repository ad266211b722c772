import { expect } from "chai";
import { network } from "hardhat";
import { plain } from "../helpers/plain.ts";
import { AGAINST, FOR, proposalOf, propose } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { ACTION, CALM, DAY, HOUR, safetyOn, TRIGGER, USD, type SafetyWorld, type Sight } from "./fixture.ts";

const WAD = 10n ** 18n;
const connection = await network.create();
const fixture = async () => safetyOn(connection);
const youngFixture = async () => safetyOn(connection, 0n);

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

    it("is not met while the hour of the fall still runs", async () => {
      await w.clock.pass(HOUR / 2n);
      await w.report({ price: threshold / 2n });
      await expectTrigger(TRIGGER.priceCrash, false);
    });

    it("P201: is not met when the present answer has recovered, by a single unit", async () => {
      await w.hours(2, threshold);
      await w.report({ price: threshold + 1n });
      expect(await find(TRIGGER.priceCrash)).to.include({ known: true, met: false });
      await w.report({ price: threshold });
      await expectTrigger(TRIGGER.priceCrash, true);
    });

    it("looks at the latest hour that a round has closed, however the rounds lie", async () => {
      await w.hours(1, threshold);
      await w.clock.pass(HOUR + 1_200n);
      const open = await find(TRIGGER.priceCrash);
      expect(open).to.include({ known: true, met: true, measured: threshold * 10n ** 10n });
    });

    it("survives a feed that freezes as unknown, not as met", async () => {
      await w.hours(2, threshold);
      await w.clock.pass(2n * HOUR);
      expect((await find(TRIGGER.priceCrash)).known).to.equal(false);
      await expectTrigger(TRIGGER.priceCrash, false);
    });

    it("is unknown when the hour of the day before is too thin", async () => {
      // Of five hours without a round the first two stay uncovered: a price stands for three.
      await w.clock.pass(5n * HOUR);
      await w.hours(21, USD);
      await w.hours(1, threshold);
      const hour = await w.history.latestHour();
      const [fallen, thin] = await w.history.hourAverages([hour, hour - 24n]);
      expect([fallen!.usable, thin!.usable]).to.deep.equal([true, false]);
      expect(await find(TRIGGER.priceCrash)).to.include({ known: false, met: false });
    });

    it("needs a confidence of 0.90: four of five reporters against one are not enough", async () => {
      await w.hours(2, threshold);
      await w.report({ price: threshold }, 1);
      expect(await find(TRIGGER.priceCrash)).to.include({ known: false, met: false, confidence: (875n * WAD) / 1_000n });
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
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "9 of 9 failed", { txTotal: 9n, txFailed: 9n, sendersDay: 9n }, false],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "10 of 20 failed", { txTotal: 20n, txFailed: 10n, sendersDay: 100n }, true],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "less than a tenth of the day's", { txFailed: 60n, sendersDay: 601n }, false],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "a tenth of the day's", { txFailed: 60n, sendersDay: 600n }, true],
    ["NETWORK_ATTACK", TRIGGER.networkAttack, "nobody", { txTotal: 0n, txFailed: 0n, sendersDay: 0n }, false],
  ];
  for (const [name, kind, what, sight, met] of cases) {
    it(`${name} ${met ? "is" : "is not"} met with ${what}`, async () => {
      await w.clock.pass(60n);
      await w.report(sight);
      await expectTrigger(kind, met);
    });
  }

  it("P201: LIQUIDITY_CRISIS is unknown until the feed is 30 days old", async () => {
    const young = await connection.networkHelpers.loadFixture(youngFixture);
    const findings = async () => plain(await young.breaker.find(TRIGGER.liquidityCrisis));
    const started = await young.history.startedAt();
    await young.clock.to(started + 30n * DAY - 1_000n);
    await young.report({ volume6h: 0n });
    await young.clock.to(started + 30n * DAY - 1n);
    expect(await findings()).to.include({ known: false, met: false });
    await young.clock.pass(1n);
    expect(await findings()).to.include({ known: true, met: true });
  });

  it("LIQUIDITY_CRISIS takes a confidence of 0.875, not 0.50", async () => {
    for (const [blind, known] of [
      [1, true],
      [2, false],
    ] as const) {
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
    await w.report({ volume6h: 0n, txFailed: CALM.txTotal, sendersDay: CALM.txTotal });
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

  /** Ends a vote in which `voters` took part. */
  const ended = async (voters: number[], description: string, by = 0, support = FOR) => {
    const p = await proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], description);
    await propose(w.governor, w.voters[by]!, p);
    await w.clock.pass(DAY + 1n);
    for (const voter of voters) await w.governor.connect(w.voters[voter]!).castVote(p.id, support);
    await w.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
  };
  /** Three votes of three proposers, the last of voter 0, to which `voters` came. */
  const nobodyCares = async (voters: number[] = [], support = FOR) => {
    await ended([], "nobody cares", 1);
    await ended([], "nor now", 2);
    await ended(voters, "and now?", 0, support);
  };

  describe("GOVERNANCE_DEADLOCK", () => {
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
        await nobodyCares([6], AGAINST);
        await expectTrigger(TRIGGER.governanceDeadlock, met);
      });
    }

    it("is not met when the best vote passed, with less than 5 % (P463)", async () => {
      await withVoter(500_000n * FTNS - 1n);
      await nobodyCares([6]);
      expect((await w.governor.lastVotes(await w.clock.now())).passed).to.equal(true);
      await expectTrigger(TRIGGER.governanceDeadlock, false);
    });

    it("is not met when no vote ended", async () => {
      expect(await find(TRIGGER.governanceDeadlock)).to.include({ known: false, met: false });
    });

    for (const attended of [0, 1, 2]) {
      it(`is not met when vote ${attended + 1} of the last three was attended, and is when three came after it`, async () => {
        for (const i of [0, 1, 2]) await ended(i === attended ? [0] : [], `vote ${i}`, i);
        await expectTrigger(TRIGGER.governanceDeadlock, false);
        for (const i of [3, 4, 5]) await ended([], `vote ${i}`, i);
        await expectTrigger(TRIGGER.governanceDeadlock, true);
      });
    }

    it("is unknown while fewer than three votes have ended", async () => {
      await ended([], "nobody cares", 1);
      await ended([], "nor now", 2);
      expect(await find(TRIGGER.governanceDeadlock)).to.include({ known: false, met: false });
    });

    // Seen: one who wants to be rid of a rate stages the deadlock that resets it.
    it("is not met when two of the three are of one proposer", async () => {
      for (const [i, by] of [0, 1, 0].entries()) await ended([], `stage ${i}`, by);
      expect(await find(TRIGGER.governanceDeadlock)).to.include({ known: true, met: false });
      await expectTrigger(TRIGGER.governanceDeadlock, false);
    });

    it("is over 72 hours after the last vote", async () => {
      await nobodyCares();
      const { latestEnd } = await w.governor.lastVotes(await w.clock.now());
      await w.clock.to(latestEnd + 72n * HOUR);
      expect(await find(TRIGGER.governanceDeadlock)).to.include({ known: true, met: true });
      await w.clock.to(latestEnd + 72n * HOUR + 1n);
      expect(await find(TRIGGER.governanceDeadlock)).to.include({ known: false, met: false });
      await expectTrigger(TRIGGER.governanceDeadlock, false);
    });

    it("is not found twice on the same votes", async () => {
      await nobodyCares();
      await expectTrigger(TRIGGER.governanceDeadlock, true);
      await w.clock.pass(60n * HOUR);
      expect(await w.breaker.isOpen()).to.equal(false);
      await expectTrigger(TRIGGER.governanceDeadlock, false);
    });
  });

  describe("GOVERNANCE_DEADLOCK, given three votes that nobody attended", () => {
    /** Proposals that are withdrawn at once: they are looked at and count for nothing. */
    const withdrawn = async (count: number) => {
      const governor = w.governor.connect(w.voters[3]!);
      for (let i = 0; i < count; i++) {
        const p = await proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], `withdrawn ${i}`);
        await propose(w.governor, w.voters[3]!, p);
        await governor.cancel(p.targets, p.values, p.calldatas, p.descriptionHash);
      }
    };

    it("is met when 61 more proposals were made: all 64 are looked at", async () => {
      await nobodyCares();
      await withdrawn(61);
      await expectTrigger(TRIGGER.governanceDeadlock, true);
    });

    it("is unknown when 62 more proposals were made: the oldest of 65 is not looked at", async () => {
      await nobodyCares();
      await withdrawn(62);
      expect((await w.governor.lastVotes(await w.clock.now())).complete).to.equal(false);
      expect(await find(TRIGGER.governanceDeadlock)).to.include({ known: false, met: false });
      await expectTrigger(TRIGGER.governanceDeadlock, false);
    });

    it("is met when 61 more proposals were made, and an older one that is long over", async () => {
      await ended([], "long ago", 4);
      await w.clock.pass(60n * DAY);
      await nobodyCares();
      await withdrawn(61);
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
