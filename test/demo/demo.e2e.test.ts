// The demo as a person sees it who starts it without a word: one replay, and the report on it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { formatEther, parseEther } from "ethers";
import { DEFAULT_DAYS } from "@ftns/demo/args.ts";
import type { PersonaReport, Report } from "@ftns/demo/report/types.ts";
import { expectNear } from "../helpers/near.ts";
import { freePort, ownFolder, start, type Ended } from "./process.ts";

/** What a person sees who gives no number. */
const DAYS = DEFAULT_DAYS;
/** The crash and what follows. */
const CRASH_DAYS = 8;
/** Boundaries under a halt of 72 hours that begins on a morning. */
const HALTED_DAYS = 3;
const ALL_DAYS = DAYS + CRASH_DAYS;

describe("demo: npm start", function () {
  this.timeout(240_000);
  const folder = ownFolder();

  describe(`given ${DAYS} days`, () => {
    let ended: Ended;
    let report: Report;
    const persona = (id: string): PersonaReport => report.personas.find((one) => one.id === id)!;

    before(async () => {
      const port = await freePort();
      ended = await start(["--port", String(port), "--out", folder(), "--exit"]);
      expect(ended.code, ended.output).to.equal(0);
      report = JSON.parse(readFileSync(join(folder(), "report.json"), "utf8")) as Report;
    });

    it("prints the report in plain text, where it is written, and how long it took", () => {
      expect(ended.output)
        .to.include(`${DAYS} days of an FTNS economy`)
        .and.include("report.html")
        .and.match(/all \d+\.\d s/);
      expect(ended.output).to.not.include("\x1b");
    });

    it("counts its transactions alike wherever it tells of them", () => {
      const { transactions, blocks } = report.chain;
      const words = (value: number) => value.toLocaleString("en-US");
      expect(ended.output).to.include(`${words(transactions)} transactions in ${words(blocks)} blocks`);
      const sent = report.keepers.twins.reduce((sum, twin) => sum + twin.transactions, 0);
      const done = report.keepers.twins.reduce((sum, twin) => sum + twin.done, 0);
      expect(ended.output.replace(/\s+/g, " ")).to.include(`${words(done)} jobs in ${words(sent)} transactions`);
    });

    it("writes a page with a point for each day", () => {
      const html = readFileSync(join(folder(), "report.html"), "utf8");
      const price = /<path class="line c1" d="([^"]*)"/.exec(html)![1]!;
      expect(price.match(/[ML]/g)).to.have.length(DAYS + 1);
      expect(html).to.include("What the voters did").and.include("made-up crash");
    });

    it("P1, P100: reconciles to the wei", () => {
      expect(report.checks).to.have.length.greaterThan(12);
      expect(report.checks.filter((check) => !check.ok)).to.deep.equal([]);
    });

    it("P101: adjusts M once a day from the first day with a full window", () => {
      expect(report.days).to.have.length(ALL_DAYS + 1);
      expect(report.days.filter((row) => row.adjustment !== null).map((row) => row.day)).to.deep.equal(
        Array.from({ length: DAYS - 30 }, (_, i) => 31 + i),
      );
      for (const { adjustment, day } of report.days) {
        if (adjustment === null) continue;
        const before = report.days[day - 1]!.multiplier;
        expectNear(report.days[day]!.multiplier, before * adjustment.factor, 1e-9);
      }
    });

    it("P385: has the days of the launch price noted, and tells M by the rule in the shadow, at most 3 % a day", () => {
      const { jobs } = report.keepers;
      expect(jobs.find(({ job }) => job === "note-days")!.done).to.be.within(1, 3);
      const others = report.days.map((row) => row.otherMultiplier);
      for (const [day, other] of others.entries()) {
        const step = other / (others[day - 1] ?? 1);
        expect(step).to.be.within(0.97 - 1e-9, 1.03 + 1e-9);
        if (day <= 30) expect(other).to.equal(1);
      }
      expect(others.at(-1)).to.not.equal(1);
    });

    it("pays rewards by minting first and out of recycled demurrage later", () => {
      const { rewards, rewardsFromFees, rewardsMinted, minted } = report.supply;
      expect(parseEther(rewardsFromFees) > 0n && parseEther(rewardsMinted) > 0n).to.equal(true);
      expect(parseEther(rewardsFromFees) + parseEther(rewardsMinted)).to.equal(parseEther(rewards));
      expect(parseEther(minted)).to.equal(parseEther(rewardsMinted) + parseEther(report.supply.yieldMinted));
    });

    it("charges the hoarder the top rate on every day: 1 %, by vote 0.8 %, and nothing under the halt", () => {
      const { rates, statement } = persona("hoarder");
      const before = report.voters.decision.effectiveOn - 1;
      const after = ALL_DAYS - before - HALTED_DAYS;
      expect(rates.map((share) => [share.days, share.monthlyRate])).to.have.deep.members([
        [before, 0.01],
        [after, 0.008],
        [HALTED_DAYS, 0],
      ]);
      expectNear(Number(statement.end), 100_000 * (1 - 0.01 / 30) ** before * (1 - 0.008 / 30) ** after, 1e-6);
    });

    it("P12: gives the washing pair nothing for its trouble", () => {
      const wash = persona("wash");
      expect(Number(wash.statement.sent)).to.equal(DAYS * 20_000);
      expect(wash.peakVelocity).to.equal(0);
      expectNear(wash.effectiveMonthlyRate, persona("hoarder").effectiveMonthlyRate, 1e-12);
    });

    it("rewards the steady trader's real trade", () => {
      const trader = persona("trader");
      expect(trader.peakVelocity).to.be.greaterThan(1);
      expect(trader.effectiveMonthlyRate).to.be.lessThan(0.004);
      expect(trader.rates[0]!.monthlyRate).to.equal(0.0015);
    });

    it("charges the newcomer nothing up to the allowance of 100 FTNS, and above it like everyone", () => {
      const { statement, rates, proofs, balances, fees } = persona("newcomer");
      const arrival = Math.floor((DAYS * 2) / 5);
      const above = arrival + 15;
      const free = rates.find(({ reason }) => reason === "grace for newcomers: demurrage takes no balance below 100 FTNS")!;
      expect(free).to.include({ days: 14, monthlyRate: 0 });
      expect(balances.slice(arrival + 1, above).every((balance) => balance > 0 && balance <= 100)).to.equal(true);
      expect(fees.slice(0, above).every((fee) => fee === 0)).to.equal(true);
      expect(parseEther(statement.fees) > 0n).to.equal(true);
      const days = rates.reduce((sum, share) => sum + (share.monthlyRate > 0 ? share.days : 0), 0);
      expect(days).to.equal(ALL_DAYS + 1 - above - HALTED_DAYS);
      expect(proofs).to.be.greaterThan(0);
    });

    it("lets the lapsed contributor's tier step down by itself", () => {
      expect(persona("lapsed").tiers).to.deep.equal([
        { tier: "NONE", fromDay: 0, toDay: 0 },
        { tier: "POWER", fromDay: 1, toDay: 43 },
        { tier: "ACTIVE", fromDay: 44, toDay: 50 },
        { tier: "BASIC", fromDay: 51, toDay: 57 },
        { tier: "NONE", fromDay: 58, toDay: ALL_DAYS },
      ]);
    });

    it("lets the power contributor's balance grow at the highest tier", () => {
      const { tier, balances, statement } = persona("power");
      expect(tier).to.equal("POWER");
      expect(balances.at(-1)! > balances[0]!).to.equal(true);
      expect(parseEther(statement.rewards) > 0n).to.equal(true);
    });

    it("P11: lets a share of wFTNS fall at the top rate, while nobody's wFTNS moves", () => {
      const hoarder = persona("hoarder");
      for (const id of ["wrapped", "amm"]) expect(persona(id).rates).to.deep.equal(hoarder.rates);
      expectNear(persona("wrapped").effectiveMonthlyRate, hoarder.effectiveMonthlyRate, 1e-6);
      expect(Number(persona("wrapped").statement.end)).to.be.lessThan(50_000);
      expect(report.checks.find((check) => check.name.startsWith("The pool's books"))!.ok).to.equal(true);
    });

    it("P72: pays the committed staker base and commitments, five while her vote is one of them and four 30 days later, times tier, as far as her score covers the stake, out of fees and by minting", () => {
      const { stake, statement } = persona("staker");
      const { base, commitments, perCommitment, tierMultiplier, multiplier, max, total, uncovered } = stake!.rate;
      const presented = report.voters.timeline.find(({ title }) => title.startsWith("The five present their votes"))!;
      expect(presented.text).to.include("Stella now keeps 5 of 5 commitments");
      expect(report.days.at(-1)!.day - presented.day).to.be.greaterThan(30);
      expect([base, commitments, perCommitment, tierMultiplier, max]).to.deep.equal([0.03, 4, 0.01, 1.5, 0.2]);
      expect(multiplier).to.equal(null);
      expectNear(total, 0.105, 1e-12);
      expectNear(uncovered, 0.015, 1e-12);
      expect(parseEther(stake!.covered) > 0n && parseEther(stake!.covered) < parseEther(stake!.staked)).to.equal(true);
      const { fromFees, minted, recycled } = stake!;
      expect(parseEther(fromFees) + parseEther(minted) + parseEther(recycled)).to.equal(parseEther(statement.yield));
      expect(
        [stake!.waiting, stake!.waitingRecycled, fromFees, minted, recycled].every((amount) => parseEther(amount) > 0n),
      ).to.equal(true);
    });

    it("P72: pays the passive staker half the base rate, out of fees alone", () => {
      const { stake, statement, tier } = persona("passive");
      expect(tier).to.equal("NONE");
      expectNear(stake!.rate.total, 0.015, 1e-12);
      expect([stake!.rate.commitments, stake!.rate.tierMultiplier]).to.deep.equal([0, 0.5]);
      expect([stake!.fromFees, stake!.minted, stake!.waiting]).to.deep.equal(["0", "0", "0"]);
      expect(parseEther(stake!.recycled)).to.equal(parseEther(statement.yield));
      expect(parseEther(statement.yield) > 0n && parseEther(stake!.waitingRecycled) > 0n).to.equal(true);
    });

    it("P102: lets stakers change a parameter by vote: a day, five days, two days, and the next boundary", () => {
      const { decision, timeline } = report.voters;
      const steps = timeline.filter((event) => event.part === "vote");
      expect(steps).to.have.length(6);
      const [proposed, voted, queued, , executed] = steps.map((event) => Date.parse(event.at) / 86_400_000);
      expect(voted! - proposed!).to.be.greaterThan(1);
      expect(queued! - proposed!).to.be.greaterThan(6);
      expect(executed! - queued!).to.be.greaterThan(2);
      expect(parseEther(decision.votesFor) + parseEther(decision.votesAbstain) > parseEther(decision.quorum)).to.equal(true);
      expect(decision.effect).to.include({ name: "Hana", transactions: 0 });
      expectNear(decision.effect!.rateBefore, 0.01, 1e-9);
      expectNear(decision.effect!.rateAfter, 0.008, 1e-9);
    });

    it("P104: leaves every trigger, motion and proposal to the keepers, and says why each was sent", () => {
      const { decisions } = report.keepers;
      const did = decisions.map(({ did }) => did);
      for (const part of [
        "pulls the trigger PRICE_CRASH",
        "adjustments are paused",
        "transfers are halted",
        "into the timelock",
        "executes what has waited",
      ]) {
        expect(
          did.some((words) => words.includes(part)),
          part,
        ).to.equal(true);
      }
      expect(decisions.find(({ did: words }) => words.includes("PRICE_CRASH"))!.reason).to.match(
        /the hourly price is 4\d\.\d+ % of that of a day before/,
      );
      for (const { transaction, otherwise } of decisions) {
        expect(ended.output.replace(/\s+/g, " "))
          .to.include(`Transaction ${transaction.slice(0, 10)}`)
          .and.include(otherwise);
      }
    });

    it("P105: lets twins do no harm: each does a part of the work, and nothing is done twice", () => {
      const { twins, jobs } = report.keepers;
      expect(twins.map(({ done }) => done > 3 * DAYS)).to.deep.equal([true, true]);
      expect(twins.reduce((sum, { gasWasted }) => sum + gasWasted, 0)).to.be.lessThan(
        0.02 * twins.reduce((sum, { gasUsed }) => sum + gasUsed, 0),
      );
      for (const { byDay } of jobs) expect(byDay.looks).to.have.length(ALL_DAYS + 1);
      expect(jobs.find(({ job }) => job === "adjust-supply")!.done).to.equal(DAYS - 30);
    });

    it("P106: matches the keepers' books with the nonces and purses of their accounts", () => {
      for (const { paid, fees, transactions, done, lostRaces } of report.keepers.twins) {
        expect(parseEther(paid) > 0n).to.equal(true);
        expect(paid).to.equal(fees);
        expect(transactions).to.be.within(done, done + lostRaces);
      }
    });

    it("P109: pays keepers for their work out of the pool, to the wei, once they send through KeeperJobs", () => {
      const pay = report.checks.find(({ name }) => name === "Every keeper's pay reached it")!;
      const total = report.keepers.twins.reduce((sum, { earned }) => sum + parseEther(earned), 0n);
      expect(pay.ok).to.equal(true);
      expect(pay.detail).to.include(` = ${formatEther(total)} FTNS`);
      for (const { earned, balance } of report.keepers.twins) {
        expect(parseEther(earned) > 0n && parseEther(balance) <= parseEther(earned)).to.equal(true);
      }
      expect(ended.output).to.include("Both keepers are restarted, to be paid");
    });

    describe("given the crash", () => {
      const emergency = () => report.voters.emergency!;
      const time = (iso: string) => Date.parse(iso) / 1000;

      it("says that its prices are made up", () => {
        expect(report.days.filter((row) => row.synthetic).map((row) => row.day)).to.deep.equal(
          Array.from({ length: CRASH_DAYS }, (_, i) => DAYS + 1 + i),
        );
        expect(report.market.assumptions.some((line) => line.includes("made up"))).to.equal(true);
        expect(ended.output).to.include("(made up)");
      });

      it("P103: opens the breaker on a fall of more than 40 % that all reporters agree on", () => {
        expect(emergency().measured).to.be.lessThan(0.6);
        expect(emergency().confidence).to.equal(1 - 2 ** -5);
        expect(emergency().priceAfter).to.be.lessThan(emergency().priceBefore * 0.6);
      });

      it("P103: passes both actions within six hours, by five contributors and more than they need", () => {
        expect(emergency().votes.map((vote) => vote.action)).to.deep.equal(["pause adjustments", "halt transfers"]);
        for (const vote of emergency().votes) {
          expect(vote.supporters).to.equal(5);
          expect(vote.minSupporters).to.equal(5);
          expect(parseEther(vote.support) >= parseEther(vote.needed)).to.equal(true);
          expect(time(vote.passedAt) - time(vote.openedAt)).to.be.within(1, 6 * 3600);
        }
      });

      it("P107: goes on as one keeper when the other dies in the middle of it", () => {
        const [survivor, dead] = report.keepers.twins;
        expect([survivor!.stoppedAt, dead!.stoppedAt === null]).to.deep.equal([null, false]);
        expect(time(dead!.stoppedAt!)).to.be.within(time(emergency().openedAt), time(emergency().votes[1]!.passedAt));
        const later = report.keepers.decisions.filter(({ at }) => time(at) > time(dead!.stoppedAt!));
        expect(later.map(({ keeper }) => keeper))
          .to.include.members([survivor!.name])
          .and.not.include(dead!.name);
        expect(later.filter(({ did }) => did.includes("carries out"))).to.have.length(2);
      });

      it("stops a payment with an error in plain words, and the daily adjustment", () => {
        const { refusedTransfer, refusedAdjustment, openedAt, haltedUntil } = emergency();
        expect(refusedTransfer.error).to.equal("TransfersHalted");
        expect(refusedTransfer.words).to.include("Transfers are halted until");
        expect(time(refusedTransfer.at)).to.be.within(time(openedAt), time(haltedUntil));
        expect(refusedAdjustment.error).to.equal("Suspended");
        expect(report.days.at(-1)!.multiplier).to.equal(report.days[DAYS]!.multiplier);
        expect(ended.output).to.include("TransfersHalted");
      });

      it("P74, P103: lets stakes leave under the halt, and be asked for", () => {
        const { exits, haltedUntil, refusedTransfer } = emergency();
        expect(time(exits.withdrawnUnderHalt.at)).to.be.within(time(refusedTransfer.at), time(haltedUntil));
        expect(time(exits.withdrawnUnderHalt.requestedAt)).to.be.lessThan(time(emergency().openedAt));
        expect(time(exits.requestedUnderHalt.at)).to.be.within(time(refusedTransfer.at), time(haltedUntil));
        expect(time(exits.requestedUnderHalt.withdrawnAt) - time(exits.requestedUnderHalt.at)).to.be.greaterThan(7 * 86_400 - 1);
        expect(persona("staker").statement.staked).to.equal("40000");
        expect(persona("passive").statement.staked).to.equal("30000");
      });

      it("charges what leaves from the request on, as the hoarder is charged, but not on halted days", () => {
        const { requestedUnderHalt: paul, withdrawnUnderHalt: stella } = emergency().exits;
        for (const [id, { amount, paid }] of [
          ["passive", paul],
          ["staker", stella],
        ] as const) {
          const fee = parseEther(amount) - parseEther(paid);
          expect(fee > 0n).to.equal(true);
          expect(persona(id).statement.exitFees).to.equal(formatEther(fee));
        }
        // Asked for on the afternoon of the crash: boundaries of seven days, three of them under the halt.
        expectNear(Number(paul.paid), 20_000 * (1 - 0.008 / 30) ** (7 - HALTED_DAYS), 1e-6);
      });

      it("P103: ends the halt by itself after 72 hours at most", () => {
        const { haltedUntil, transferAgainAt, haltsEnded, votes } = emergency();
        expect(haltsEnded).to.equal(0);
        expect(time(haltedUntil) - time(votes[1]!.passedAt)).to.be.within(72 * 3600, 72 * 3600 + 180);
        expect(time(transferAgainAt) - time(haltedUntil)).to.be.within(0, 60);
      });
    });
  });
});
