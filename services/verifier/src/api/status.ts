// Where a contributor stands, from the chain: the registry's own answer, and what counts until when by its events.
import { firstBlockAt } from "@ftns/chain/blocks.ts";
import { type Chain, blockTag, type Head } from "@ftns/chain/connect.ts";
import { dayOf, startOfDay } from "@ftns/model/time.ts";
import { contracts, formatDecimal, interfaces } from "@ftns/sdk";
import { getAddress, type Interface, toQuantity, zeroPadValue } from "ethers";
import { KINDS } from "../claims/kinds.ts";
import type { VerifierConfig } from "../config/schema.ts";
import type { StatusAnswer } from "./bodies.ts";
import { ApiFault } from "./faults.ts";

export const TIERS = ["none", "basic", "active", "power"] as const;
/** A proof counts on so many days, that of its transaction included. */
const WINDOW_DAYS = 30n;
const MOST_SHOWN = 200;
/** What most public endpoints allow in one request. */
const SPAN = 2_000;
/** Blocks of a window that are searched at most; on faster chains the answer says that it is not complete. */
const MOST_BLOCKS = 400_000;
const GOVERNANCE = 3;
/** Searches of the chain's events that run at once, and those whose results are kept. */
const MOST_SEARCHES = 4;
const MOST_KEPT = 1_000;

interface Counted {
  kind: number;
  proofHash?: string;
  value: bigint;
  quality: bigint;
  day: bigint;
}

const date = (day: bigint): string => new Date(Number(startOfDay(day)) * 1_000).toISOString().slice(0, 10);
const dateOrNull = (day: bigint): string | null => (day === 0n ? null : date(day));
const ratio = (wad: bigint): number => Number(formatDecimal(wad, 18, 6));
const ftns = (amount: bigint): string => formatDecimal(amount, 18, 18);

export class StatusReader {
  readonly #chain: Chain;
  readonly #addresses: VerifierConfig["contracts"];
  /** What was found, as long as nothing was added and the day is the same. */
  readonly #found = new Map<string, { found: Counted[]; complete: boolean }>();
  #searches = 0;

  constructor(chain: Chain, addresses: VerifierConfig["contracts"]) {
    this.#chain = chain;
    this.#addresses = addresses;
  }

