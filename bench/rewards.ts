// Old claims of rewards. The reference is the contributor's own transfer of what it was paid, in the same run.
import { benchChain, gasOf } from "./chain.ts";
import type { Row } from "./row.ts";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { economyOn, FTNS } from "../test/helpers/economy.ts";

const CLAIM_TYPES = {
  Claim: [
    { name: "account", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export async function rewardRows(): Promise<Row[]> {
  const chain = await benchChain();
  const { ethers } = chain.connection;
  const { manager, people, pool, token } = await economyOn(chain.connection);
  const [first, second, third] = people.users as [(typeof people.users)[0], (typeof people.users)[0], (typeof people.users)[0]];
  await manager.connect(people.admin).grantRole(ROLES.REWARDER, people.admin, 0);
  await manager.connect(people.admin).grantRole(ROLES.STAKING, people.admin, 0);
  for (const who of [first, second, third]) {
    await pool.connect(people.admin).reward(who, 0n, 1_000_000n * FTNS, 1n);
    await token.connect(people.treasury).transfer(who, FTNS);
  }
  await token.connect(people.treasury).transfer(pool, 1_000_000n * FTNS);
  await chain.passDays(1);
  for (const who of [first, second, third, people.treasury]) await token.settle(who);

  const rows: Row[] = [];
  const reference = "transfer of the same (measured)";
  const referenceGas = await gasOf(token.connect(first).transfer(second, FTNS / 2n));
  const add = (name: string, gas: bigint) => rows.push({ name, gas, reference, referenceGas });
  add("pool.claim.firstOfDay", await gasOf(pool.connect(first).claim()));
  // The day has its counters from now on: one yield, one claim.
  await pool.connect(people.admin).payYield(first, 0n, FTNS);
  add("pool.claim", await gasOf(pool.connect(second).claim()));
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { name: "FTNS RewardPool", version: "1", chainId, verifyingContract: await pool.getAddress() };
  const deadline = 2n ** 40n;
  const signature = await third.signTypedData(domain, CLAIM_TYPES, { account: third.address, nonce: 0n, deadline });
  add("pool.claimFor", await gasOf(pool.connect(first).claimFor(third, deadline, signature)));
  return rows;
}
