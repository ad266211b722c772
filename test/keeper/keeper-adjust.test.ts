import { expect } from "chai";
import { Wallet } from "ethers";
import { FixedPolicy__factory, HostilePolicy__factory, PathPolicy__factory } from "../../typechain-types/index.ts";
import { WAD } from "@ftns/sdk/units.ts";
import { Random, fuzzCases } from "../helpers/random.ts";
import { type TestChain, DAY, HOUR, KEEPER_KEY, fillMonth, liveMarket } from "./chain.ts";
import { outcomes, reasonOf, stageOfKeepers } from "./stage.ts";

const ACCOUNT = new Wallet(KEEPER_KEY).address;
type Live = ReturnType<typeof liveMarket>;

describe("adjust-supply on a real chain", () => {
  const stage = stageOfKeepers();
  const { open, sentBy } = stage;
  let chain: TestChain;
  let live: Live;
  before(() => {
    chain = stage.chain;
  });
  beforeEach(() => {
    live = stage.live;
  });

  // A month of records: the feed is refreshed by the reporters' keeper, prices climb by half a percent a day.
  before(async function () {
    this.timeout(60_000);
    await fillMonth(stage.chain, liveMarket(stage.chain));
    await stage.keep();
  });

  describe("given a month of prices", () => {
    it("adjusts once, by the factor that model and chain agree on", async () => {
      const expected = await chain.controller.preview();
      expect(expected.ok).to.equal(true);
      const keeper = await open();
      const reports = await keeper.runOnce(["adjust-supply"]);
      expect(outcomes(reports)).to.deep.equal({ "adjust-supply": "done" });
      expect(await chain.controller.multiplier()).to.equal(expected.newMultiplier);
      const [event] = await chain.controller.queryFilter(chain.controller.filters.Adjusted(), "latest");
      expect(event?.args.factor).to.equal(expected.factor);
      expect(event?.args.decision.velocity).to.be.greaterThan(0n);

      const again = await keeper.runOnce(["adjust-supply"]);
      expect(outcomes(again)).to.deep.equal({ "adjust-supply": "waiting" });
      expect(again[0]?.until).to.equal((expected.day + 1n) * DAY + 7_200n);
    });
  });

  describe("given a round half an hour before the day's end", () => {
    it("P234: a round right after it closes the day, and the supply is adjusted in the same minute", async () => {
      const keeper = await open();
      await keeper.runOnce();
      const today = ((await chain.now()) - 7_200n) / DAY;
      const nextStart = (today + 1n) * DAY + 7_200n;
      for (let time = (await chain.now()) + 2n * HOUR; time < nextStart - 1_800n; time += 2n * HOUR) {
        await chain.jumpTo(time);
        await keeper.runOnce();
      }
      await chain.jumpTo(nextStart - 1_800n);
      live.market.price *= 1.02;
      expect(outcomes(await keeper.runOnce(["report-price"]))).to.deep.equal({ "report-price": "done" });
      await chain.jumpTo(nextStart + 20n);
      const reports = await keeper.runOnce();
      expect(outcomes(reports), JSON.stringify(reports.map(({ reason }) => reason))).to.include({
        "report-price": "done",
        "adjust-supply": "done",
      });
      expect(await chain.controller.lastAdjustedDay()).to.equal(today + 1n);
    });
  });

  describe("given weeks of random prices, a look every 3 hours", () => {
    it("P90: adjusts every day, chain and model never disagree, and nothing is broken", async function () {
      this.timeout(120_000);
      const days = fuzzCases(8);
      const random = new Random();
      const keeper = await open();
      const reports = [];
      for (let look = 0; look < days * 8; look++) {
        await chain.jumpTo((await chain.now()) + 3n * HOUR - BigInt(random.int(1, 900)));
        live.market.price *= 1 + random.int(-300, 320) / 10_000;
        reports.push(...(await keeper.runOnce()));
      }
      expect(reports.filter(({ outcome }) => outcome === "broken" || outcome === "lost-race")).to.deep.equal([]);
      const adjusted = reports.filter(({ job, outcome }) => job === "adjust-supply" && outcome === "done");
      const lifetime = (await chain.now()) - (reports[0]?.chainTime ?? 0n);
      expect(BigInt(adjusted.length)).to.be.within(lifetime / DAY, lifetime / DAY + 2n);
      const rounds = reports.filter(({ job, outcome }) => job === "report-price" && outcome === "done");
      expect(rounds).to.have.length(days * 8);
    });
  });

  describe("given a policy that departs from the model", () => {
    it("P90: refuses to send, loudly, though the chain would take the factor", async () => {
      const agreed = await chain.controller.preview();
      const policy = await new FixedPolicy__factory(chain.governor).deploy(agreed.factor);
      await (await chain.controller.setPolicy(policy)).wait();
      const before = await sentBy(ACCOUNT);
      const reports = await (await open()).runOnce(["adjust-supply"]);
      expect(outcomes(reports)).to.deep.equal({ "adjust-supply": "broken" });
      expect(reasonOf(reports, "adjust-supply"))
        .to.match(/^MISMATCH, nothing is sent/)
        .and.include("target: chain 0, keeper ");
      expect(await sentBy(ACCOUNT)).to.equal(before);
      expect(await chain.controller.lastAdjustedDay()).to.equal(0n);
    });
  });

  describe("P384: given another policy", () => {
    const rule = async (policy: { getAddress(): Promise<string> }) =>
      (await chain.controller.setPolicy(await policy.getAddress())).wait();

    it("adjusts by PathPolicy, wherever it stands, with its own launch price", async () => {
      const path = await new PathPolicy__factory(chain.governor).deploy(chain.history, chain.launchDay, (9n * WAD) / 10n);
      await rule(path);
      const expected = await chain.controller.preview();
      const reports = await (await open()).runOnce(["adjust-supply"]);
      expect(outcomes(reports), reasonOf(reports, "adjust-supply")).to.deep.equal({ "adjust-supply": "done" });
      expect(await chain.controller.multiplier()).to.equal(expected.newMultiplier);
      expect(expected.factor).to.not.equal((11n * WAD) / 10n);
    });

    it("refuses to send for one that it does not know, though the chain would take the factor", async () => {
      const policy = await new HostilePolicy__factory(chain.governor).deploy();
      await rule(policy);
      const before = await sentBy(ACCOUNT);
      const reports = await (await open()).runOnce(["adjust-supply"]);
      expect(outcomes(reports)).to.deep.equal({ "adjust-supply": "broken" });
      expect(reasonOf(reports, "adjust-supply")).to.include(
        `the policy at ${await policy.getAddress()} is none that this keeper can work out`,
      );
      expect(await sentBy(ACCOUNT)).to.equal(before);
    });

    it("P385: has the days of the path's launch price noted, in the shadow too, and then leaves it", async () => {
      const path = await new PathPolicy__factory(chain.governor).deploy(chain.history, chain.launchDay, 0n);
      await (await chain.controller.setShadow(path)).wait();
      const keeper = await open({ jobs: { "note-days": { jitterSec: 0 } } });
      const { usableDays } = await path.launchPrice();
      expect(usableDays).to.equal(0);
      // The history begins with the launch, and its last round is of today.
      const known = ((await chain.history.lastRecord()).knownUntil - 7_200n) / DAY - 1n - chain.launchDay;
      const reports = await keeper.runOnce(["note-days"]);
      expect(outcomes(reports), reasonOf(reports, "note-days")).to.deep.equal({ "note-days": known >= 30n ? "done" : "nothing" });
      expect(known).to.be.greaterThanOrEqual(30n);
      expect((await path.launchPrice()).usableDays).to.be.greaterThanOrEqual(29n);
      expect(outcomes(await keeper.runOnce(["note-days"]))).to.deep.equal({ "note-days": "nothing" });
    });
  });

  describe("given a suspension", () => {
    it("waits until it ends", async () => {
      const until = (await chain.now()) + DAY;
      await (await chain.controller.suspend(until)).wait();
      const reports = await (await open()).runOnce(["adjust-supply"]);
      expect(reports[0]).to.include({ outcome: "waiting", until });
    });
  });

  describe("given that the records stopped", () => {
    it("is broken when the last record no longer holds", async () => {
      await chain.jumpTo((await chain.now()) + 4n * HOUR);
      const reports = await (await open()).runOnce(["adjust-supply"]);
      expect(reasonOf(reports, "adjust-supply")).to.include("the price feed's last round is too old to stand");
    });
    it("is broken when a whole day is missing, and names it", async () => {
      await chain.jumpTo((await chain.now()) + DAY + 12n * HOUR);
      const reports = await (await open()).runOnce();
      expect(outcomes(reports)).to.deep.equal({
        "report-price": "done",
        "record-price": "nothing",
        "adjust-supply": "broken",
      });
      expect(reasonOf(reports, "adjust-supply")).to.include("has too few price records");
    });
  });
});
