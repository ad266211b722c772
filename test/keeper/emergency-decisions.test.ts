import { expect } from "chai";
import { type Finding, TRIGGERS, type Trigger } from "@ftns/model";
import { decideGovernance } from "@ftns/keeper/jobs/run-governance/decide.ts";
import type { Details, GovernanceSnapshot, Step } from "@ftns/keeper/jobs/run-governance/read.ts";
import { type Motion, motionCall } from "@ftns/keeper/jobs/motions.ts";
import { decideReport } from "@ftns/keeper/jobs/report-price/decide.ts";
import { decideWatch } from "@ftns/keeper/jobs/watch-emergency/decide.ts";
import type { WatchSnapshot } from "@ftns/keeper/jobs/watch-emergency/read.ts";
import { recompute } from "@ftns/keeper/jobs/watch-emergency/recompute.ts";
import { combineReadings } from "@ftns/keeper/market/combine.ts";
import { interfaces } from "@ftns/sdk/contracts.ts";
import { WAD } from "@ftns/sdk/units.ts";

const NOW = 1_800_000_000n;
const HEAD = { number: 100, timestamp: NOW, baseFee: 1n };
const GOVERNOR = `0x${"a".repeat(40)}`;
const motion: Motion = {
  proposalId: 7n,
  action: "HALT_TRANSACTIONS",
  ending: false,
  executableAt: NOW,
  executeBefore: NOW + 100n,
};

const ATTENDED = { complete: true, count: 3n, latestEnd: NOW, differentProposers: true, highestShare: WAD / 2n, passed: true };
/** The breaker takes all triggers without a bond. */
const takesAll = Object.fromEntries(TRIGGERS.map((one) => [one, { taken: true, bond: 0n }])) as WatchSnapshot["takes"];

