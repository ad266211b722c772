// Seven reporters with a quorum of four: whose absence, or whose lie, blinds which trigger; and what a minority can't do.
import { expect } from "chai";
import type { Signer } from "ethers";
import { network } from "hardhat";
import { readFileSync, writeFileSync } from "node:fs";
import { revertName } from "@ftns/sdk/errors/decode.ts";
import { packedReports } from "../helpers/sign.ts";
import { economyOn, parametersOf } from "../helpers/economy.ts";
import { plain } from "../helpers/plain.ts";
import { clockOf, DAY, HOUR } from "../helpers/time.ts";
import { CALM, TRIGGER, USD, type Sight } from "./fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const REPORTERS = 7;
const DOCUMENT = new URL("../../docs/operating/reporters.md", import.meta.url);
const markers = (name: string) => [`<!-- ${name}: from test/safety/reporters.test.ts -->\n`, `<!-- /${name} -->`] as const;

/** The guide's table `name` is `table`; with UPDATE_DOCS it is made so. */
function expectInGuide(name: string, table: string): void {
  const text = readFileSync(DOCUMENT, "utf8");
  const [begin, end] = markers(name);
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(DOCUMENT, text.slice(0, from) + table + text.slice(to));
  else expect(text.slice(from, to), "UPDATE_DOCS=1 npm test -- safety writes it anew").to.equal(table);
}

type Said = Partial<Sight & { meanPrice: bigint; since: bigint }>;

async function deploy() {
  const wallets = Array.from({ length: REPORTERS }, (_, i) => new ethers.Wallet(ethers.id(`reporter ${i}`)));
  const economy = await economyOn(connection, (people) => ({
    ...parametersOf(people),
    priceFeed: { kind: "median", description: "FTNS / USD", reporters: wallets.map(({ address }) => address), quorum: 4n },
  }));
  const clock = clockOf(connection);
  const { medianFeed, history, breaker } = economy;
  const place = { chainId: 31_337n, verifyingContract: economy.addresses.feed };
  /** A round of what each says; who says nothing is silent. */
  const report = async (says: readonly (Said | undefined)[]) => {
    const since = (await history.lastRecord()).knownUntil;
    const observedAt = await clock.now();
    const reports = says.flatMap((said, i) => {
      if (said === undefined) return [];
      const price = said.price ?? CALM.price;
      return [{ signer: wallets[i] as Signer, report: { ...CALM, meanPrice: price, since, observedAt, ...said } }];
    });
    await medianFeed.submit(await packedReports(reports, place));
  };
  const all = (said: Said) => Array.from({ length: REPORTERS }, () => said);
  const find = async (kind: bigint) => plain(await breaker.find(kind));
  /** An hour on the whole of which `says` held. */
  const hour = async (says: readonly (Said | undefined)[]) => {
    await clock.to(((await clock.now()) / HOUR + 1n) * HOUR);
    await report(says);
  };
  await report(all({}));
  await clock.pass(30n * DAY);
  await report(all({}));
  // The next full hour may begin sooner than a round may come.
  await clock.pass(600n);
  for (let i = 0; i < 26; i++) await hour(all({}));
  return { ...economy, clock, report, hour, all, find };
}

const CRISIS = { price: (6n * USD) / 10n, volume6h: 0n, txFailed: 100n };
const MARKET_TRIGGERS = {
  PRICE_CRASH: TRIGGER.priceCrash,
  LIQUIDITY_CRISIS: TRIGGER.liquidityCrisis,
  NETWORK_ATTACK: TRIGGER.networkAttack,
};

