import { expect } from "chai";
import type { TransactionEvent } from "@ftns/chain/transactions/types.ts";
import type { RunReport } from "@ftns/keeper/jobs/run.ts";
import { Logbook } from "@ftns/keeper/service/logbook.ts";
import { vitalsWith } from "./service-state.ts";

describe("keeper logbook", () => {
  let now: number;
  let book: Logbook;
  beforeEach(() => {
    now = 1_000;
    const clock = { steady: () => now, wall: () => now + 5_000 };
    const turns = [{ job: "record-price" as const, turnSec: 60 }];
    book = new Logbook({ turns, quorum: 1, sending: true, endpoints: () => [] }, clock);
  });
  const run = (...outcomes: RunReport["outcome"][]) => {
    book.note({ type: "started", job: "record-price" });
    now += 10;
    const reports = outcomes.map(
      (outcome): RunReport => ({
        job: "record-price",
        outcome,
        reason: outcome,
        ...(outcome === "waiting" && { until: 77n }),
      }),
    );
    book.note({ type: "finished", job: "record-price", reports });
    return book.state().jobs[0]!;
  };
  const sent = (type: TransactionEvent["type"], nonce: number, hash = "0xa") =>
    book.note({ type: "transaction", event: { type, nonce, hash, maxFeePerGas: 1n } });

  describe("given runs of a job", () => {
    it("knows that one is under way, and when the last ended", () => {
      book.note({ type: "started", job: "record-price" });
      expect(book.state().jobs[0]).to.include({ runningSince: 1_000 }).and.not.have.property("endedAt");
      expect(run("done")).to.include({ endedAt: 1_010, goodAt: 1_010 }).and.not.have.property("runningSince");
    });
    it("counts broken runs from the first on, until a good one", () => {
      expect(run("broken")).to.include({ brokenSince: 1_010, brokenRuns: 1 });
      expect(run("broken")).to.include({ brokenSince: 1_010, brokenRuns: 2, endedAt: 1_020 }).and.not.have.property("goodAt");
      expect(run("lost-race")).to.include({ brokenRuns: 0, goodAt: 1_030 }).and.not.have.property("brokenSince");
    });
    it("takes a run of several things by its last, and knows when the job is due", () => {
      expect(run("done", "broken")).to.include({ brokenRuns: 1 });
      expect(run("done", "waiting")).to.include({ brokenRuns: 0, dueAt: 77n });
      expect(run("done")).to.not.have.property("dueAt");
    });
    it("leaves alone a job that is not its own", () => {
      book.note({ type: "finished", job: "adjust-supply", reports: [] });
      expect(book.state().jobs).to.have.length(1);
    });
  });

  describe("given transactions", () => {
    it("knows those in flight since they were first sent, whatever replaced them", () => {
      sent("sent", 4);
      now += 50;
      sent("replaced", 4, "0xb");
      expect(book.state().flights).to.deep.equal([{ nonce: 4, hash: "0xb", since: 1_000, gaveUp: false }]);
      sent("gave-up", 4, "0xb");
      expect(book.state().flights[0]).to.include({ gaveUp: true });
      sent("confirmed", 4, "0xb");
      expect(book.state().flights).to.deep.equal([]);
    });
    it("takes one that was reorganised away for one in flight again", () => {
      sent("sent", 4);
      sent("confirmed", 4);
      now += 50;
      sent("reorganised", 4);
      expect(book.state()).to.include({ reorganisedAt: 1_050 });
      expect(book.state().flights).to.have.length(1);
    });
    it("forgets what lies below a later nonce", () => {
      sent("sent", 4);
      sent("sent", 5);
      expect(book.state().flights.map(({ nonce }) => nonce)).to.deep.equal([5]);
    });
  });

  it("knows sources only while they fail, and since when", () => {
    book.note({ type: "source", source: "gecko", failure: "429" });
    now += 5;
    book.note({ type: "source", source: "gecko", failure: "500" });
    expect(book.state().failingSources).to.deep.equal([{ source: "gecko", since: 1_000, reason: "500" }]);
    book.note({ type: "source", source: "gecko" });
    expect(book.state().failingSources).to.deep.equal([]);
  });
  it("tells of a reporter with two stories for an hour", () => {
    book.note({ type: "equivocation", reporter: "0xab" });
    now += 3_600_000;
    expect(book.state().equivocations).to.deep.equal([{ reporter: "0xab", at: 1_000 }]);
    now += 1;
    expect(book.state().equivocations).to.deep.equal([]);
  });
  it("keeps what was last read of the chain, and since when it cannot be read", () => {
    book.noteVitals(vitalsWith());
    now += 10;
    book.noteBlindness("no answer");
    now += 10;
    book.noteBlindness("still none");
    expect(book.state().vitals).to.include({ at: 1_000, wallAt: 6_000 });
    expect(book.state().blind).to.deep.equal({ since: 1_010, reason: "still none" });
    book.noteVitals(vitalsWith());
    expect(book.state()).to.not.have.property("blind");
  });
});
