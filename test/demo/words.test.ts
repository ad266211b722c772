import { expect } from "chai";
import { chargesOf, effectiveMonthlyRate, rateShares, tierStretches, type Rules } from "@ftns/demo/report/charges.ts";
import { exact, exactShares, percent, ratio, short } from "@ftns/demo/report/numbers.ts";
import { summarise } from "@ftns/demo/report/summary.ts";
import { targetPath, targetRate } from "@ftns/demo/report/target.ts";
import { explainStake } from "@ftns/demo/report/stakes.ts";
import { spanWords, votersSentences } from "@ftns/demo/report/voters.ts";
import { explainAccount } from "@ftns/demo/report/why.ts";
import type { Sample } from "@ftns/demo/scenario/history.ts";
import { ONE_WFTNS } from "@ftns/demo/scenario/ledger.ts";
import { isWorthItsFee, tradeTo } from "@ftns/demo/scenario/personas/ammPool.ts";
import { plainView } from "@ftns/demo/view/live.ts";
import { renderEvent, renderText, wrap } from "@ftns/demo/view/text.ts";
import { sampleReport } from "./sampleReport.ts";
import { expectNear } from "../helpers/near.ts";

const WAD = 10n ** 18n;
const RULES: Rules = {
  fromDay: 0,
  monthlyRate: [WAD / 1000n, (WAD * 2n) / 1000n, (WAD * 4n) / 1000n, WAD / 100n],
  tierModifier: [(WAD * 15n) / 10n, WAD, (WAD * 7n) / 10n, WAD / 2n],
  monthlyCap: WAD / 100n,
};

function sample(more: Partial<Sample>): Sample {
  return {
    balance: 0n,
    fees: 0n,
    activity: 0n,
    velocity: 0n,
    band: 3,
    tier: "NONE",
    monthlyRate: WAD / 100n,
    allowance: 0n,
    graceUntil: undefined,
    frozen: false,
    staked: 0n,
    ...more,
  };
}

