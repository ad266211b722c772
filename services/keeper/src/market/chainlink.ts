import { Interface } from "ethers";
import { formatDuration, formatTime } from "@ftns/sdk/units.ts";

// Chainlink's AggregatorV3Interface (docs.chain.link, Data Feeds API reference). `answeredInRound` is deprecated there and
// means nothing any more; an unfinished round has no time of update.
export const aggregatorAbi = new Interface([
  "function decimals() view returns (uint8)",
  "function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
]);

/** The latest round of a feed, as it was read. */
export interface FeedRound {
  answer: bigint;
  /** Seconds; zero while the round is not complete. */
  updatedAt: bigint;
  decimals: bigint;
}

const MAX_DECIMALS = 36n;

/** Why a round gives no price as of `now` (seconds); undefined when it does. */
export function roundFault({ answer, updatedAt, decimals }: FeedRound, now: bigint, maxAgeSec: number): string | undefined {
  if (updatedAt === 0n) return "its round is not complete";
  if (answer <= 0n) return `it answers ${answer}, which is no price`;
  if (decimals > MAX_DECIMALS) return `it has more than ${MAX_DECIMALS} decimals`;
  if (updatedAt > now) return `its answer is dated ${formatTime(updatedAt)}, after the latest block`;
  const age = now - updatedAt;
  if (age > BigInt(maxAgeSec))
    return `its answer is ${formatDuration(age)} old, and at most ${formatDuration(BigInt(maxAgeSec))} are allowed`;
  return undefined;
}