describe("decisions of watch-emergency", () => {
  const market = {
    volume6h: 100n,
    meanVolume6h: 100n,
    txTotal: 100n,
    txFailed: 0n,
    sendersDay: 400n,
    price: 10n ** 8n,
    observedAt: NOW,
    confidence: WAD,
    registered: 7n,
    illiquid: 0n,
    attacked: 0n,
    answers: true,
    hasFeed: true,
  };
  const calm: Omit<WatchSnapshot, "findings"> = {
    head: HEAD,
    market: { value: market },
    hours: {
      value: { latest: { averageWad: WAD, usable: true }, dayBefore: { averageWad: WAD, usable: true }, knownUntil: NOW },
    },
    startedAt: { value: NOW - 2_592_000n },
    lastVotes: { value: { last: ATTENDED, since: 0n } },
    open: undefined,
    takes: takesAll,
    votes: { value: { emergencyGovernor: GOVERNOR, motions: [] } },
    upkeep: { value: { opposed: [], bonds: [] } },
  };
  /** The chain says what the model says, unless told otherwise. */
  const seen = (change: Partial<WatchSnapshot> = {}): WatchSnapshot => {
    const base = { ...calm, ...change } as WatchSnapshot;
    const findings = Object.fromEntries(TRIGGERS.map((one) => [one, recompute(one, base)])) as WatchSnapshot["findings"];
    return { ...base, findings: { ...findings, ...change.findings } };
  };
  const lie = (trigger: Trigger, change: Partial<Finding>) => {
    const honest = recompute(trigger, seen());
    return {
      [trigger]: { value: { ...(honest as { value: Finding }).value, ...change } },
    } as WatchSnapshot["findings"];
  };
  const attacked = { value: { ...market, txFailed: 50n, attacked: 4n } };
  it("ends what voters stopped before it settles bonds, and neither before what they passed", () => {
    const bonds = [{ id: 3n, amount: 1_000n * WAD }];
    const both = { upkeep: { value: { opposed: ["RECOVERY_MODE" as const], bonds } } };
    expect(decideWatch(seen(both))).to.deep.include({ kind: "act", args: { kind: "opposed", action: "RECOVERY_MODE" } });
    expect(decideWatch(seen({ upkeep: { value: { opposed: [], bonds } } }))).to.deep.include({
      args: { kind: "bond", id: 3n },
    });
    expect(decideWatch(seen({ ...both, market: attacked })).kind).to.equal("act");
    expect(decideWatch(seen({ ...both, market: attacked }))).to.deep.include({
      args: { kind: "trigger", trigger: "NETWORK_ATTACK" },
    });
    const unread = decideWatch(seen({ upkeep: { failure: "the endpoint is down" } }));
    expect(unread).to.deep.include({ kind: "broken" });
    expect(unread.reason).to.include("cannot be read: the endpoint is down");
  });

  const withMotions = (...motions: Motion[]) => ({ votes: { value: { emergencyGovernor: GOVERNOR, motions } } });

  it("finds nothing to do in calm weather, and says what it saw", () => {
    const decision = decideWatch(seen());
    expect(decision.kind).to.equal("nothing");
    for (const trigger of TRIGGERS) expect(decision.reason).to.include(trigger);
  });

  const met: [Trigger, Partial<WatchSnapshot>][] = [
    [
      "PRICE_CRASH",
      {
        hours: {
          value: {
            latest: { averageWad: (6n * WAD) / 10n, usable: true },
            dayBefore: { averageWad: WAD, usable: true },
            knownUntil: NOW,
          },
        },
        market: { value: { ...market, price: 60_000_000n } },
      },
    ],
    ["LIQUIDITY_CRISIS", { market: { value: { ...market, volume6h: 10n, illiquid: 4n } } }],
    ["NETWORK_ATTACK", { market: attacked }],
    [
      "GOVERNANCE_DEADLOCK",
      {
        lastVotes: { value: { last: { ...ATTENDED, highestShare: 0n, passed: false }, since: NOW } },
      },
    ],
  ];
  for (const [trigger, change] of met) {
    describe(`given ${trigger}`, () => {
      it("pulls the trigger", () => {
        expect(decideWatch(seen(change))).to.deep.include({ kind: "act", args: { kind: "trigger", trigger } });
      });
      it("leaves it when it is recorded in the emergency that is open", () => {
        const open = { id: 3n, until: NOW + 5n, recorded: [trigger] };
        const takes = { ...takesAll, [trigger]: { taken: false, bond: 0n } };
        expect(decideWatch(seen({ ...change, open, takes })))
          .to.include({ kind: "nothing" })
          .and.to.have.property("reason")
          .that.includes("emergency 3 is open");
      });
      it("pulls it beside another one that is recorded", () => {
        const open = { id: 3n, until: NOW + 5n, recorded: TRIGGERS.filter((one) => one !== trigger) };
        expect(decideWatch(seen({ ...change, open })).kind).to.equal("act");
      });
      it("leaves it to voters when it takes a bond, and says how much", () => {
        const takes = { ...takesAll, [trigger]: { taken: true, bond: 1_000n * WAD } };
        const decision = decideWatch(seen({ ...change, takes }));
        expect(decision.kind).to.equal("nothing");
        expect(decision.reason).to.include(`${trigger} (takes a bond of `);
      });
    });
  }

  describe("given a breaker that says something else than the model", () => {
    for (const change of [{ met: true }, { known: false }, { measured: 1n }, { confidence: 2n }] as Partial<Finding>[]) {
      it(`P90: refuses loudly when ${Object.keys(change)[0]} differs`, () => {
        const decision = decideWatch(seen({ findings: lie("PRICE_CRASH", change) }));
        expect(decision.kind).to.equal("broken");
        expect(decision.reason)
          .to.match(/^MISMATCH, PRICE_CRASH is not pulled/)
          .and.include(`${Object.keys(change)[0]}: chain `);
      });
    }
    it("P110: still pulls another trigger that both see", () => {
      const decision = decideWatch(seen({ findings: lie("PRICE_CRASH", { met: true }), market: attacked }));
      // The lie was told of a calm market, and a confidence that did not change.
      expect(decision).to.deep.include({ kind: "act", args: { kind: "trigger", trigger: "NETWORK_ATTACK" } });
    });
  });

  describe("given something that cannot be read", () => {
    const failure = { failure: "no answer" };
    for (const change of [
      { market: failure },
      { hours: failure },
      { lastVotes: failure },
      { votes: failure },
    ] as Partial<WatchSnapshot>[]) {
      it(`P94: is broken without ${Object.keys(change)[0]}`, () => {
        expect(decideWatch(seen(change)))
          .to.include({ kind: "broken" })
          .and.to.have.property("reason")
          .that.includes("no answer");
      });
    }
    it("P94: is broken when the breaker itself does not answer", () => {
      const findings = { LIQUIDITY_CRISIS: failure } as WatchSnapshot["findings"];
      expect(decideWatch(seen({ findings })).reason).to.include("LIQUIDITY_CRISIS cannot be judged: no answer");
    });
    it("P110: still pulls a trigger that can be seen", () => {
      expect(decideWatch(seen({ hours: failure, votes: failure, market: attacked })).kind).to.equal("act");
    });
  });

  describe("given an hour of a day ago that is too thin", () => {
    it("is no fault: nobody can mend it any more", () => {
      const hours = {
        value: { latest: { averageWad: WAD, usable: true }, dayBefore: { averageWad: WAD, usable: false }, knownUntil: NOW },
      };
      const decision = decideWatch(seen({ hours }));
      expect(decision.kind).to.equal("nothing");
      expect(decision.reason).to.include("PRICE_CRASH unknown").and.not.include("the hourly price is 0 %");
    });
    it("P94: is broken when it is the latest hour", () => {
      const hours = {
        value: { latest: { averageWad: WAD, usable: false }, dayBefore: { averageWad: WAD, usable: true }, knownUntil: NOW },
      };
      expect(decideWatch(seen({ hours })).reason).to.include("prices of the last closed hour are missing");
    });
  });

  describe("given votes", () => {
    it("executes what passed and is due", () => {
      const args = { kind: "motion", governor: GOVERNOR, proposalId: 7n };
      expect(decideWatch(seen(withMotions(motion)))).to.deep.include({ kind: "act", args });
    });
    it("waits for a delay", () => {
      const later = { ...motion, executableAt: NOW + 1n };
      expect(decideWatch(seen(withMotions(later)))).to.include({ kind: "wait", until: NOW + 1n });
    });
    it("has nothing to do while one is open", () => {
      expect(decideWatch(seen(withMotions({ ...motion, executableAt: 0n }))).kind).to.equal("nothing");
    });
    it("P217: starts hours to object anew in which the chain stood still", () => {
      const decision = decideWatch(seen(withMotions({ ...motion, action: "RATE_RESET", executableAt: 0n, startsAnew: true })));
      const args = { kind: "motion" as const, governor: GOVERNOR, proposalId: 7n, anew: true as const };
      expect(decision).to.deep.include({ kind: "act", args });
      expect(motionCall(args).data.slice(0, 10)).to.equal(interfaces.emergencyGovernor().getFunction("startAnew").selector);
    });
    it("P110: executes another one when the first would fail, and says so in the end", () => {
      const failing = { ...motion, proposalId: 6n, failure: "it is over" };
      expect(decideWatch(seen(withMotions(failing, motion)))).to.have.nested.property("args.proposalId", 7n);
      const decision = decideWatch(seen(withMotions(failing)));
      expect(decision.kind).to.equal("broken");
      expect(decision.reason).to.include("HALT_TRANSACTIONS, but it cannot be executed: it is over");
    });
  });
});

