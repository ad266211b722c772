// Staking. The references are the quoted figures of Synthetix StakingRewards, which has neither votes nor tiers.
import { benchChain, gasOf } from "./chain.ts";
import type { Row } from "./row.ts";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { economyOn, FTNS } from "../test/helpers/economy.ts";
import { attest } from "../test/helpers/sign.ts";

const WAD = 10n ** 18n;
const PEER = "Synthetix StakingRewards";
const STAKE = 1_000n * FTNS;

/** Contributors who have staked before anyone is measured, so that totals and budgets are as in any running economy. */
async function world() {
  const chain = await benchChain();
  const economy = await economyOn(chain.connection);
  const { people, vault, token, registry } = economy;
  const [measured, other, passive] = people.users as [
    (typeof people.users)[0],
    (typeof people.users)[0],
    (typeof people.users)[0],
  ];
  const { chainId } = await chain.connection.ethers.provider.getNetwork();
  let proofs = 0;
  const prove = async (who: typeof measured) => {
    const now = BigInt(await chain.connection.networkHelpers.time.latest());
    const contribution = {
      contributor: who.address,
      kind: 1n,
      proofHash: chain.connection.ethers.id(`staking ${proofs++}`),
      units: 2_000n * WAD,
      quality: WAD,
      confidence: WAD,
      impact: WAD,
      observedAt: now - 60n,
      expiresAt: now + 86_400n,
      evidenceRoot: chain.connection.ethers.id("manifest"),
      evidenceURI: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
    };
    const place = { chainId, verifyingContract: await registry.getAddress() };
    const attestations = await attest(people.verifiers.slice(0, 2), contribution, place);
    return registry.connect(who).submit(contribution, attestations, []);
  };
  const unlimited = 2n ** 256n - 1n;
  for (const who of [measured, other, passive]) {
    await token.connect(people.treasury).transfer(who, 10n * STAKE);
    await token.connect(who).approve(vault, unlimited);
  }
  for (const who of [measured, other]) await prove(who);
  await token.connect(people.treasury).transfer(economy.pool, 10_000n * FTNS);
  await vault.connect(other).stake(STAKE);
  await chain.passDays(1);
  for (const who of [measured, other, passive, people.treasury]) await token.settle(who);
  return { chain, ...economy, measured, passive, treasury: people.treasury };
}

/** A claim out of an empty pool, the first of its day to mint. */
async function mintingClaim(): Promise<bigint> {
  const { chain, vault, token, pool, manager, people, measured, passive, treasury } = await world();
  const mine = vault.connect(measured);
  await mine.stake(STAKE);
  await chain.passDays(1);
  for (const who of [measured, passive, treasury]) await token.settle(who);
  await mine.claim();
  await manager.connect(people.admin).grantRole(ROLES.STAKING, people.admin, 0);
  await chain.passDays(1);
  for (const who of [measured, passive, treasury]) await token.settle(who);
  // So large a share that today's yield may empty the pool.
  await pool.connect(people.governor).setShares((WAD * 8n) / 10n, 0n, 0n);
  await pool.connect(people.admin).payYield(treasury, 0n, await token.balanceOf(pool));
  const claimed = mine.claim();
  const minted = (await (await claimed).wait())!.logs
    .map((log) => pool.interface.parseLog(log))
    .find((log) => log?.name === "YieldPaid");
  if (minted === undefined || minted?.args.minted === 0n) throw new Error("the claim minted nothing");
  return gasOf(claimed);
}

export async function stakingRows(): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (name: string, gas: bigint, call: string, referenceGas: bigint, goal?: number) =>
    rows.push({ name, gas, reference: `${PEER} ${call} (quoted)`, referenceGas, ...(goal === undefined ? {} : { goal }) });

  const { chain, vault, token, measured, passive, treasury } = await world();
  const mine = vault.connect(measured);
  const { time } = chain.connection.networkHelpers;
  add("stake.first", await gasOf(mine.stake(STAKE)), "stake", 120_636n, 1.1);
  await time.increase(3_600);
  await mine.claim();
  await time.increase(3_600);
  add("claim", await gasOf(mine.claim()), "getReward", 76_432n, 1.1);
  // A day later fees have come in, which the pool takes over first.
  await chain.passDays(1);
  for (const who of [measured, treasury]) await token.settle(who);
  add("claim.withFees", await gasOf(mine.claim()), "getReward", 76_432n);
  await mine.stake(STAKE);
  await time.increase(3_600);
  add("stake.topUp", await gasOf(mine.stake(STAKE)), "stake, top-up", 89_281n);
  await time.increase(3_600);
  add("requestUnstake", await gasOf(mine.requestUnstake(STAKE)), "withdraw", 84_584n);
  rows.push({
    name: "delegate",
    gas: await gasOf(mine.delegate(passive)),
    reference: "OpenZeppelin ERC20Votes 5.7 delegate (quoted)",
    referenceGas: 95_654n,
  });
  await chain.passDays(8);
  await token.settle(measured);
  add("withdraw", await gasOf(mine.withdraw()), "withdraw", 84_584n);
  // Tier and commitment end 30 and 44 days after the proof.
  await chain.passDays(50);
  await token.settle(measured);
  add("claim.tierEnded", await gasOf(mine.claim()), "getReward", 76_432n);
  add("claim.minting", await mintingClaim(), "getReward", 76_432n);
  return rows;
}
