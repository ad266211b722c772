import { type Chain, type Head, blockTag } from "../../chain/connect.ts";
import { type IFTNSToken, IFTNSToken__factory, IMedianFeed__factory } from "../../chain/contracts.ts";
import { gasOf } from "../../chain/estimate.ts";
import type { FeedRound } from "../../market/chainlink.ts";
import { inParts } from "../../parts.ts";
import type { Job } from "../job.ts";
import { type Due, type DuesRules, type DuesSnapshot, type SettleArgs, decideDues } from "./decide.ts";
import { type HolderLimits, Holders } from "./holders.ts";

export interface SettleRules extends DuesRules, HolderLimits {
  maxPerRun: number;
  gasFeed: { feed: string; maxAgeSec: number };
}

/** Accounts are ranked anew after so long (seconds of chain time); until then a run works down its list. */
const RANKED_FOR_SEC = 600n;

/** Does not have to be done: a due settles by itself with its account's next transfer. */
export function settleDuesJob(
  chain: Chain,
  { token, feed }: { token: string; feed: string },
  rules: SettleRules,
  from: string,
): Job<DuesSnapshot, SettleArgs> {
  const ftns = IFTNSToken__factory.connect(token, chain.provider);
  const holders = new Holders(chain, ftns, rules);
  let ranked = { at: -RANKED_FOR_SEC, accounts: [] as string[], looked: 0 };

  const callFor = (account: string) => ({ to: token, data: ftns.interface.encodeFunctionData("settle", [account]) });
  const rank = async (head: Head) => {
    const accounts = await holders.upTo(head);
    const dues = await inParts(accounts, (account) => dueOf(ftns, account, head));
    dues.sort((a, b) => (a.due > b.due ? -1 : 1));
    return {
      at: head.timestamp,
      accounts: dues.slice(0, rules.maxPerRun).map(({ account }) => account),
      looked: accounts.length,
    };
  };
  return {
    name: "settle-dues",
    async read() {
      const head = await chain.latest();
      if (head.timestamp < ranked.at || head.timestamp >= ranked.at + RANKED_FOR_SEC) ranked = await rank(head);
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
      dues.sort((a, b) => (a.due > b.due ? -1 : 1));
      return { head, price, gasPrice, dues, looked: ranked.looked, crowded: holders.crowded };
    },
    decide: (seen) => decideDues(seen, rules),
    itemOf: ({ account }) => account,
    call: ({ account }) => callFor(account),
  };
}

async function dueOf(token: IFTNSToken, account: string, head: Head) {
  const { dueFee } = await token.accountOf(account, { blockTag: blockTag(head) });
  return { account, due: dueFee };
}

/** Every Chainlink feed answers these calls; the median feed's binding is as good as any. */
async function roundOf(chain: Chain, address: string, head: Head): Promise<FeedRound> {
  const feed = IMedianFeed__factory.connect(address, chain.provider);
  const at = { blockTag: blockTag(head) };
  const [{ answer, updatedAt }, decimals] = await Promise.all([feed.latestRoundData(at), feed.decimals(at)]);
  return { answer, updatedAt, decimals };
}
