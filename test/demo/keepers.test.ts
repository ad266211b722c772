import { expect } from "chai";
import type { RunReport } from "@ftns/keeper";
import { barsPath } from "@ftns/demo/report/html/lanes.ts";
import { keepersSentences, twinsSentence } from "@ftns/demo/report/keepers.ts";
import type { KeepersReport } from "@ftns/demo/report/types.ts";
import type { Economy } from "@ftns/demo/scenario/economy.ts";
import { checkKeepers } from "@ftns/demo/scenario/keeperChecks.ts";
import type { Act } from "@ftns/demo/scenario/keeperActs.ts";
import type { Run } from "@ftns/demo/scenario/workLog.ts";
import { Ledger } from "@ftns/demo/scenario/ledger.ts";
import { WorkLog } from "@ftns/demo/scenario/workLog.ts";
import { sampleReport } from "./sampleReport.ts";

function run(job: Run["job"], outcome: RunReport["outcome"]): Run {
  return { job, outcome, reason: "because", keeper: "A" };
}

const sent = (job: string, gasUsed: number, reverted = false) => ({ job, gasUsed, feePaidWei: BigInt(gasUsed), reverted });

describe("demo: the keepers' work", () => {
  describe("the log", () => {
    const log = new WorkLog();
    log.add("A", 0, [run("report-price", "done"), run("record-price", "waiting")], [sent("report-price", 100)]);
    log.add("B", 0, [run("report-price", "lost-race")], [sent("report-price", 30, true)]);
    log.add(
      "A",
      1,
      [run("run-governance", "done"), run("run-governance", "done"), run("run-governance", "nothing")],
      [sent("run-governance", 5), sent("run-governance", 6)],
    );

    it("counts a look once, however much there was to do", () => {
      expect(log.ofKeeper("A")).to.deep.equal({
        looks: 3,
        due: 2,
        done: 3,
        lostRaces: 0,
        transactions: 3,
        gasUsed: 111,
        gasWasted: 0,
      });
    });
    it("counts a race that was lost, and what it cost, as no work", () => {
      expect(log.ofKeeper("B")).to.deep.equal({
        looks: 1,
        due: 1,
        done: 0,
        lostRaces: 1,
        transactions: 1,
        gasUsed: 30,
        gasWasted: 30,
      });
    });
    it("sorts by job and day", () => {
      const jobs = new Map(log.jobs(3).map((job) => [job.job, job]));
      expect([...jobs.keys()]).to.deep.equal([
        "report-price",
        "record-price",
        "adjust-supply",
        "note-days",
        "watch-emergency",
        "run-governance",
      ]);
      expect(jobs.get("report-price")).to.deep.include({ looks: 2, done: 1, lostRaces: 1 });
      expect(jobs.get("report-price")!.byDay).to.deep.equal({
        looks: [2, 0, 0],
        due: [2, 0, 0],
        done: [1, 0, 0],
        lostRaces: [1, 0, 0],
      });
      expect(jobs.get("run-governance")!.byDay).to.deep.equal({
        looks: [0, 1, 0],
        due: [0, 1, 0],
        done: [0, 2, 0],
        lostRaces: [0, 0, 0],
      });
    });
  });

  describe("P104, P105, P106: the checks", () => {
    const [ONE, TWO, STRANGER] = ["0xone", "0xtwo", "0xstranger"];
    const TRIGGER: Act = { kind: "trigger", trigger: "PRICE_CRASH", opens: true, measured: 1n, confidence: 1n };

    function state() {
      const senders: Record<string, string> = { "0xa": ONE };
      const nonces: Record<string, number> = { [ONE]: 3, [TWO]: 1 };
      const economy = {
        provider: {
          getTransaction: async (hash: string) => ({ from: senders[hash] }),
          send: async (_: string, [address]: [string]) => `0x${nonces[address]!.toString(16)}`,
        },
      } as unknown as Economy;
      const ledger = new Ledger(economy, 0);
      ledger.priceRounds = 2;
      ledger.acts.push({ act: TRIGGER, transaction: "0xa" });
      const work = {
        looks: 1,
        due: 1,
        lostRaces: 0,
        gasUsed: 1,
        gasWasted: 0,
        byDay: { looks: [], due: [], done: [], lostRaces: [] },
      };
      const twin = { ...sampleReport().keepers.twins[0]!, paid: "5", fees: "5" };
      const keepers: KeepersReport = {
        twins: [
          { ...twin, address: ONE, transactions: 3 },
          { ...twin, address: TWO, transactions: 1 },
        ],
        jobs: [
          { ...work, job: "report-price", done: 2, transactions: 3 },
          { ...work, job: "watch-emergency", done: 1, transactions: 1 },
        ],
        decisions: [sampleReport().keepers.decisions[0]!],
      };
      return { senders, nonces, economy, ledger, keepers };
    }
    const failed = async ({ economy, ledger, keepers }: ReturnType<typeof state>) =>
      (await checkKeepers(economy, ledger, keepers)).filter((check) => !check.ok).map((check) => check.name);

    it("hold when chain and keepers agree", async () => {
      expect(await failed(state())).to.deep.equal([]);
    });
    const cases: [what: string, change: (it: ReturnType<typeof state>) => void, check: RegExp][] = [
      ["an act that somebody else sent", ({ senders }) => (senders["0xa"] = STRANGER), /sent by the keepers/],
      [
        "an act that no keeper told",
        ({ ledger }) => ledger.acts.push({ act: TRIGGER, transaction: "0xa" }),
        /sent by the keepers/,
      ],
      ["a price that was reported twice", ({ ledger }) => (ledger.priceRounds += 1), /done twice/],
      ["a record of somebody else's", ({ ledger }) => (ledger.priceRecords += 1), /done twice/],
      ["a transaction that a keeper does not know", ({ nonces }) => (nonces[TWO] = 2), /know all/],
      [
        "a wei that no fee explains",
        (it) =>
          (it.keepers = { ...it.keepers, twins: it.keepers.twins.map((twin) => ({ ...twin, paid: "5.000000000000000001" })) }),
        /purses/,
      ],
    ];
    for (const [what, change, check] of cases) {
      it(`find ${what}`, async () => {
        const it = state();
        change(it);
        expect((await failed(it)).some((name) => check.test(name))).to.equal(true);
      });
    }
  });

  describe("in words", () => {
    it("tell who did what, who died, and what the races cost", () => {
      expect(twinsSentence(sampleReport().keepers)).to.equal(
        "Two keepers with the same jobs did all regular work, 10 jobs in 11 transactions: Keeper One 5, Keeper Two 5, until it was switched off on 2020-01-03 05:00 UTC. " +
          "One was faster than the other once, which wasted 5.00 % of their gas, and nothing was done twice.",
      );
    });
    it("tell looks, work by job, and the price of it", () => {
      const words = keepersSentences(sampleReport().keepers).join(" ");
      expect(words).to.include("They looked 13 times and found something to do at 5 of them: 5 price reports.");
      expect(words).to.include("Keeper One 0.0001, Keeper Two 0.0002");
    });
    it("tell of pay that is tiny, and not of 0.00", () => {
      const { keepers } = sampleReport();
      const [one, two] = keepers.twins;
      const words = keepersSentences({
        ...keepers,
        twins: [
          { ...one!, earned: "0.00000044571" },
          { ...two!, earned: "0" },
        ],
      });
      expect(words.join(" ")).to.include("Keeper One 0.00000045 and Keeper Two 0.00 FTNS");
    });
  });

  describe("bars", () => {
    it("stand on their day, as high as their share, and nothing is drawn for zero", () => {
      expect(barsPath([0, 2, 4], 4, 100, 80)).to.equal("M300.0 100.0v-40.0h400.0v40.0zM800.0 100.0v-80.0h400.0v80.0z");
    });
    it("are high enough to be seen", () => {
      expect(barsPath([1, 0], 1000, 100, 80, 0.5)).to.include("v-40.0");
    });
  });
});