describe("reporters and triggers (P201)", () => {
  let w: Awaited<ReturnType<typeof deploy>>;
  beforeEach(async () => {
    w = await networkHelpers.loadFixture(deploy);
  });

  /** Who reports a crisis when `silent` say nothing and `lying` deny it. */
  const crisis = (silent: number, lying: number): (Said | undefined)[] =>
    w.all({}).map((_, i) => (i < silent ? undefined : i < silent + lying ? { price: USD } : CRISIS));

  /** Which triggers a real crisis meets, or "no round" where the feed takes none. */
  const seesIn = async (silent: number, lying: number): Promise<string[] | undefined> => {
    try {
      for (let i = 0; i < 2; i++) await w.hour(crisis(silent, lying));
    } catch (error) {
      if (!["WrongReportCount", "TooFewAgree"].includes(revertName(error) ?? "")) throw error;
      return undefined;
    }
    const met = await Promise.all(
      Object.entries(MARKET_TRIGGERS).map(async ([name, kind]) => ((await w.find(kind)).met ? [name] : [])),
    );
    return met.flat();
  };

  describe("given a real crisis", () => {
    for (const [silent, lying] of [
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 1],
    ] as const) {
      it(`every trigger works with ${silent} of seven silent and ${lying} lying (seen: one silent of five blinded two)`, async () => {
        expect(await seesIn(silent, lying)).to.deep.equal(Object.keys(MARKET_TRIGGERS));
      });
    }

    it("P80: says so in the table of the operators' guide", async () => {
      const rows = [];
      for (const [silent, lying] of [
        [0, 0],
        [1, 0],
        [2, 0],
        [3, 0],
        [4, 0],
        [0, 1],
        [1, 1],
        [2, 1],
        [3, 1],
        [0, 2],
        [1, 2],
        [0, 3],
      ] as const) {
        w = await networkHelpers.loadFixture(deploy);
        const sees = await seesIn(silent, lying);
        const cells = Object.keys(MARKET_TRIGGERS).map((name) =>
          sees === undefined ? "no round" : sees.includes(name) ? "works" : "blind",
        );
        rows.push(`| ${silent} | ${lying} | ${cells.join(" | ")} |\n`);
      }
      const names = Object.keys(MARKET_TRIGGERS);
      const table = `| silent | lying | ${names.join(" | ")} |\n|--:|--:|${names.map(() => "---|").join("")}\n${rows.join("")}`;
      expectInGuide("blind", table);
    });

    it("P80: says in the guide what a minority hides that carries first, and what shows it again", async () => {
      const rows = [];
      for (const [lying, honest] of [
        [1, 3],
        [1, 5],
        [2, 2],
        [2, 3],
        [2, 4],
        [3, 1],
        [3, 4],
      ] as const) {
        w = await networkHelpers.loadFixture(deploy);
        // They tell the true price, and that nothing else is wrong.
        const says = w.all({}).map((_, i) => (i < lying ? { price: CRISIS.price } : CRISIS));
        await w.hour(w.all(CRISIS));
        const seen = async () => {
          const met = await Promise.all(Object.values(MARKET_TRIGGERS).map(async (kind) => (await w.find(kind)).met));
          return met.map((one) => (one ? "works" : "blind")).slice(1);
        };
        await w.clock.pass(HOUR);
        const { since, observedAt } = { since: (await w.history.lastRecord()).knownUntil, observedAt: await w.clock.now() };
        const of = (who: (i: number) => boolean) => says.map((said, i) => (who(i) ? { ...said, since, observedAt } : undefined));
        await w.report(of((i) => i < lying + honest));
        const first = await seen();
        await w.report(of((i) => i >= lying)).catch((error: unknown) => expect(revertName(error)).to.equal("RoundTooSoon"));
        const honestOnly = await seen();
        await w.report(of(() => true)).catch((error: unknown) => expect(revertName(error)).to.equal("RoundTooSoon"));
        const cells = [first, honestOnly, await seen()].flat();
        rows.push(`| ${lying} | ${honest} | ${cells.join(" | ")} |\n`);
      }
      const names = ["LIQUIDITY_CRISIS", "NETWORK_ATTACK"].join(" | ");
      const head = `| liars | with honest | ${names} | ...then all honest: ${names} | ...then all: ${names} |\n`;
      const table = `${head}|--:|--:|---|---|---|---|---|---|\n${rows.join("")}`;
      expectInGuide("first", table);
    });
  });

  describe("given calm weather and a minority that lies", () => {
    const nothing = async () => {
      for (const kind of Object.values(MARKET_TRIGGERS)) {
        expect((await w.find(kind)).met).to.equal(false);
        await expect(w.breaker.trigger(kind)).to.be.revertedWithCustomError(w.breaker, "TriggerNotMet");
      }
    };

    it("three who say no volume and a mean of 1e21 open nothing, whoever carries them (seen: two of five did, seven times)", async () => {
      const lie = { volume6h: 0n, meanVolume6h: 10n ** 21n };
      for (const silent of [0, 1, 2, 3]) {
        await w.clock.pass(HOUR);
        // Three liars, and as few of the honest as a quorum of four leaves.
        await w.report(w.all({}).map((_, i) => (i < 3 ? lie : i < 3 + silent ? undefined : {})));
        const market = await w.medianFeed.latestMarket();
        expect(market.illiquid).to.equal(3n);
        await nothing();
      }
    });

    it("three who count failures open nothing", async () => {
      const lie = { txTotal: 10n, txFailed: 10n, sendersDay: 10n };
      await w.clock.pass(HOUR);
      await w.report([lie, lie, lie, {}, undefined, undefined, undefined]);
      expect((await w.medianFeed.latestMarket()).attacked).to.equal(3n);
      await nothing();
    });

    it("a majority of the round that is half of the registered or less opens nothing", async () => {
      await w.medianFeed.connect(w.people.governor).addReporter(ethers.toBeHex(77, 20));
      const dry = { volume6h: 0n };
      await w.clock.pass(HOUR);
      // Four of eight registered, and all who count failures or volumes in this round but one.
      await w.report([dry, dry, dry, dry, {}, undefined, undefined]);
      const market = await w.medianFeed.latestMarket();
      expect([market.illiquid, market.registered]).to.deep.equal([4n, 8n]);
      expect(market.volume6h * 10n <= market.meanVolume6h, "the median itself").to.equal(true);
      await nothing();
    });

    it("nor does a dip of 42 % for two minutes that a stranger carries (seen: it opened PRICE_CRASH)", async () => {
      await w.clock.pass(1_200n);
      const dip = (USD * 58n) / 100n;
      await w.report(w.all({ price: dip, meanPrice: (USD * 1_080n + dip * 120n) / 1_200n }));
      await nothing();
      for (let i = 0; i < 3; i++) {
        await w.hour(w.all({}));
        await nothing();
      }
    });
  });
});
