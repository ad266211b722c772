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
          if (offer.refusal !== "NONE" && offer.refusal !== "NOT_OPEN") return { side, offer, tokens: 0n };
          const means = await meansOf(side === "SELL" ? dollar : token, address, from, head);
          const { tokens, hindrance } = possible(side, offer, means, decimals, rules.maxFillUsd);
          if (hindrance !== undefined) return { side, offer, tokens, hindrance };
          const limit = side === "SELL" ? (1n << 255n) - 1n : 0n;
          const args: FillArgs = offer.refusal === "NONE" ? { kind: "fill", side, tokens, limit } : { kind: "open", side };
          return { side, offer, tokens, gas: await gasOf(chain, callOf(args), head, from) };
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

/** So much the desk's price may have moved until a block takes us: where it buys, its dollars buy fewer FTNS then (a thousandth). */
const MOVES = 998n;

/** FTNS that we would trade, or what is in the way. */
function possible(
  side: DeskSide,
  offer: DeskOffer,
  { held, allowed, least }: Means,
  decimals: bigint,
  maxFillUsd: bigint,
): { tokens: bigint; hindrance?: string } {
  const unit = 10n ** (36n - decimals);
  const price = offer.refusal === "NONE" ? offer.price : offer.market;
  const bySettings = (maxFillUsd * 10n ** 18n) / price;
  const byDesk = side === "SELL" ? offer.left : (offer.left * unit * MOVES) / (price * 1_000n);
  const byMeans = side === "SELL" ? (least * unit) / price : least;
  const tokens = [bySettings, byDesk, byMeans].reduce((a, b) => (a < b ? a : b));
  // In what the desk counts in.
  const amount = side === "SELL" ? tokens : (tokens * price) / unit;
  if (amount >= offer.least) return { tokens };
  const asset = side === "SELL" ? "dollars" : "FTNS";
  if (tokens === bySettings) return { tokens, hindrance: "the desk takes no fill as small as jobs.fill-desk.maxFillUsd" };
  if (tokens === byDesk) return { tokens, hindrance: "too little is left of the desk's share of today" };
  if (held > allowed) return { tokens, hindrance: `the desk may take too few of our ${asset}; approve it for more` };
  return { tokens, hindrance: `we have too few ${asset} for the least fill (we could trade ${formatFtns(tokens)})` };
}

/** Every Chainlink feed answers these calls; the median feed's binding is as good as any. */
async function roundOf(chain: Chain, address: string, head: Head): Promise<FeedRound> {
  const feed = contracts.medianFeed(address, chain.provider);
  const at = { blockTag: blockTag(head) };
  const [{ answer, updatedAt }, decimals] = await Promise.all([feed.latestRoundData(at), feed.decimals(at)]);
  return { answer, updatedAt, decimals };
}