describe("decisions of run-governance", () => {
  const details: Details = { targets: [], values: [], calldatas: [], descriptionHash: "0x", title: "a title" };
  const step: Step = { proposalId: 123_456_789n, kind: "execute", dueAt: NOW, details };
  const seen = (...steps: Step[]): GovernanceSnapshot => ({ head: HEAD, looked: 3, steps, ignored: [], motions: [] });

  it("has nothing to do without anything that passed", () => {
    expect(decideGovernance(seen()).kind).to.equal("nothing");
  });
  it("waits for the first that will be due", () => {
    const steps = [NOW + 9n, NOW + 2n, NOW + 5n].map((dueAt): Step => ({ proposalId: 1n, kind: "execute", dueAt }));
    expect(decideGovernance(seen(...steps))).to.include({ kind: "wait", until: NOW + 2n });
  });
  for (const kind of ["queue", "execute"] as const) {
    it(`does what is due: ${kind}`, () => {
      const decision = decideGovernance(seen({ ...step, kind }));
      expect(decision).to.deep.include({ kind: "act", args: { kind, proposalId: 123_456_789n, details } });
      expect(decision.reason).to.equal(`${kind} proposal ...23456789 ("a title")`);
    });
  }
  it("P111: does what works before it complains of what fails", () => {
    const failing: Step = { ...step, proposalId: 5n, failure: "it reverts" };
    expect(decideGovernance(seen(failing, step))).to.have.nested.property("args.proposalId", 123_456_789n);
    expect(decideGovernance(seen(failing)))
      .to.include({ kind: "broken" })
      .and.to.have.property("reason")
      .that.includes("it reverts");
  });
  it("executes emergencies first", () => {
    const decision = decideGovernance({ ...seen(step), motions: [motion], emergencyGovernor: GOVERNOR });
    expect(decision).to.have.nested.property("args.kind", "motion");
  });
});

