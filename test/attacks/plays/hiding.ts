// Coins where, or when, demurrage might not look.
import { GAS } from "../chainWorld.ts";
import { startOf } from "../../helpers/time.ts";
import { FTNS, HOARD, YEAR_DAYS } from "../world.ts";
import type { Play } from "./play.ts";

/** Just under 3 FTNS, below which no fee was taken once; and just under what pays none now. */
const WALLETS = 333_334n;
const DUST = (FTNS / 1_000_000n) * 3n - 1n;

export const dustWallets: Play = {
  name: "333,334 wallets of just under 3 FTNS",
  group: "cheat",
  liquid: true,
  how: "Spreads the hoard over so many wallets that each one's daily fee is below 0.001 FTNS.",
  stops: "Every fee from 0.000000001 FTNS on is taken.",
  async run(chain) {
    const each = HOARD / WALLETS;
    await chain.give("hoarder", HOARD);
    const token = chain.d.token.connect(await chain.signer("hoarder"));
    const sent = await token.transfer(await chain.signer("wallet"), each, GAS);
    chain.book("wallet", each);
    await chain.pass(YEAR_DAYS);
    const { gasUsed } = (await sent.wait())!;
    return {
      fee: (await chain.feesOf("wallet")) * WALLETS,
      work: 0n,
      gas: gasUsed * WALLETS,
      note: "One wallet was played, and scaled; the gas is that of filling them once.",
    };
  },
};

export const finestDust: Play = {
  name: "333 billion wallets of just under 0.000003 FTNS",
  group: "cheat",
  liquid: true,
  how: "Spreads the hoard so finely that no wallet pays anything.",
  pricedInGas: true,
  stops: "To fill the wallets once takes more gas than a chain has in years.",
  async run(chain) {
    await chain.give("hoarder", HOARD);
    const token = chain.d.token.connect(await chain.signer("hoarder"));
    const sent = await token.transfer(await chain.signer("wallet"), DUST, GAS);
    chain.book("wallet", DUST);
    await chain.pass(YEAR_DAYS);
    const { gasUsed } = (await sent.wait())!;
    return {
      fee: (await chain.feesOf("wallet")) * (HOARD / DUST),
      work: 0n,
      gas: gasUsed * (HOARD / DUST),
      note: "One wallet was played, and scaled; the gas is that of filling them once.",
    };
  },
};

export const wrapping: Play = {
  name: "wrapping",
  group: "cheat",
  liquid: true,
  how: "Holds wFTNS, whose balances never move, and unwraps after a year.",
  stops: "The wrapper's own account pays the top rate, and the price of a share falls with it.",
  async run(chain) {
    const { wrapper } = chain.d;
    const signer = await chain.signer("hoarder");
    await chain.give("hoarder", HOARD);
    await chain.allow("hoarder", wrapper);
    await wrapper.connect(signer).deposit(HOARD, signer, GAS);
    await chain.pass(YEAR_DAYS);
    await wrapper.connect(signer).redeem(await wrapper.balanceOf(signer), signer, signer, GAS);
    return { fee: await chain.feesOf("hoarder"), work: 0n };
  },
};

export const settlingEarly: Play = {
  name: "settling at 01:59",
  group: "cheat",
  liquid: true,
  how: "Settles its account a minute before each boundary, hands all coins to a second wallet, and takes them back at 02:01.",
  stops: "Settling changes nothing but who has noted the fee, and at 02:00 the coins lie in some wallet.",
  async run(chain) {
    const { token, clock } = chain.d;
    const [one, other] = [await chain.signer("hoarder"), await chain.signer("second wallet")];
    await chain.give("hoarder", HOARD);
    let day = await clock.today();
    for (let i = 0; i < YEAR_DAYS; i++) {
      day++;
      await clock.to(startOf(day) - 60n);
      await token.settle(one, GAS);
      await token.connect(one).transfer(other, await token.balanceOf(one), GAS);
      await clock.to(startOf(day) + 60n);
      await token.connect(other).transfer(one, await token.balanceOf(other), GAS);
    }
    return { fee: await chain.feesOf("hoarder", "second wallet"), work: 0n };
  },
};