describe("demo: numbers and words", () => {
  describe("target curve", () => {
    it("is 0.5 on day 0, 0.180579011 on day 365, 0.021189801 on day 2000", () => {
      expect(targetRate(0)).to.equal(0.5);
      expectNear(targetRate(365), 0.180579011, 5e-10);
      expectNear(targetRate(2000), 0.021189801, 5e-10);
    });
    it("integrates day by day from the launch price", () => {
      const path = targetPath(2, 120);
      expect(path).to.have.length(121);
      expect(path[0]).to.equal(2);
      expect(path[1]).to.equal(2 * (1 + 0.5 / 365));
      // The integral of T over 120 days, in closed form, within the error of steps of a day.
      const integral = (0.02 * 120 + (0.48 * (1 - Math.exp(-0.36))) / 0.003) / 365;
      expectNear(Math.log(path[120]! / 2), integral, 2e-4);
    });
  });

  describe("charges", () => {
    const samples = [
      sample({ balance: 0n }),
      sample({ balance: 100n * WAD, allowance: 100n * WAD }),
      sample({ balance: 99n * WAD, fees: WAD }),
      sample({ balance: 98n * WAD, fees: 2n * WAD, tier: "POWER", monthlyRate: WAD / 200n }),
    ];
    it("are what fees grew by, against the balance before", () => {
      expect(chargesOf(samples).map(({ day, base, fee }) => [day, base / WAD, fee / WAD])).to.deep.equal([
        [1, 100n, 0n],
        [2, 100n, 1n],
        [3, 99n, 1n],
      ]);
    });
    it("make an effective rate: fees over balances held, a month", () => {
      expect(effectiveMonthlyRate(chargesOf(samples))).to.equal((2n * 30n * WAD) / 299n);
      expect(effectiveMonthlyRate(chargesOf([sample({}), sample({})]))).to.equal(0n);
    });
    it("group by rate and reason", () => {
      expect(rateShares(chargesOf(samples), [RULES])).to.deep.equal([
        { days: 1, monthlyRate: 0, reason: "grace for newcomers: demurrage takes no balance below 100 FTNS" },
        { days: 1, monthlyRate: 0.01, reason: "velocity below 30 % of the target: 1.00 % × 1.5 for no tier, capped at 1.00 %" },
        { days: 1, monthlyRate: 0.005, reason: "velocity below 30 % of the target: 1.00 % × 0.5 for tier POWER" },
      ]);
    });
    it("tell a balance above the allowance of grace what it is charged, down to the allowance", () => {
      const allowance = 100n * WAD;
      const above = sample({ balance: 300n * WAD, allowance });
      const charged = sample({ balance: 299n * WAD, fees: WAD, allowance });
      const spared = sample({ balance: allowance, fees: WAD + WAD / 10n, allowance });
      expect(rateShares(chargesOf([above, charged]), [RULES])).to.deep.equal([
        { days: 1, monthlyRate: 0.01, reason: "velocity below 30 % of the target: 1.00 % × 1.5 for no tier, capped at 1.00 %" },
      ]);
      const [share, ...others] = rateShares(chargesOf([charged, spared]), [RULES]);
      expect(others).to.deep.equal([]);
      expect(share!.reason).to.equal("grace for newcomers: demurrage takes no balance below 100 FTNS");
      expectNear(share!.monthlyRate, 3 / 100.1, 1e-12);
    });
    it("leave out days on which nothing was held, and name the minimum fee", () => {
      const tiny = [sample({}), sample({}), sample({ balance: 5n })];
      expect(rateShares(chargesOf(tiny), [RULES])).to.deep.equal([
        { days: 1, monthlyRate: 0, reason: "the fee was below the minimum of 0.000000001 FTNS" },
      ]);
    });
    it("join days of one tier", () => {
      expect(tierStretches(samples)).to.deep.equal([
        { tier: "NONE", fromDay: 0, toDay: 2 },
        { tier: "POWER", fromDay: 3, toDay: 3 },
      ]);
    });
  });

  describe("why", () => {
    const account = { rewards: 0n, staked: 0n, sent: 0n, fees: 0n, proofs: 0, transfersOut: 0 };
    const facts = {
      samples: [sample({})],
      account,
      allowance: 100n * WAD,
      tiers: tierStretches([sample({})]),
      lastDay: 40,
      peakVelocity: 0,
    };
    const text = (more: object) => explainAccount({ ...facts, ...more }).join(" ");

    it("says that nothing moved", () => {
      expect(text({})).to.include("Nothing in the account has moved").and.include("no tier, no reward");
    });
    it("says that a washed coin counts for nothing", () => {
      expect(text({ account: { ...account, sent: 9n * WAD, transfersOut: 3 } })).to.include(
        "sent 9 FTNS in 3 transfers, and not a wei of it counts as activity: that is lent by the other side",
      );
    });
    it("says how busy real trade was", () => {
      const busy = {
        account: { ...account, sent: WAD, transfersOut: 1 },
        samples: [sample({ activity: 1n })],
        peakVelocity: 1.5,
      };
      expect(text(busy))
        .to.include("150 % of the target")
        .and.include("as far as the contributor on the other side could lend")
        .and.not.include("not a wei")
        .and.not.include("Rewards");
      expect(text({ ...busy, account: { ...account, rewards: WAD } }))
        .to.include("The account sent nothing. Rewards count as activity in full")
        .and.not.include("could lend");
    });
    it("says when grace ends or ended", () => {
      const proven = { ...account, proofs: 1 };
      expect(text({ account: proven, samples: [sample({ graceUntil: 90 })] })).to.include(
        "until day 90 demurrage takes no balance below 100 FTNS",
      );
      expect(text({ account: proven, samples: [sample({ graceUntil: 30 }), sample({})] })).to.include(
        "until day 30, when it ended, demurrage took no balance below 100 FTNS",
      );
    });
    it("says on which days a tier stepped down", () => {
      const tiers = [
        { tier: "POWER", fromDay: 0, toDay: 43 },
        { tier: "BASIC", fromDay: 44, toDay: 50 },
      ];
      expect(text({ account: { ...account, proofs: 2 }, tiers })).to.include(
        "POWER at launch, BASIC from day 44. Each step down",
      );
      expect(text({ account: { ...account, proofs: 2 }, tiers: tiers.toReversed() })).to.not.include("step down");
    });
  });

  describe("a stake", () => {
    const rate = {
      base: 0.03,
      commitments: 4,
      perCommitment: 0.01,
      tierMultiplier: 1.5,
      multiplier: 0.5,
      max: 0.2,
      total: 0.0525,
      uncovered: 0.015,
    };
    const stake = {
      staked: "40000",
      pending: "0",
      exitFees: "0",
      covered: "40000",
      coverFactor: 20,
      claims: 2,
      fromFees: "30",
      minted: "12",
      recycled: "0",
      waiting: "5",
      waitingRecycled: "0",
      rate,
    };
    const told = (more: object, tier: "NONE" | "POWER" = "POWER") => explainStake({ ...stake, ...more }, tier).join(" ");

    it("earns base and commitments times tier and M, below the cap", () => {
      expect(told({})).to.include(
        "(3 % + 4 of 5 commitments × 1 %) × 1.5 for tier POWER × M of 0.500 = 5.25 % a year, below the cap of 20 %",
      );
      expect(told({ rate: { ...rate, multiplier: 3, total: 0.2 } })).to.include("= 20.00 % a year, cut off at 20 %");
    });
    it("says that it does not follow M where it does not", () => {
      expect(told({ rate: { ...rate, multiplier: null, total: 0.105 } })).to.include(
        "× 1.5 for tier POWER = 10.50 % a year, below the cap of 20 %; it does not follow M.",
      );
    });
    it("says how far contribution covers it, and what the rest earns", () => {
      expect(told({})).to.include("as far as contribution covers it, 20 × the score: all of it.");
      expect(told({ covered: "12000" })).to.include(
        "20 × the score: 12,000 FTNS. The other 28,000 earn as without a tier, 1.50 % a year out of the pool's fees.",
      );
      expect(told({ covered: "0" }, "NONE")).to.not.include("covers it");
    });
    it("says what leaving was charged", () => {
      expect(told({ exitFees: "21.5" }))
        .to.include("pays demurrage from the request on")
        .and.include("21.50 FTNS so far");
      expect(told({})).to.not.include("from the request on");
    });
    it("says which source paid, and what waits", () => {
      expect(told({})).to.include("2 claims paid 42.00 FTNS: 30.00 out of the pool's fees, 12.00 newly minted. 5.00 FTNS wait");
      const passive = { claims: 1, fromFees: "0", minted: "0", recycled: "7", waiting: "0", waitingRecycled: "2" };
      expect(told(passive, "NONE"))
        .to.include("1 claim paid 7.00 FTNS, all of it out of the pool's fees")
        .and.include("2.00 FTNS wait");
      expect(told({ claims: 0 })).to.include("Nothing was claimed so far");
    });
    it("says what is on its way out", () => {
      expect(told({ pending: "500" })).to.include("with 500 more on the way out");
      expect(told({})).to.not.include("on the way out");
    });
  });

  describe("voters", () => {
    it("tell the change and whom it reached", () => {
      expect(votersSentences(sampleReport().voters)).to.deep.equal([
        "Proposed on day 0, in force from day 2: stakers lowered the cap of demurrage from 1.0 % to 0.8 % a month. First was charged 1.00 % the day before and 0.80 % from then on, without a transaction of First's or anybody else's.",
      ]);
    });
    it("count hours and minutes", () => {
      expect(spanWords("2020-01-01T00:00:00Z", "2020-01-01T02:41:20Z")).to.equal("2 h 41 min");
    });
  });

  describe("summary", () => {
    it("tells price, M and supply", () => {
      const [price, multiplier, supply] = summarise(sampleReport());
      expect(price).to.include("low of $1.000 on day 0").and.include("26.2 % above it");
      expect(multiplier).to.include("on 1 day, from day 3 on: 1 × up, 0 × down, 0 × not at all");
      expect(supply)
        .to.include("63.5 % of all demurrage was the treasury's")
        .and.include("15 out of recycled demurrage, 30 newly minted");
    });
  });

  describe("numbers", () => {
    it("are exact where they must be and short where they may", () => {
      expect([exact(0n), exact(1n), exact(15n * 10n ** 17n), exact(WAD * 100n)]).to.deep.equal([
        "0",
        "0.000000000000000001",
        "1.5",
        "100",
      ]);
      expect([
        short(0),
        short(12.345),
        short(1234.5),
        short(48_210),
        short(99_960),
        short("3852433.4"),
        short(1e8),
        short(100_032_373),
      ]).to.deep.equal(["0", "12.35", "1,235", "48.2 k", "100 k", "3.85 M", "100 M", "100.03 M"]);
      expect([exactShares(1n), exactShares(15n * 10n ** 23n)]).to.deep.equal(["0.000000000000000000000001", "1.5"]);
      expect(percent(0.00195, 3)).to.equal("0.195 %");
      expect([ratio(1n, 3n).toFixed(6), ratio(1n, 0n)]).to.deep.equal(["0.333333", 0]);
    });
  });

  describe("trading the pool to a price", () => {
    it("is worth its fee from half a percent of the reserve on", () => {
      expect([999n, 1_000n, 1_001n].map((spend) => isWorthItsFee(spend, 200_000n))).to.deep.equal([false, true, true]);
    });
    it("buys when the market is dearer and sells when it is cheaper", () => {
      const dollars = 1000n * WAD;
      const tokens = 1000n * ONE_WFTNS;
      expect(tradeTo(4n * WAD, tokens, dollars)).to.deep.equal({ tokenIn: false, amountIn: dollars });
      expect(tradeTo(WAD / 4n, tokens, dollars)).to.deep.equal({ tokenIn: true, amountIn: tokens });
      expect(tradeTo(WAD, tokens, dollars).amountIn).to.equal(0n);
    });
  });

  describe("terminal", () => {
    it("breaks lines at words", () => {
      expect(wrap("one two three", "  ", 9)).to.equal("  one two\n  three");
      expect(wrap("one two three", "- ", 9)).to.equal("- one two\n  three");
    });
    it("prints plain lines every ten days and at the end", () => {
      const lines: string[] = [];
      const view = plainView(25, (line) => lines.push(line));
      const row = sampleReport().days[0]!;
      for (let day = 0; day <= 25; day++) view.day({ ...row, day }, []);
      expect(lines.map((line) => line.slice(0, 6))).to.deep.equal(["day  0", "day 10", "day 20", "day 25"]);
      expect(lines.join("")).to.not.include("\x1b");
    });
    it("tells an event with its day and chain time", () => {
      const text = renderEvent({
        day: 7,
        at: "2020-01-08T14:00:09Z",
        part: "vote",
        title: "Somebody proposes",
        text: "Then all vote.",
      });
      expect(text).to.equal("  day 7, 2020-01-08 14:00 UTC: Somebody proposes\n      Then all vote.");
    });
    it("tells everything in words", () => {
      const text = renderText(sampleReport());
      for (const part of ["All went well.", "First", "3 days at 0.40 % a month: because", "All 1 checks hold", "✓ It adds up"])
        expect(text).to.include(part);
    });
    it("shows both sides of a check that fails", () => {
      const text = renderText({ ...sampleReport(), checks: [{ name: "Sum", ok: false, detail: "1 is not 2" }] });
      expect(text).to.include("1 of 1 checks FAIL").and.include("✗ Sum\n      1 is not 2");
    });
  });
});
