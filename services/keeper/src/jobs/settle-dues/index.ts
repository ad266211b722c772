import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { contracts, type Token } from "@ftns/sdk/contracts.ts";
import { gasOf } from "@ftns/chain/estimate.ts";
import type { FeedRound } from "../../market/chainlink.ts";
import { inParts } from "@ftns/chain/parts.ts";
import type { Job } from "../job.ts";
import { type Due, type DuesRules, type DuesSnapshot, type SettleArgs, decideDues } from "./decide.ts";
import { type HolderLimits, Holders } from "./holders.ts";

export interface SettleRules extends DuesRules, HolderLimits {
  maxPerRun: number;
  gasFeed: { feed: string; maxAgeSec: number };
}

/** Does not have to be done: a due settles by itself with its account's next transfer. */
export function settleDuesJob(
  chain: Chain,
  { token, feed }: { token: string; feed: string },
  rules: SettleRules,
  from: string,
): Job<DuesSnapshot, SettleArgs> {
  const ftns = contracts.token(token, chain.provider);
  const holders = new Holders(chain, ftns, rules);
  /** The accounts that this run is about, and what all the others owe. */
  let ranked = { accounts: [] as string[], looked: 0, rest: 0n };

  const callFor = (account: string) => ({ to: token, data: ftns.interface.encodeFunctionData("settle", [account]) });
  return {
    name: "settle-dues",
    async prepare() {
      const head = await chain.latest();
      const accounts = await holders.upTo(head);
      const dues = (await inParts(accounts, (account) => dueOf(ftns, account, head))).sort(byDue);
      const chosen = dues.slice(0, rules.maxPerRun).map(({ account }) => account);
      const rest = dues.slice(rules.maxPerRun).reduce((sum, { due }) => sum + due, 0n);
      ranked = { accounts: chosen, looked: accounts.length, rest };
    },
    async read() {
      const head = await chain.latest();
      const [price, gasPrice, dues] = await Promise.all([
        roundOf(chain, feed, head),
        roundOf(chain, rules.gasFeed.feed, head),
        Promise.all(
          ranked.accounts.map(async (account): Promise<Due> => {
            const { due } = await dueOf(ftns, account, head);
            return { account, due, gas: due < rules.minDueFtns ? 0n : await gasOf(chain, callFor(account), head, from) };
          }),
        ),
      ]);
      const { looked, rest } = ranked;
      return { head, price, gasPrice, dues: dues.sort(byDue), looked, rest, crowded: holders.crowded };
    },
    decide: (seen) => decideDues(seen, rules),
    itemOf: ({ account }) => account,
    call: ({ account }) => callFor(account),
  };
}

const byDue = (a: { due: bigint }, b: { due: bigint }) => (a.due > b.due ? -1 : 1);

async function dueOf(token: Token, account: string, head: Head) {
  const { dueFee } = await token.accountOf(account, { blockTag: blockTag(head) });
  return { account, due: dueFee };
}

/** Every Chainlink feed answers these calls; the median feed's binding is as good as any. */
async function roundOf(chain: Chain, address: string, head: Head): Promise<FeedRound> {
  const feed = contracts.medianFeed(address, chain.provider);
  const at = { blockTag: blockTag(head) };
  const [{ answer, updatedAt }, decimals] = await Promise.all([feed.latestRoundData(at), feed.decimals(at)]);
  return { answer, updatedAt, decimals };
}
