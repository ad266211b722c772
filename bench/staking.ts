// Staking, beside the shape of Synthetix' StakingRewards and OpenZeppelin's ERC20Votes in the same run: a plain token is
// staked there, without votes or tiers.
import { benchChain, gasOf } from "./chain.ts";
import type { Row } from "./row.ts";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { economyOn, FTNS } from "../test/helpers/economy.ts";
import { attest } from "../test/helpers/sign.ts";

const WAD = 10n ** 18n;
const PEER = "Synthetix' StakingRewards in the same run";
const STAKE = 1_000n * FTNS;

/** Contributors who have staked before anyone is measured, so that totals and budgets are as in any running economy. */
async function world() {
  const chain = await benchChain();
  const economy = await economyOn(chain.connection);
  const { people, vault, token, registry } = economy;
  const [measured, other, passive, next] = people.users as [
    (typeof people.users)[0],
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
  for (const who of [measured, other, passive, next]) {
    await token.connect(people.treasury).transfer(who, 10n * STAKE);
    await token.connect(who).approve(vault, unlimited);
  }
  for (const who of [measured, other, next]) await prove(who);
  await token.connect(people.treasury).transfer(economy.pool, 10_000n * FTNS);
  await vault.connect(other).stake(STAKE);
  await chain.passDays(1);
  for (const who of [measured, other, passive, next, people.treasury]) await token.settle(who);
  return { chain, ...economy, measured, passive, next, treasury: people.treasury };
}

/** The same acts in the same state at the peer: what each costs. */
async function peer() {
  const chain = await benchChain();
  const { ethers, networkHelpers } = chain.connection;
  const [owner, measured, other] = await ethers.getSigners();
  const token = await ethers.deployContract("PlainERC20", [owner!, 1_000_000n * FTNS]);
  const rewards = await ethers.deployContract("PlainERC20", [owner!, 1_000_000n * FTNS]);
  const staking = await ethers.deployContract("PlainStaking", [rewards, token]);
  await rewards.transfer(staking, 10_000n * FTNS);
  await rewards.transfer(measured!, FTNS); // a claim comes to who has some already, as below
  for (const who of [measured!, other!]) {
    await token.transfer(who, 10n * STAKE);
    await token.connect(who).approve(staking, 2n ** 256n - 1n);
  }
  await staking.connect(other!).stake(STAKE);
  await staking.notifyRewardAmount(10_000n * FTNS);
  const mine = staking.connect(measured!);
  const { time } = networkHelpers;
  await time.increase(3_600);
  await staking.connect(other!).getReward(); // so that its totals are as in any running pool
  await time.increase(3_600);
  const first = await gasOf(mine.stake(STAKE));
  await time.increase(3_600);
  await mine.getReward();
  await time.increase(3_600);
  const getReward = await gasOf(mine.getReward());
  await time.increase(3_600);
  await mine.stake(STAKE);
  await time.increase(3_600);
  const topUp = await gasOf(mine.stake(STAKE));
  await time.increase(3_600);
  const withdraw = await gasOf(mine.withdraw(STAKE));
  return { first, getReward, topUp, withdraw };
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
  const plain = await peer();
  const add = (name: string, gas: bigint, call: keyof typeof plain, goal?: number) =>
    rows.push({
      name,
      gas,
      reference: `${PEER}: ${call} (measured)`,
      referenceGas: plain[call],
      ...(goal === undefined ? {} : { goal }),
    });

  const { chain, vault, token, measured, passive, next, treasury } = await world();
  const mine = vault.connect(measured);
  const { time } = chain.connection.networkHelpers;
  // Every other change of all votes begins a slot, and the one after it fills it up (see VoteTrace): one of each.
  const beginsSlot = await gasOf(mine.stake(STAKE));
  const fillsSlot = await gasOf(vault.connect(next).stake(STAKE));
  add("stake.first", (beginsSlot + fillsSlot) / 2n, "first", 1.1);
  add("stake.first.beginsSlot", beginsSlot, "first");
  await time.increase(3_600);
  await mine.claim();
  await time.increase(3_600);
  const claim = await gasOf(mine.claim());
  add("claim", claim, "getReward");
  rows.push({ name: "claim.steady", gas: claim, reference: "the goal: 78,000 gas", referenceGas: 78_000n, goal: 1 });
  // A day later fees have come in, which the pool takes over first.
  await chain.passDays(1);
  for (const who of [measured, treasury]) await token.settle(who);
  add("claim.withFees", await gasOf(mine.claim()), "getReward");
  await mine.stake(STAKE);
  await time.increase(3_600);
  add("stake.topUp", await gasOf(mine.stake(STAKE)), "topUp");
  await time.increase(3_600);
  add("requestUnstake", await gasOf(mine.requestUnstake(STAKE)), "withdraw");
  rows.push({
    name: "delegate",
    gas: await gasOf(mine.delegate(passive)),
    reference: "OpenZeppelin ERC20Votes 5.7 delegate (quoted)",
    referenceGas: 95_654n,
  });
  await chain.passDays(8);
  await token.settle(measured);
  add("withdraw", await gasOf(mine.withdraw()), "withdraw");
  // Tier and commitment end 30 and 44 days after the proof.
  await chain.passDays(50);
  await token.settle(measured);
  add("claim.tierEnded", await gasOf(mine.claim()), "getReward");
  add("claim.minting", await mintingClaim(), "getReward");
  return rows;
}