describe("counted accounts in a report", () => {
  const rules = {
    intervalSec: 3_600,
    deviation: WAD / 100n,
    maxGapSec: 300,
    minSources: 1,
    maxSpread: WAD / 50n,
    maxObservationAgeSec: 300,
  };
  const data = { price: 100n, volume6h: 1n, meanVolume6h: 1n, txTotal: 4n, txFailed: 1n, sendersDay: 9n, observedAt: NOW };
  const readings = [{ source: "s", data }];
  const counted = { txTotal: 20n, txFailed: 10n, sendersDay: 100n };

  it("stand in place of the sources' numbers, which are used when there are none", () => {
    expect(combineReadings(readings, NOW, rules, counted))
      .to.have.property("market")
      .that.includes(counted);
    expect(combineReadings(readings, NOW, rules))
      .to.have.property("market")
      .that.includes({ txTotal: 4n, txFailed: 1n, sendersDay: 9n });
  });

  const round = (updatedAt: bigint) => ({
    price: 100n,
    updatedAt,
    observedAt: updatedAt,
    since: 0n,
    reports: 3n,
    confidence: WAD,
  });
  const base = {
    head: HEAD,
    readings,
    last: round(NOW - 600n),
    quorum: 1n,
    reporters: [{ address: GOVERNOR, registered: true }],
  };
  const reported = { txTotal: 20n, txFailed: 0n, sendersDay: 100n };
  it("are reported at once when they show an attack that the feed does not", () => {
    expect(decideReport({ ...base, counted, reported }, rules))
      .to.include({ kind: "act" })
      .and.to.have.property("reason")
      .that.includes("calls of 10 of 20 accounts failed");
  });
  it("wait for their hour when the feed shows it already, or when there is none", () => {
    expect(decideReport({ ...base, counted, reported: counted }, rules).kind).to.equal("wait");
    expect(decideReport({ ...base, counted: { txTotal: 21n, txFailed: 10n, sendersDay: 100n }, reported }, rules).kind).to.equal(
      "wait",
    );
    expect(decideReport({ ...base, counted: { txTotal: 20n, txFailed: 10n, sendersDay: 101n }, reported }, rules).kind).to.equal(
      "wait",
    );
  });
  it("are told when they fail, and the sources' numbers are used", () => {
    const decision = decideReport(
      {
        ...base,
        last: round(NOW - 3_600n),
        readings: [{ source: "s", data: { ...data, observedAt: NOW } }],
        counted: { failure: "too long" },
      },
      rules,
    );
    expect(decision).to.have.nested.property("args.market.txTotal", 4n);
    expect(decision.reason).to.include("accounts could not be counted: too long");
  });
});
