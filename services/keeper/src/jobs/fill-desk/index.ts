import { DESK_SIDES, type DeskOffer, type DeskSide, deskRefusalOf } from "@ftns/model";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { gasOf } from "@ftns/chain/estimate.ts";
import type { Call } from "@ftns/chain/call.ts";
import { contracts, type Desk, type Token } from "@ftns/sdk/contracts.ts";
import { formatFtns } from "@ftns/sdk/units.ts";
import type { FeedRound } from "../../market/chainlink.ts";
import type { Job } from "../job.ts";
import { type DeskSnapshot, decideFill, type FillArgs, type FillRules, type SideSeen } from "./decide.ts";

export interface DeskRules extends FillRules {
  /** Most that one fill may be worth (USD, 18 decimals). */
  maxFillUsd: bigint;
  gasFeed: { feed: string; maxAgeSec: number };
}

/** Trades with the operator's own FTNS and dollars, which it has approved the desk for. */
export function fillDeskJob(
  chain: Chain,
  { desk: address, feed }: { desk: string; feed: string },
  rules: DeskRules,
  from: string,
): Job<DeskSnapshot, FillArgs> {
  const desk = contracts.desk(address, chain.provider);
  const callOf = (args: FillArgs): Call => ({ to: address, data: dataOf(desk, args, from) });
  return {
    name: "fill-desk",
    async read() {
      const head = await chain.latest();
      const at = { blockTag: blockTag(head) };
      const [tokenAt, dollarAt] = await Promise.all([desk.TOKEN(at), desk.DOLLAR(at)]);
      // What every ERC-20 answers.
      const [token, dollar] = [contracts.token(tokenAt, chain.provider), contracts.token(dollarAt, chain.provider)];
      const [price, gasPrice, decimals] = await Promise.all([
        roundOf(chain, feed, head),
        roundOf(chain, rules.gasFeed.feed, head),
        dollar.decimals(at),
      ]);
      const sides = await Promise.all(
        DESK_SIDES.map(async (side): Promise<SideSeen> => {
          const offer = await offerOf(desk, side, head);
          if (offer.refusal === "NOT_OPEN") {
            const means = await meansOf(side === "SELL" ? dollar : token, address, from, head);
            const tokens = tokensFor(side, offer, offer.market, decimals, means.least, rules.maxFillUsd);
            return {
              side,
              offer,
              tokens,
              ...hindranceOf(side, tokens, offer, means),
              gas: await gasOf(chain, callOf({ kind: "open", side }), head, from),
            };
          }
          if (offer.refusal !== "NONE") return { side, offer, tokens: 0n };
          const means = await meansOf(side === "SELL" ? dollar : token, address, from, head);
          const tokens = tokensFor(side, offer, offer.price, decimals, means.least, rules.maxFillUsd);
          const hindrance = hindranceOf(side, tokens, offer, means);
          if (hindrance.hindrance !== undefined) return { side, offer, tokens, ...hindrance };
          const limit = side === "SELL" ? (1n << 255n) - 1n : 0n;
          return { side, offer, tokens, gas: await gasOf(chain, callOf({ kind: "fill", side, tokens, limit }), head, from) };
        }),
      );
      return { head, price, gasPrice, decimals, sides };
    },
    decide: (seen) => decideFill(seen, rules),
    itemOf: ({ kind, side }) => `${kind} ${side}`,
    call: callOf,
  };
}

const SIDE: Record<DeskSide, bigint> = { SELL: 0n, BUY: 1n };

function dataOf(desk: Desk, args: FillArgs, to: string): string {
  if (args.kind === "open") return desk.interface.encodeFunctionData("open", [SIDE[args.side]]);
  const fill = [args.tokens, args.limit, to] as const;
  return args.side === "SELL"
    ? desk.interface.encodeFunctionData("buyTokens", fill)
    : desk.interface.encodeFunctionData("sellTokens", fill);
}

async function offerOf(desk: Desk, side: DeskSide, head: Head): Promise<DeskOffer> {
  const made = await desk.offer(SIDE[side], { blockTag: blockTag(head) });
  const refusal = deskRefusalOf(made.refusal);
  if (refusal === undefined)
    throw new RangeError(`the desk gave refusal ${made.refusal}, which this keeper does not know; update it`);
  const { market, line, price, startedAt, share, left, least } = made;
  return { refusal, market, line, price, startedAt, share, left, least };
}

interface Means {
  held: bigint;
  allowed: bigint;
  least: bigint;
}

/** What we hold of what we would pay with, and what the desk may take of it. */
async function meansOf(asset: Token, desk: string, owner: string, head: Head): Promise<Means> {
  const at = { blockTag: blockTag(head) };
  const [held, allowed] = await Promise.all([asset.balanceOf(owner, at), asset.allowance(owner, desk, at)]);
  return { held, allowed, least: held < allowed ? held : allowed };
}

/** FTNS that we would trade at `price`, rounded down. */
function tokensFor(
  side: DeskSide,
  { left }: DeskOffer,
  price: bigint,
  decimals: bigint,
  means: bigint,
  maxFillUsd: bigint,
): bigint {
  const unit = 10n ** (36n - decimals);
  const most = (maxFillUsd * 10n ** 18n) / price;
  const byDesk = side === "SELL" ? left : (left * unit) / price;
  const byMeans = side === "SELL" ? (means * unit) / price : means;
  return [most, byDesk, byMeans].reduce((a, b) => (a < b ? a : b));
}

function hindranceOf(
  side: DeskSide,
  tokens: bigint,
  { share, left, market }: DeskOffer,
  { held, allowed }: Means,
): { hindrance?: string } {
  const least = share / 100n;
  const amount = side === "SELL" ? tokens : (tokens * market) / 10n ** 18n;
  if (tokens > 0n && (side === "BUY" || amount >= least) && left > 0n) return {};
  const asset = side === "SELL" ? "dollars" : "FTNS";
  if (held > allowed) return { hindrance: `the desk may take too few of our ${asset}; approve it for more` };
  return { hindrance: `we have too few ${asset} for the least fill (we could trade ${formatFtns(tokens)})` };
}

/** Every Chainlink feed answers these calls; the median feed's binding is as good as any. */
async function roundOf(chain: Chain, address: string, head: Head): Promise<FeedRound> {
  const feed = contracts.medianFeed(address, chain.provider);
  const at = { blockTag: blockTag(head) };
  const [{ answer, updatedAt }, decimals] = await Promise.all([feed.latestRoundData(at), feed.decimals(at)]);
  return { answer, updatedAt, decimals };
}