  async tierOf(account: string): Promise<(typeof TIERS)[number]> {
    const head = await this.#chain.latest();
    const registry = contracts.registry(this.#addresses.registry, this.#chain.provider);
    return TIERS[Number(await registry.tierOn(account, dayOf(head.timestamp), { blockTag: blockTag(head) }))]!;
  }

  async statusOf(given: string): Promise<StatusAnswer> {
    const account = getAddress(given);
    const { provider } = this.#chain;
    const head = await this.#chain.latest();
    const at = { blockTag: blockTag(head) };
    const registry = contracts.registry(this.#addresses.registry, provider);
    const pool = contracts.pool(
      await contracts.verifierStakes(this.#addresses.verifierStakes, provider).REWARD_POOL(at),
      provider,
    );
    const [status, view, multipliers] = await Promise.all([
      registry.statusOf(account, at),
      contracts.token(this.#addresses.token, provider).accountOf(account, at),
      pool.tierMultipliers(at),
    ]);
    const counted = status.proofs === 0n ? { found: [], complete: true } : await this.#counted(account, status.totalProofs, head);
    const tier = Number(status.tier);
    const { refreshed } = status;
    const today = dayOf(head.timestamp);
    return {
      contributor: account,
      contributor_tier: TIERS[tier]!,
      contribution_score: ftns(status.score),
      last_contribution: dateOrNull(status.lastDay),
      can_earn_ftns: tier > 0,
      earning_multiplier: ratio(multipliers[tier]!),
      grace_period_expires: view.graceUntil > today ? new Date(Number(startOfDay(view.graceUntil)) * 1_000).toISOString() : null,
      average_quality: ratio(status.averageQuality),
      diversity_bonus: ratio(status.diversityBonus),
      tier_lasts_until: {
        basic: dateOrNull(refreshed.basicThrough),
        active: dateOrNull(refreshed.activeThrough),
        power: dateOrNull(refreshed.powerThrough),
      },
      next_tier:
        Number(status.supportedTier) === TIERS.length - 1
          ? null
          : {
              tier: TIERS[Number(status.nextTier)]! as "basic" | "active" | "power",
              missing_score: ftns(status.missingScore),
              missing_quality: ratio(status.missingQuality),
            },
      score_by_kind: byKind(counted.found),
      counting: counted.found.slice(-MOST_SHOWN).map(({ kind, proofHash, value, quality, day }) => ({
        kind: KINDS[kind]!,
        ...(proofHash !== undefined && { proof_id: proofHash }),
        value: ftns(value),
        quality: ratio(quality),
        counts_until: date(day + WINDOW_DAYS - 1n),
      })),
      complete: counted.complete,
      block: head.number,
    };
  }

  /** A search takes a request for every 2,000 blocks of the window, so it is not made twice for the same. */
  async #counted(account: string, totalProofs: bigint, head: Head): Promise<{ found: Counted[]; complete: boolean }> {
    const key = `${account} ${totalProofs} ${dayOf(head.timestamp)}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    if (this.#searches >= MOST_SEARCHES) throw new ApiFault("NOT_NOW", "Too many ask for their status just now; come back.");
    this.#searches++;
    try {
      const result = await this.#search(account, head);
      this.#found.set(key, result);
      if (this.#found.size > MOST_KEPT) this.#found.delete(this.#found.keys().next().value!);
      return result;
    } finally {
      this.#searches--;
    }
  }

  async #search(account: string, head: Head): Promise<{ found: Counted[]; complete: boolean }> {
    const { registry, voteProofs, batchRewards } = this.#addresses;
    const since = startOfDay(dayOf(head.timestamp) - WINDOW_DAYS + 1n);
    const first = await firstBlockAt(this.#chain, head, since < 0n ? 0n : since);
    const from = Math.max(first, head.number - MOST_BLOCKS);
    const read = (
      address: string | undefined,
      abi: Interface,
      event: string,
      topic: number,
      kindOf: (args: any) => Omit<Counted, "day">,
    ) =>
      address === undefined ? Promise.resolve([]) : this.#events(address, abi, event, topic, account, from, head.number, kindOf);
    const all = await Promise.all([
      read(registry, interfaces.registry(), "ContributionAccepted", 1, ({ kind, proofHash, outcome, quality }) => ({
        kind: Number(kind),
        proofHash,
        value: outcome.value,
        quality,
      })),
      read(voteProofs, interfaces.voteProofs(), "VoteAccepted", 2, ({ proofHash, outcome }) => ({
        kind: GOVERNANCE,
        proofHash,
        value: outcome.value,
        quality: 10n ** 18n,
      })),
      read(batchRewards, interfaces.batchRewards(), "LeafClaimed", 2, ({ kind, value, quality }) => ({
        kind: Number(kind),
        value,
        quality,
      })),
    ]);
    const complete = from === first && voteProofs !== undefined && batchRewards !== undefined;
    return { found: all.flat().sort((a, b) => Number(a.day - b.day)), complete };
  }

  /** Only the account's own events are asked for, by the topic that names it. */
  async #events(
    address: string,
    abi: Interface,
    event: string,
    topic: number,
    account: string,
    from: number,
    to: number,
    kindOf: (args: any) => Omit<Counted, "day">,
  ): Promise<Counted[]> {
    const topics: (string | null)[] = [abi.getEvent(event)!.topicHash, null, null].slice(0, topic + 1);
    topics[topic] = zeroPadValue(account, 32);
    const found: Counted[] = [];
    for (let start = from; start <= to; start += SPAN) {
      const filter = { address, topics, fromBlock: toQuantity(start), toBlock: toQuantity(Math.min(to, start + SPAN - 1)) };
      const logs: { topics: string[]; data: string; blockNumber: string }[] = await this.#chain.provider.send("eth_getLogs", [
        filter,
      ]);
      for (const log of logs) {
        const block = await this.#chain.provider.send("eth_getBlockByNumber", [log.blockNumber, false]);
        found.push({ ...kindOf(abi.parseLog(log)!.args), day: dayOf(BigInt(block.timestamp)) });
      }
    }
    return found;
  }
}

function byKind(counted: readonly Counted[]): StatusAnswer["score_by_kind"] {
  return KINDS.flatMap((kind, index) => {
    const own = counted.filter((one) => one.kind === index);
    if (own.length === 0) return [];
    const score = own.reduce((sum, { value, quality }) => sum + (value * quality) / 10n ** 18n, 0n);
    return [{ kind, score: ftns(score), proofs: own.length }];
  });
}
