// Honest people.
import { FTNS, type World } from "../world.ts";
import { every, live, modelled, type Outcome, type Play } from "./play.ts";

const MONTH = 30;
const SHOP_HOLDS = 9_500n * FTNS;
const TURNOVER = 3n * SHOP_HOLDS;
const CUSTOMERS = 200;
/** Until the shop's activity of 30 days is what it stays at. */
const WARM_UP_DAYS = 60;

/** A shop without a tier, whose customers pay once a month each, and those of them who contribute prove 10 FTNS just before. */
function shopWith(contributors: number) {
  return async (world: World, days: number): Promise<Outcome> => {
    await world.give("shop", SHOP_HOLDS);
    const price = TURNOVER / BigInt(CUSTOMERS);
    const open = async (day: number) => {
      for (let i = day % MONTH; i < CUSTOMERS; i += MONTH) {
        const who = `customer ${i}`;
        await world.give(who, price);
        if (i % CUSTOMERS < contributors) await world.prove(who, 10n * FTNS);
        await world.pay(who, "shop", price);
      }
      await world.pay("shop", "supplier", (await world.balance("shop")) - SHOP_HOLDS);
    };
    const warmUp = days < WARM_UP_DAYS ? 0 : WARM_UP_DAYS;
    await live(world, warmUp, open);
    const before = { fee: await world.feesOf("shop"), work: world.work };
    await live(world, days, (day) => open(day + warmUp));
    return { fee: (await world.feesOf("shop")) - before.fee, work: 0n, holds: SHOP_HOLDS };
  };
}

const shop = {
  group: "honest",
  liquid: true,
  stops: "Each customer lends it 200 FTNS of activity a month, and its payment takes 142.50 of them.",
} as const;

export const busyShop: Play = modelled(
  {
    ...shop,
    name: "a shop, all of its customers contributors",
    how: "Turns over three times its balance a month with 200 customers, who prove 10 FTNS a month each, and pays its suppliers daily.",
  },
  12,
  shopWith(CUSTOMERS),
);

export const shopOfStrangers: Play = modelled(
  {
    ...shop,
    name: "a shop, a fifth of its customers contributors",
    how: "The same, where 40 of the 200 contribute.",
    stops: "What strangers pay counts nothing, so it sits two bands lower.",
  },
  12,
  shopWith(CUSTOMERS / 5),
);

export const contributor: Play = modelled(
  {
    name: "a contributor who spends what it earns",
    group: "honest",
    liquid: true,
    how: "Proves 20 FTNS every six days, and spends what it is paid for them evenly until the next.",
    stops: "A reward counts in full as activity of the account it is paid to.",
  },
  50,
  async (world, days) => {
    let held = 0n;
    let rate = 0n;
    await live(world, days, async (day) => {
      if (day % 6 === 0) {
        await world.prove("contributor", 20n * FTNS);
        rate = (await world.balance("contributor")) / 6n;
      }
      const left = await world.balance("contributor");
      await world.pay("contributor", "shop", day % 6 === 5 || left < rate ? left : rate);
      held += await world.balance("contributor");
    });
    return { fee: await world.feesOf("contributor"), work: world.work, holds: held / BigInt(days) };
  },
);

export const aiUser: Play = modelled(
  {
    name: "a user who only pays for AI",
    group: "honest",
    liquid: true,
    how: "Buys 100 FTNS a month and pays them to a recognised contract for the network's AI, as much each day.",
    stops: "What is paid to a recognised contract counts in full.",
  },
  33,
  async (world, days) => {
    await world.recognise("router");
    let held = 0n;
    await live(world, days, async (day) => {
      if (day % MONTH === 0) await world.give("user", 100n * FTNS);
      const daysLeft = BigInt(MONTH - (day % MONTH));
      await world.pay("user", "router", (await world.balance("user")) / daysLeft);
      held += await world.balance("user");
    });
    return { fee: await world.feesOf("user"), work: 0n, holds: held / BigInt(days) };
  },
);

export const newcomer: Play = modelled(
  {
    name: "a newcomer who keeps what it earns",
    group: "honest",
    liquid: true,
    how: "Proves 10 FTNS a month from its first day on, and spends nothing.",
    stops: "The first 100 FTNS are spared for 90 days; then it pays as whoever holds and does not move.",
  },
  95,
  async (world, days) => {
    let held = 0n;
    await every(world, MONTH, days, async () => {
      await world.prove("newcomer", 10n * FTNS);
      held += await world.balance("newcomer");
    });
    const months = BigInt(Math.ceil(days / MONTH));
    return { fee: await world.feesOf("newcomer"), work: world.work, holds: held / months };
  },
);
