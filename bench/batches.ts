// Claims of leaves of batches: an account that contributes daily, with a tier, in a tree of 131,072 leaves (17 hashes).
import { concat, id, keccak256, type ContractTransactionResponse } from "ethers";
import { attestBatch, hashLeaf, type Batch, type BatchLeaf } from "@ftns/sdk/signing.ts";
import { benchChain, gasOf } from "./chain.ts";
import type { Row } from "./row.ts";
import { economyOn, FTNS, parametersOf } from "../test/helpers/economy.ts";
import { LOCK, lockStake } from "../test/verifiers/fixture.ts";

const HASHES = 17;
const UNISWAP = "Uniswap MerkleDistributor claim, 17 hashes (measured before)";
const UNISWAP_GAS = 60_918n;

/** A way to a root with siblings that nobody is: what a claim sees of a tree. */
function wayOf(leaf: BatchLeaf, salt: string): { root: string; path: string[] } {
  const path = Array.from({ length: HASHES }, (_, i) => id(`${salt} ${i}`));
  const root = path.reduce((node, sibling) => {
    return keccak256(BigInt(node) < BigInt(sibling) ? concat([node, sibling]) : concat([sibling, node]));
  }, hashLeaf(leaf));
  return { root, path };
}

export async function batchRows(): Promise<Row[]> {
  const chain = await benchChain();
  const { connection } = chain;
  const economy = await economyOn(connection, parametersOf, { bound: true });
  const { people, batchRewards, token } = economy;
  for (const verifier of people.verifiers) await lockStake(economy, verifier, LOCK);
  await token.connect(people.treasury).transfer(economy.addresses.pool, 1_000_000n * FTNS);
  const { chainId } = await connection.ethers.provider.getNetwork();
  const place = { chainId, verifyingContract: economy.addresses.batchRewards };
  const [contributor, , starter] = people.users as [(typeof people.users)[0], (typeof people.users)[0], (typeof people.users)[0]];
  const { time } = connection.networkHelpers;

  let made = 0;
  const accept = async (account: string) => {
    const leaf = { account, kind: 1n, value: 140n * FTNS, quality: 9n * 10n ** 17n, digest: id(`digest ${made}`) };
    const { root, path } = wayOf(leaf, `batch ${made++}`);
    const now = BigInt(await time.latest());
    const batch: Batch = {
      root,
      total: 7_000n * FTNS,
      week: (now - 7_200n) / 604_800n - 1n,
      leaves: 131_072n,
      expiresAt: now + 86_400n,
      evidenceURI: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
    };
    const gas = await gasOf(batchRewards.accept(batch, await attestBatch(people.verifiers.slice(0, 2), place, batch)));
    const { kind, value, quality, digest } = leaf;
    return { gas, account, claim: { number: await batchRewards.batches(), kind, value, quality, digest, path } };
  };
  type Accepted = Awaited<ReturnType<typeof accept>>;
  const claim = async (...of: Accepted[]): Promise<ContractTransactionResponse> => {
    const account = [contributor, starter].find(({ address }) => address === of[0]!.account)!;
    return batchRewards.connect(account).claim(of.map(({ claim }) => claim));
  };

  // As it is after some months: a tier, claims each week, and somebody else who has claimed on that day. The registry's ring has 32 days.
  const of = async (account: string, count: number) => {
    const all: Accepted[] = [];
    for (let i = 0; i < count; i++) all.push(await accept(account));
    return all;
  };
  const mine = await of(contributor.address, 4);
  const others = await of(starter.address, 3);
  for (const days of [7, 7, 18]) {
    await chain.passDays(days);
    await claim(mine.pop()!);
  }
  const [fresh, ...more] = await of(contributor.address, 4);
  await chain.passDays(7);
  await claim(others.pop()!);
  const alone = await gasOf(claim(fresh!));
  await chain.passDays(7);
  await claim(others.pop()!);
  const together = await gasOf(claim(...more));
  const claimed = { reference: UNISWAP, referenceGas: UNISWAP_GAS };
  return [
    { name: "batch.accept", gas: fresh!.gas, ...claimed },
    { name: "batch.claim", gas: alone, ...claimed, goal: 1.363 }, // 83,000
    { name: "batch.claimNext", gas: (together - alone) / 2n, ...claimed, goal: 0.935 }, // 57,000
  ];
}
