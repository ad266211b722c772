import { expect } from "chai";
import { DAILY_DECAY, loopTier, rateTable, runDayLoop, type LoopAccount, type LoopDay } from "@ftns/model/token/dayLoop.ts";

// The loop judges everything else, so it is itself judged by numbers worked out by hand.

const FTNS = 10n ** 18n;
const WAD = 10n ** 18n;
const START = 20_000;

const rates = rateTable({
  monthlyRate: [WAD / 1000n, (2n * WAD) / 1000n, (4n * WAD) / 1000n, (10n * WAD) / 1000n],
  tierModifier: [(15n * WAD) / 10n, WAD, (7n * WAD) / 10n, (5n * WAD) / 10n],
  monthlyCap: WAD / 100n,
});
const epochs = [{ fromDay: 0, rates }];

const hoarder: LoopAccount = {
  balance: 1_000n * FTNS,
  activity: 0n,
  settledDay: START,
  basicThrough: 0,
  activeThrough: 0,
  powerThrough: 0,
  graceUntil: 0,
  class: "standard",
};

function trace(account: LoopAccount, days: number, frozen: { fromDay: number; throughDay: number }[] = []): LoopDay[] {
  const out: LoopDay[] = [];
  runDayLoop(account, account.settledDay + days, epochs, frozen, { onDay: (day) => out.push(day) });
  return out;
}

