/** What happened to an account: the changes of its balance, found on the chain itself. */
import type { Provider } from "ethers";
import type { EconomyAddresses } from "../economy.ts";
import { type BalanceChange, changesOf } from "../explain/changes.ts";
import { connectContract } from "../typed/contract.ts";
import { ftnsTokenAbi } from "../abi/index.ts";

/** A change of a balance with when and where it happened. */
export interface DatedChange extends BalanceChange {
  readonly transaction: string;
  readonly blockNumber: number;
  /** Time of the block (seconds). */
  readonly timestamp: bigint;
}

/** Nodes refuse to look through too many blocks at once; ranges are halved down to this. */
const SMALLEST_RANGE = 16;
const FIRST_RANGE = 10_000;

/** The last block that is not later than `timestamp`; undefined if the first one is. */
export async function blockAt(provider: Provider, timestamp: bigint, first = 0): Promise<number | undefined> {
  const timeOf = async (number: number) => {
    const block = await provider.getBlock(number);
    if (block === null) throw new TypeError(`the node does not show block ${number}; ask one that keeps the whole chain`);
    return BigInt(block.timestamp);
  };
  if ((await timeOf(first)) > timestamp) return undefined;
  let low = first;
  let high = await provider.getBlockNumber();
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((await timeOf(middle)) <= timestamp) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The changes in one transaction; undefined if the chain has none with this hash. */
export async function changesIn(
  provider: Provider,
  addresses: EconomyAddresses,
  account: string,
  hash: string,
): Promise<DatedChange[] | undefined> {
  const [receipt, sent] = await Promise.all([provider.getTransactionReceipt(hash), provider.getTransaction(hash)]);
  if (receipt === null) return undefined;
  const block = await provider.getBlock(receipt.blockNumber);
  const about = { transaction: hash, blockNumber: receipt.blockNumber, timestamp: BigInt(block?.timestamp ?? 0) };
  return changesOf(addresses, account, receipt, sent ?? undefined).map((change) => ({ ...change, ...about }));
}

/** The changes in the blocks `from` to `to`, both included, oldest first. */
export async function changesBetween(
  provider: Provider,
  addresses: EconomyAddresses,
  account: string,
  { from, to }: { from: number; to: number },
): Promise<DatedChange[]> {
  const token = connectContract(ftnsTokenAbi, addresses.token, provider);
  const hashes: string[] = [];
  for (let start = from, size = FIRST_RANGE; start <= to; ) {
    const end = Math.min(to, start + size - 1);
    try {
      const found = await Promise.all([
        token.queryFilter(token.filters.Transfer(account), start, end),
        token.queryFilter(token.filters.Transfer(null, account), start, end),
      ]);
      const logs = found.flat().sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
      hashes.push(...logs.map(({ transactionHash }) => transactionHash));
      start = end + 1;
    } catch (error) {
      if (size <= SMALLEST_RANGE) throw error;
      size = Math.floor(size / 2);
    }
  }
  const changes: DatedChange[] = [];
  for (const hash of new Set(hashes)) changes.push(...((await changesIn(provider, addresses, account, hash)) ?? []));
  return changes;
}
