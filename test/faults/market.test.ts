// Market sources and reporters that fail, lie and contradict themselves.
import { expect } from "chai";
import { network } from "hardhat";
import type { Keeper, MarketData, MarketSource } from "@ftns/keeper";
import { plain } from "../helpers/plain.ts";
import { HOUR } from "../keeper/chain.ts";
import { exactlyOnce } from "./harness/once.ts";
import { REPORTERS, type Reporters, distorted, reportersOf, timesPrice } from "./harness/reporters.ts";
import { printed } from "./harness/secrets.ts";
import { SCALE, tryAll } from "./harness/tally.ts";
import { type Opening, type World, useWorld } from "./harness/world.ts";
import type { ConditionsHarness } from "../../typechain-types/index.ts";

const WAD = 10n ** 18n;
const FACTORS = [10, 0.1, 1.5, 0];

describe("markets and reporters with faults", function () {
  this.timeout(300_000);
  let world: World;
  let reporters: Reporters;
  let conditions: ConditionsHarness;
  useWorld((one) => (world = one));
  before(async () => {
    reporters = await reportersOf(world);
    // What the breaker asks of a round, on a chain of its own: it reads nothing but what it is given.
    conditions = await (await network.create()).ethers.deployContract("ConditionsHarness");
  });
  afterEach(() => reporters.closeImpostors());

  const truth = () => BigInt(Math.round(world.live.market.price * 1e8));
  const feedPrice = async () => (await world.chain.feed.latestMarket()).price;
  const named = (name: string, source: MarketSource): MarketSource => ({ ...source, name });

  it("P168: all market sources are down: no report, the fault is told; goes on when they are back", () =>
    tryAll("all market sources are down", ["rejects", "is stale", "hangs for a while"], String, async (kind) => {
      await world.reset();
      const { source } = world.live;
      const observedAt = await world.chain.now();
      await world.chain.jumpTo(observedAt + HOUR);
      let down = true;
      const failing = (name: string): MarketSource => ({
        name,
        async read() {
          if (!down) return source.read();
          if (kind === "rejects") throw new Error("no market today");
          if (kind === "is stale") return { ...(await source.read()), observedAt };
          await new Promise((resolve) => setTimeout(resolve, 50));
          throw new Error("did not answer in time");
        },
      });
      const keeper = await world.open({ sources: [failing("first"), failing("second")], jobs: ["report-price", "record-price"] });
      const since = (await world.blockNumber()) + 1;
      const [report, record] = await keeper.runOnce();
      expect(report!.outcome, report!.reason).to.equal("broken");
      expect(report!.reason).to.include("first").and.include("second").and.include("check the sources");
      // The feed's last price is fresh enough to be recorded all the same.
      expect(record!.outcome, record!.reason).to.equal("done");
      expect((await world.timesDone(since))["report-price"]).to.equal(0);
      down = false;
      await exactlyOnce(world, "report-price", () => keeper.runOnce(["report-price"]), { most: 2, since });
    }));

  it("P168: one of three sources lies by 10x: the true price is reported", () =>
    tryAll(
      "one of three sources lies by 10x",
      FACTORS.flatMap((factor) => [0, 1, 2].map((liar) => ({ factor, liar }))),
      JSON.stringify,
      async ({ factor, liar }) => {
        await world.reset();
        const sources = ["first", "second", "third"].map((name, index) =>
          index === liar ? distorted(world.live.source, name, timesPrice(factor)) : named(name, world.live.source),
        );
        const since = (await world.blockNumber()) + 1;
        const keeper = await world.open({ sources, jobs: ["report-price"], change: demandTwo });
        await exactlyOnce(world, "report-price", () => keeper.runOnce(), { most: 2, since });
        expect(await feedPrice()).to.equal(truth());
      },
    ));

  /** Looks of `keepers`, in turn, until the feed has an update. */
  async function untilReported(keepers: readonly Keeper[], looks = 4): Promise<void> {
    const since = (await world.blockNumber()) + 1;
    const story: string[] = [];
    for (let look = 0; look < looks; look++) {
      for (const keeper of keepers) {
        const [report] = await keeper.runOnce();
        story.push(`${report!.outcome} (${report!.reason})`);
      }
      await reporters.noteServed();
      if ((await world.timesDone(since))["report-price"] > 0) return;
      await world.chain.jumpTo((await world.chain.now()) + 130n);
    }
    expect.fail(`the honest reporters did not get a report through: ${story.join("; ")}`);
  }

  const markets: Record<string, (seen: MarketData) => MarketData> = {
    "ten times the price": timesPrice(10),
    "a tenth of the price": timesPrice(0.1),
    "no price": timesPrice(0),
    "half of the price, no volume": (seen) => ({ ...timesPrice(0.5)(seen), volume6h: 0n }),
    "more failures than transactions": (seen) => ({ ...seen, txFailed: seen.txTotal + 1n }),
    "all transactions failed": (seen) => ({ ...seen, txFailed: seen.txTotal }),
    "seen tomorrow": (seen) => ({ ...seen, observedAt: seen.observedAt + 86_400n }),
    "seen yesterday": (seen) => ({ ...seen, observedAt: seen.observedAt - 86_400n }),
  };
  const bodies: Record<string, (index: number, seen: MarketData) => string | Promise<string>> = {
    ...Object.fromEntries(
      Object.entries(markets).map(([name, change]) => [
        name,
        (index: number, seen: MarketData) => reporters.signed(index, change(seen)),
      ]),
    ),
    "somebody else's signature": async (index, seen) => {
      const text = await reporters.signed(0, timesPrice(10)(seen));
      return text.replaceAll(reporters.wallet(0).address, reporters.wallet(index).address);
    },
    "the same report many times": (index, seen) =>
      reporters.signed(index, ...Array.from({ length: 30 }, () => timesPrice(10)(seen))),
    "no JSON": () => "<html>hello</html>",
    "a megabyte": () => JSON.stringify({ reports: "x".repeat(1_000_000) }),
    nothing: () => "",
  };

  async function reset(): Promise<void> {
    await world.reset();
    await reporters.closeImpostors();
  }

  it("P168: two of five reporters are malicious: the true price is reported", () =>
    tryAll("two of five reporters are malicious", Object.keys(bodies), String, async (name) => {
      await reset();
      world.live.market.price *= 1.03;
      for (const index of [3, 4]) {
        await reporters.impostor(index, async () => bodies[name]!(index, (await world.live.source.read()) as MarketData));
      }
      const honest = await Promise.all([0, 1, 2].map((index) => reporters.open(index)));
      await untilReported(honest);
      expect(await feedPrice()).to.equal(truth());
      const market = plain(await world.chain.feed.latestMarket());
      // However sure the round were: two of five are no majority of the registered, also where they are one of the round.
      const sure = { ...market, confidence: WAD } as never;
      expect((await conditions.networkAttack(sure, true)).met, "NETWORK_ATTACK").to.equal(false);
      expect((await conditions.liquidityCrisis(sure, true, true)).met, "LIQUIDITY_CRISIS").to.equal(false);
      const { txTotal, txFailed, volume6h, attacked, reports } = market;
      expect(volume6h).to.equal(50_000n * 10n ** 8n);
      // In a round of three two liars are the median, and it is the trigger that looks through them.
      if (name === "all transactions failed" && reports === 3n) expect(attacked).to.equal(2n);
      else expect({ txTotal, txFailed }).to.deep.equal({ txTotal: 100n, txFailed: 2n });
    }));

  it("P168: a reporter equivocates: left out, the evidence logged, the true price is reported", () =>
    tryAll(
      "a reporter equivocates",
      Array.from({ length: Math.round(2 * SCALE) }, (_, index) => index % REPORTERS),
      String,
      async (liar) => {
        await reset();
        world.live.market.price *= 1.03;
        const lines = printed.get("log")?.length ?? 0;
        // Another story for each who asks.
        await reporters.impostor(liar, async (asked) =>
          reporters.signed(liar, timesPrice(1 + asked / 1_000)((await world.live.source.read()) as MarketData)),
        );
        const honest = [0, 1, 2, 3, 4].filter((index) => index !== liar);
        const keepers = await Promise.all(honest.map((index) => reporters.open(index)));
        await untilReported(keepers);
        expect(await feedPrice()).to.equal(truth());
        // Whoever asks twice within a second of the chain hears two stories of it.
        for (const keeper of [...keepers, ...keepers]) await keeper.runOnce();
        const told = printed
          .get("log")!
          .slice(lines)
          .filter((line) => line.includes("signed two different reports"));
        expect(told.join("")).to.include(reporters.wallet(liar).address).and.include("signature");
      },
    ));
});

/** Two sources must agree, of the three that a test gives. */
const demandTwo: NonNullable<Opening["change"]> = (config) => {
  const source = (name: string) => ({ type: "file" as const, name, path: "market.json" });
  const report = { ...config.jobs["report-price"]!, minSources: 2, sources: ["a", "b", "c"].map(source) };
  return { ...config, jobs: { ...config.jobs, "report-price": report } };
};
