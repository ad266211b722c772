import { MaxUint256, parseEther, parseUnits } from "ethers";
import type { Actor } from "../../chain/actor.ts";
import { ONE_WFTNS } from "../ledger.ts";
import { sqrt } from "../integers.ts";
import type { PersonaFactory } from "../persona.ts";
import type { Stage } from "../stage.ts";

const WAD = 10n ** 18n;
const POOL_TOKENS = parseEther("200000");
/** What they are wrapped into on the day of launch. */
const POOL_SHARES = parseUnits("200000", 24);
const POOL_DOLLARS = parseEther("200000");
const TRADER_TOKENS = parseEther("50000");
const TRADER_DOLLARS = parseEther("150000");
/** A smaller part of the reserve is not worth the pool's fee. */
const MIN_TRADE_DIVISOR = 200n;

async function fund(stage: Stage, who: Actor, tokens: bigint, dollars: bigint): Promise<void> {
  const { token, wrapped, dollar, addresses } = stage.economy;
  await who.send(dollar.mint.populateTransaction(who.address, dollars));
  await who.send(dollar.approve.populateTransaction(addresses.amm, MaxUint256));
  await who.send(token.approve.populateTransaction(addresses.wrapped, MaxUint256));
  await who.send(wrapped.deposit.populateTransaction(tokens, who.address));
  await who.send(wrapped.approve.populateTransaction(addresses.amm, MaxUint256));
}

/** What brings the pool to `price` (dollars for one wFTNS, WAD) along its curve x * y = k; wFTNS have 24 decimals. */
export function tradeTo(price: bigint, tokens: bigint, dollars: bigint): { tokenIn: boolean; amountIn: bigint } {
  const wantedTokens = sqrt((tokens * dollars * ONE_WFTNS) / price);
  if (wantedTokens > tokens) return { tokenIn: true, amountIn: wantedTokens - tokens };
  const wantedDollars = (tokens * dollars) / wantedTokens;
  return { tokenIn: false, amountIn: wantedDollars > dollars ? wantedDollars - dollars : 0n };
}

export function isWorthItsFee(spend: bigint, reserve: bigint): boolean {
  return spend >= reserve / MIN_TRADE_DIVISOR;
}

/** A pool that keeps its reserves in storage. An arbitrageur holds its price at the market's. */
export const ammPool: PersonaFactory = ({ treasury, mika }) => ({
  id: "amm",
  name: "The pool",
  title: "an AMM that holds wFTNS",
  story:
    "A constant-product pool of 200,000 wFTNS and as many play dollars. It trusts that balances move only when it moves them; " +
    "Mika trades its price to the market's.",
  holds: "wFTNS",
  wallets: [],
  contract: (economy) => economy.addresses.amm,
  async prepare(stage) {
    await fund(stage, treasury, POOL_TOKENS, POOL_DOLLARS);
    await treasury.send(stage.economy.amm.addLiquidity.populateTransaction(POOL_SHARES, POOL_DOLLARS));
    await stage.pay(treasury, mika, "50000");
    await fund(stage, mika, TRADER_TOKENS, TRADER_DOLLARS);
  },
  async act(_day, stage) {
    const { amm, wrapped, dollar } = stage.economy;
    const [tokens, dollars, sharePrice, time] = await Promise.all([
      amm.tokenReserve(),
      amm.dollarReserve(),
      wrapped.convertToAssets(ONE_WFTNS),
      stage.clock.now(),
    ]);
    // Prices have 8 decimals, the share price 18.
    const price = (stage.market.priceAt(time) * 10n ** 10n * sharePrice) / WAD;
    const { tokenIn, amountIn } = tradeTo(price, tokens, dollars);
    const purse = await (tokenIn ? wrapped : dollar).balanceOf(mika.address);
    const spend = amountIn < purse ? amountIn : purse;
    if (!isWorthItsFee(spend, tokenIn ? tokens : dollars)) return;
    await mika.send(amm.swap.populateTransaction(tokenIn, spend, 0n));
  },
});