describe("day loop", () => {
  it("decays by e^(-1/30) a day: thirty days make e^-1 to 58 digits", () => {
    const scale = 10n ** 60n;
    let product = scale;
    for (let i = 0; i < 30; i++) product = (product * DAILY_DECAY) / scale;
    const oneOverE = 367879441171442321595523770161460867445811131031767834507836n;
    expect(product - oneOverE).to.be.within(-100n, 100n);
  });

  it("has the sixteen default rates in whole basis points a month", () => {
    expect(rates).to.deep.equal([
      [15n, 30n, 60n, 100n],
      [10n, 20n, 40n, 100n],
      [7n, 14n, 28n, 70n],
      [5n, 10n, 20n, 50n],
    ]);
  });

  it("rounds a rate that is no whole basis point down", () => {
    const odd = rateTable({ monthlyRate: [199_999_999_999_999n], tierModifier: [WAD], monthlyCap: WAD / 100n });
    expect(odd).to.deep.equal([[1n]]);
  });

  it("takes 1/3000 a day from a hoarder", () => {
    const result = runDayLoop(hoarder, START + 2, epochs);
    // 1000 * (2999/3000)^2, each fee rounded down to a wei: 333333333333333333 and 333222222222222222.
    expect(result.balance).to.equal(1_000n * FTNS - 333_333_333_333_333_333n - 333_222_222_222_222_222n);
    expect(result.daysCharged).to.deep.equal([0, 0, 0, 2]);
  });

  it("keeps what rounding would lose when it runs unrounded", () => {
    const whole = runDayLoop(hoarder, START + 1_000, epochs);
    const exact = runDayLoop(hoarder, START + 1_000, epochs, [], { unrounded: true });
    expect(whole.balance - exact.balance).to.be.within(1n, 1_000n);
  });

  it("does nothing on the day of the last settlement", () => {
    expect(runDayLoop({ ...hoarder, activity: 5n * FTNS }, START, epochs)).to.deep.equal({
      balance: 1_000n * FTNS,
      activity: 5n * FTNS,
      daysCharged: [0, 0, 0, 0],
    });
  });

  describe("bands", () => {
    const bandAfterOneDay = (percentOfBalance: bigint) =>
      trace({ ...hoarder, activity: (hoarder.balance * percentOfBalance) / 10_000n }, 1)[0]!.band;

    it("uses the decayed activity: 1.2406 of the balance just misses the top band, 1.2407 just makes it", () => {
      // 1.2 * e^(1/30) = 1.24067..., 0.84 * e^(1/30) = 0.86847..., 0.36 * e^(1/30) = 0.37220...
      expect([12_406n, 12_407n].map(bandAfterOneDay)).to.deep.equal([1, 0]);
      expect([8_684n, 8_685n].map(bandAfterOneDay)).to.deep.equal([2, 1]);
      expect([3_722n, 3_723n].map(bandAfterOneDay)).to.deep.equal([3, 2]);
    });

    it("steps down one band at a time while the account is idle", () => {
      const bands = trace({ ...hoarder, activity: 4n * hoarder.balance }, 120).map((day) => day.band);
      expect(bands).to.deep.equal([...bands].sort((a, b) => a - b));
      expect(new Set(bands).size).to.equal(4);
    });
  });

  describe("minimum fee", () => {
    const cutOff = 3n * 10n ** 12n;

    it("charges exactly 1e-9 FTNS and nothing below", () => {
      expect(trace({ ...hoarder, balance: cutOff }, 1)[0]!.fee).to.equal(10n ** 9n);
      expect(trace({ ...hoarder, balance: cutOff - 1n }, 1)[0]!.fee).to.equal(0n);
    });

    it("stops by itself once fees have worn the balance down to it", () => {
      const fees = trace({ ...hoarder, balance: (301n * cutOff) / 300n }, 30).map((day) => day.fee);
      expect(fees.filter((fee) => fee > 0n).length).to.equal(10);
      expect(fees.at(-1)).to.equal(0n);
    });
  });

  describe("tiers", () => {
    const contributor = { ...hoarder, powerThrough: START + 1, activeThrough: START + 2, basicThrough: START + 3 };

    it("hold through their last day", () => {
      expect(trace(contributor, 4).map((day) => day.tier)).to.deep.equal([3, 2, 1, 0]);
      expect(trace(contributor, 3)[0]!.fee).to.equal((1_000n * FTNS * 50n) / 300_000n);
    });

    it("are BASIC for ever for a recognised account and NONE for a pooled one", () => {
      expect(loopTier({ ...contributor, class: "recognised" }, START + 900)).to.equal(1);
      expect(loopTier({ ...contributor, class: "pooled" }, START + 1)).to.equal(0);
    });
  });

  describe("days that charge nothing", () => {
    it("are the frozen ones, both ends included", () => {
      const fees = trace(hoarder, 5, [{ fromDay: START + 2, throughDay: START + 3 }]).map((day) => day.fee);
      expect(fees.map((fee) => fee > 0n)).to.deep.equal([true, false, false, true, true]);
    });

    it("are all of an exempt account's", () => {
      expect(runDayLoop({ ...hoarder, class: "exempt" }, START + 400, epochs).balance).to.equal(hoarder.balance);
    });

    it("let the activity decay all the same", () => {
      const account = { ...hoarder, activity: 500n * FTNS };
      const free = runDayLoop({ ...account, class: "exempt" }, START + 29, epochs);
      expect(free.activity).to.equal(runDayLoop(account, START + 29, epochs).activity);
      expect(free.balance).to.equal(account.balance);
    });
  });

  describe("grace", () => {
    const newcomer = { ...hoarder, balance: (1_001n * FTNS) / 10n, graceUntil: START + 6 };

    it("takes a balance down to 100 FTNS and not below, until its last day is over", () => {
      // 100.1 / 3000 a day: two days, a third cut to what is above the allowance, two for nothing, then as usual.
      const fees = trace(newcomer, 7).map((day) => day.fee);
      expect(fees[0]).to.equal(newcomer.balance / 3_000n);
      expect(fees[0]! + fees[1]! + fees[2]!).to.equal(FTNS / 10n);
      expect(fees[2]! < fees[1]!).to.equal(true);
      expect(fees.slice(3, 5)).to.deep.equal([0n, 0n]);
      expect(fees[5]).to.equal((100n * FTNS) / 3_000n);
    });

    it("takes nothing at or below the allowance", () => {
      for (const balance of [100n * FTNS, 99n * FTNS, FTNS]) {
        expect(runDayLoop({ ...newcomer, balance }, START + 5, epochs).balance).to.equal(balance);
      }
    });

    it("spares a pooled account nothing", () => {
      expect(trace({ ...newcomer, balance: 90n * FTNS, class: "pooled" }, 1)[0]!.fee).to.equal((90n * FTNS) / 3_000n);
    });
  });

  describe("epochs", () => {
    const later = [...epochs, { fromDay: START + 3, rates: rates.map((row) => row.map((rate) => rate / 2n)) }];

    it("govern from their first boundary on", () => {
      const fees: bigint[] = [];
      runDayLoop(hoarder, START + 3, later, [], { onDay: (day) => fees.push(day.fee) });
      expect(fees[1]).to.equal(((hoarder.balance - fees[0]!) * 100n) / 300_000n);
      expect(fees[2]).to.equal(((hoarder.balance - fees[0]! - fees[1]!) * 50n) / 300_000n);
    });

    it("must cover every day", () => {
      expect(() => runDayLoop(hoarder, START + 1, [{ fromDay: START + 2, rates }])).to.throw("no rates govern day 20001");
    });
  });

  it("holds the activity of a steady flow near the 30-day volume", () => {
    let activity = 0n;
    for (let day = 0; day < 600; day++) {
      activity = runDayLoop({ ...hoarder, activity: activity + 10n * FTNS }, START + 1, epochs).activity;
    }
    // 10 a day: 10 / (e^(1/30) - 1) = 295.03 after the boundary, 305.03 before the next.
    expect(activity / 10n ** 16n).to.equal(29_502n);
  });
});
