// Three days in which everything goes wrong at random: endpoints, sources, gas, blocks, the chain's end, and the keepers
// themselves. Three keepers look every half hour of chain time; every number is drawn from a seed.
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import type { Keeper, MarketData, MarketSource } from "@ftns/keeper";
import { FUZZ_SEED, Random } from "../helpers/random.ts";
import { DAY, HOUR } from "../keeper/chain.ts";
import { type Fault, type FaultProxy, type Plan, aheadBy, lyingCalls, stoppedAt } from "./harness/proxy.ts";
import { timesPrice } from "./harness/reporters.ts";
import { SCALE, tryAll } from "./harness/tally.ts";
import { type World, useWorld } from "./harness/world.ts";

const LOOK_SEC = HOUR / 2n;
const LOOKS_A_DAY = Number(DAY / LOOK_SEC);
/** All endpoints at once are down for two hours of each day, never within an hour of its start. */
const BLACKOUT = { hours: 2, earliest: 2, latest: 20 };
/** Endpoints of each keeper. */
const ENDPOINTS = [3, 1, 2];

interface Seat {
  keeper?: Keeper;
  proxies: FaultProxy[];
  stateDir: string;
  sources: MarketSource[];
  random: Random;
}

describe("days of random faults", function () {
  this.timeout(3_600_000);
  let world: World;
  useWorld((one) => (world = one));

  it("P169: no adjustment is late by more than one look, every day is covered, no wrong price", async () => {
    const days = Math.round(3 * SCALE);
    await world.reset();
    const { chain } = world;
    const since = (await world.blockNumber()) + 1;
    const start = await chain.now();
    const random = new Random(FUZZ_SEED, 72);
    const truth: { at: bigint; price: number }[] = [];
    const seats = ENDPOINTS.map((count, index) => seat(count, new Random(FUZZ_SEED, 720 + index)));

    for (let look = 0; look <= days * LOOKS_A_DAY; look++) {
      await chain.jumpTo(start + BigInt(look) * LOOK_SEC + BigInt(random.int(0, 300)));
      world.live.market.price *= 1 + random.int(-60, 62) / 10_000;
      truth.push({ at: await chain.now(), price: world.live.market.price });
      const secondOfDay = (Number(await chain.now()) - 7_200) % Number(DAY);
      const day = Math.floor(look / LOOKS_A_DAY);
      const blackoutFrom = 3_600 * new Random(FUZZ_SEED, 7_200 + day).int(BLACKOUT.earliest, BLACKOUT.latest);
      const blackout = secondOfDay >= blackoutFrom && secondOfDay < blackoutFrom + BLACKOUT.hours * 3_600;
      // What hits all keepers alike lasts for one look: nobody could be in time through more of it.
      const weather = previousWas === "bad" ? 1 : random.uint32() / 2 ** 32;
      previousWas = weather < 0.12 ? "bad" : "fair";
      if (previousWas === "bad") misfortunes.weather++;
      const fork = weather < 0.04 ? await world.forward("evm_snapshot", []) : undefined;
      if (weather >= 0.04 && weather < 0.08) await world.baseFee(500);
      if (weather >= 0.08 && weather < 0.12) await world.forward("evm_setIntervalMining", [150]);
      await Promise.all(seats.map((one) => lookFrom(one, blackout)));
      await world.forward("evm_setIntervalMining", [0]);
      if (fork !== undefined) await world.forward("evm_revert", [fork]);
      if (weather >= 0.04 && weather < 0.08) await world.baseFee(1);
    }
    // That nothing was lost says something only because much was tried.
    expect(misfortunes.kills, "kills").to.be.greaterThan(3 * days);
    expect(misfortunes.weather, "forks, dear gas and late blocks").to.be.greaterThan(days);
    expect(misfortunes.faults, "faulty answers").to.be.greaterThan(200 * days);
    await judge(since, start, days, truth);
  });

  let previousWas: "fair" | "bad" = "fair";
  const misfortunes = { kills: 0, weather: 0, faults: 0 };

  function seat(count: number, random: Random): Seat {
    const { source } = world.live;
    const moody = (name: string): MarketSource => ({
      name,
      async read() {
        const seen = (await source.read()) as MarketData;
        const mood = random.uint32() / 2 ** 32;
        if (mood < 0.08) throw new Error("no market today");
        if (mood < 0.11) return { ...seen, observedAt: seen.observedAt - 7_200n };
        return mood < 0.14 ? timesPrice(random.pick([10, 0.1]))(seen) : seen;
      },
    });
    const sources = ["first", "second", "third"].map(moody);
    return { proxies: Array.from({ length: count }, () => undefined as never), stateDir: world.stateDir(), sources, random };
  }

  async function lookFrom(one: Seat, blackout: boolean): Promise<void> {
    const index = Number(ENDPOINTS.indexOf(one.proxies.length));
    const { random } = one;
    if (!one.keeper) {
      one.proxies = await Promise.all(one.proxies.map(() => world.proxy()));
      if (blackout) return;
      one.keeper = await world.open({
        through: one.proxies,
        key: `ACCOUNT_${index}`,
        sources: one.sources,
        stateDir: one.stateDir,
        timeoutMs: 500,
        change(config) {
          const source = (name: string) => ({ type: "file" as const, name, path: "market.json" });
          const report = { ...config.jobs["report-price"]!, minSources: 2, sources: ["a", "b", "c"].map(source) };
          return { ...config, jobs: { ...config.jobs, "report-price": report } };
        },
      });
    }
    const latest = await world.blockNumber();
    for (const proxy of one.proxies) proxy.plan = blackout ? () => DOWN : moodOf(random, latest);
    const faultsBefore = faultsOf(one);
    if (!random.chance(0.06)) {
      await one.keeper.runOnce();
      misfortunes.faults += faultsOf(one) - faultsBefore;
      return;
    }
    misfortunes.kills++;
    // It dies at some call, and its successor starts with the next look.
    const nth = random.int(1, 40);
    const cut = new Promise<void>((resolve) => {
      for (const proxy of one.proxies) {
        const { plan, calls } = proxy;
        const from = calls.length;
        proxy.plan = (call) => (call.nth >= from + nth ? { kind: "cut", when: random.pick(["before", "after"]) } : plan(call));
        proxy.onCut = resolve;
      }
    });
    const { keeper } = one;
    delete one.keeper;
    const over = keeper.runOnce().then(() => keeper.stop());
    await Promise.race([over, cut]);
    for (const proxy of one.proxies) proxy.plan = () => ({ kind: "cut", when: "before" });
  }

  async function judge(since: number, start: bigint, days: number, truth: { at: bigint; price: number }[]) {
    const { feed, history, controller } = world.chain;
    const [rounds, records, adjustments] = await Promise.all([
      feed.queryFilter(feed.filters.RoundUpdated(), since),
      history.queryFilter(history.filters.RoundTaken(), since),
      controller.queryFilter(controller.filters.Adjusted(), since),
    ]);
    const timeOf = async (block: number) => BigInt((await world.provider.getBlock(block))!.timestamp);
    const recordedAt = await Promise.all(records.map(({ blockNumber }) => timeOf(blockNumber)));
    const adjustedAt = new Map<bigint, bigint>();
    for (const { args, blockNumber } of adjustments) {
      expect(adjustedAt.has(args.day), `day ${args.day} was adjusted twice`).to.equal(false);
      adjustedAt.set(args.day, await timeOf(blockNumber));
    }
    const firstDay = (start - 7_200n) / DAY + 1n;
    await tryAll(
      "72 hours of random faults",
      Array.from({ length: days }, (_, index) => firstDay + BigInt(index)),
      (day) => `day ${day}`,
      async (day) => {
        const from = day * DAY + 7_200n;
        const lateBy = (adjustedAt.get(day) ?? MaxUint256) - from;
        // A look every half hour, some minutes apart; one of them may be missed.
        expect(lateBy <= 2n * LOOK_SEC + 300n, `adjusted ${lateBy} s after the day's start`).to.equal(true);
        const [average] = await history.dayAverages([day - 1n]);
        expect(average!.usable, `covered ${average!.coveredSec} s of day ${day - 1n}`).to.equal(true);
        const held = recordedAt.filter((at) => at >= from - DAY && at < from);
        const gaps = held.slice(1).map((at, index) => at - held[index]!);
        expect(
          gaps.every((gap) => gap <= DAY / 5n + 3n * HOUR),
          `gaps of ${gaps.join(", ")} s`,
        ).to.equal(true);
        for (const { args } of rounds) {
          const { updatedAt, price } = args.market;
          if (updatedAt < from - DAY || updatedAt >= from) continue;
          const known = truth.filter(({ at }) => at <= updatedAt).at(-1)!;
          expect(Math.abs(Number(price) / 1e8 / known.price - 1), `price ${price} at ${updatedAt}`).to.be.lessThan(0.02);
        }
      },
    );
  }
});

const faultsOf = ({ proxies }: Seat) => proxies.reduce((sum, { faults }) => sum + faults, 0);

const DOWN: Fault = { kind: "drop", when: "before" };

/** What one endpoint is like for the length of a look. */
function moodOf(random: Random, latest: number): Plan {
  const mood = random.uint32() / 2 ** 32;
  if (mood < 0.75) return () => undefined;
  if (mood < 0.78) return () => DOWN;
  if (mood < 0.8) return stoppedAt(Math.max(0, latest - random.int(1, 40)));
  if (mood < 0.82) return aheadBy(random.int(1, 1_000), random.int(0, 86_400));
  if (mood < 0.84) return ({ method }) => (method === "eth_call" ? lyingCalls(random) : undefined);
  const faults: Fault[] = [
    { kind: "status", status: 503 },
    { kind: "drop", when: "before" },
    { kind: "drop", when: "after" },
    { kind: "truncate" },
    { kind: "body", text: "<html>Bad Gateway</html>" },
    { kind: "error", message: "internal error", forwarded: random.chance(0.5) },
    { kind: "hang" },
  ];
  return () => (random.chance(0.05) ? random.pick(faults) : undefined);
}
