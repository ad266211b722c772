import type { Connection } from "@ftns/deploy/connection.ts";
import { deployEconomy } from "@ftns/deploy/economy.ts";
import { connectEconomy, type EconomyContracts as Contracts } from "@ftns/sdk/contracts.ts";
import { connectContract } from "@ftns/sdk/typed/contract.ts";
import { ContractFactory, VoidSigner, ZeroAddress, parseEther, type JsonRpcProvider } from "ethers";
import { artifacts } from "hardhat";
import type { Actor } from "../chain/actor.ts";
import type { Cast } from "./cast.ts";
import { type DemoDollar, type DemoPool, dollarAbi, poolAbi } from "./pool.ts";

/** The deployed contracts, read through the local chain's RPC. */
export interface Economy {
  readonly provider: JsonRpcProvider;
  readonly chainId: number;
  readonly token: Contracts["token"];
  readonly wrapped: Contracts["wrapper"];
  readonly registry: Contracts["registry"];
  readonly rewardPool: Contracts["pool"];
  readonly feed: Contracts["medianFeed"];
  readonly history: Contracts["history"];
  readonly controller: Contracts["controller"];
  readonly pathPolicy: Contracts["pathPolicy"];
  readonly vault: Contracts["vault"];
  readonly governor: Contracts["governor"];
  readonly proposalDeposits: Contracts["proposalDeposits"];
  readonly voteProofs: Contracts["voteProofs"];
  readonly breaker: Contracts["breaker"];
  readonly emergencyGovernor: Contracts["emergencyGovernor"];
  readonly keeperJobs: Contracts["keeperJobs"];
  /** The demo's own: an AMM between wFTNS and play dollars. */
  readonly dollar: DemoDollar;
  readonly amm: DemoPool;
  readonly addresses: {
    readonly token: string;
    readonly wrapped: string;
    readonly rewardPool: string;
    readonly registry: string;
    readonly feed: string;
    readonly history: string;
    readonly controller: string;
    readonly vault: string;
    readonly breaker: string;
    readonly governor: string;
    readonly proposalDeposits: string;
    readonly voteProofs: string;
    readonly emergencyGovernor: string;
    readonly keeperJobs: string;
    readonly amm: string;
  };
  /** Name and address of everything deployed, for people. */
  readonly contracts: readonly { readonly name: string; readonly address: string }[];
  /** Protocol day of the launch. */
  readonly launchDay: number;
  readonly launchSupply: bigint;
  /** Demurrage takes the balance of an account in grace not below this. */
  readonly graceAllowance: bigint;
  readonly fromBlock: number;
}

export const LAUNCH_SUPPLY = parseEther("100000000");
/** What each verifier locks: it may vouch for a tenth of it in a day. Together with the voters' it stays below the million that counts at least. */
const VERIFIER_LOCK = parseEther("200000");
const QUORUM = 3n;
const ATTESTATION_THRESHOLD = 2n;

/**
 * Deploys everything by the one deployment path, which leaves all power with the voters, then the demo's pool.
 * `provider` reads the same chain over RPC.
 */
export async function launchEconomy(
  connection: Connection,
  provider: JsonRpcProvider,
  chainId: number,
  cast: Cast,
): Promise<Economy> {
  const addressesOf = (actors: readonly Actor[]) => actors.map((actor) => actor.address);
  const deployed = await deployEconomy(connection, {
    chainId: BigInt(chainId),
    treasury: cast.treasury.address,
    initialSupply: LAUNCH_SUPPLY,
    verifiers: addressesOf(cast.verifiers),
    attestationThreshold: ATTESTATION_THRESHOLD,
    priceFeed: { kind: "median", description: "FTNS / USD", reporters: addressesOf(cast.reporters), quorum: QUORUM },
    launchDay: "today",
  });

  const reader = new VoidSigner(ZeroAddress, provider);
  const contracts = connectEconomy(deployed.addresses, reader);
  const { token, wrapper, registry, pool, medianFeed, history, controller, pathPolicy, vault } = contracts;
  const { governor, proposalDeposits, voteProofs, breaker, emergencyGovernor, keeperJobs } = contracts;
  const dollarAddress = await deploy(cast.admin, "DemoDollar", []);
  const ammAddress = await deploy(cast.admin, "DemoPool", [deployed.addresses.wrapper, dollarAddress]);
  for (const verifier of cast.verifiers) await lockStake(contracts, cast.treasury, verifier);
  const at = deployed.addresses;
  return {
    provider,
    chainId,
    token,
    wrapped: wrapper,
    registry,
    rewardPool: pool,
    feed: medianFeed,
    history,
    controller,
    pathPolicy,
    vault,
    governor,
    proposalDeposits,
    voteProofs,
    breaker,
    emergencyGovernor,
    keeperJobs,
    dollar: connectContract(dollarAbi, dollarAddress, reader),
    amm: connectContract(poolAbi, ammAddress, reader),
    addresses: {
      token: at.token,
      wrapped: at.wrapper,
      rewardPool: at.pool,
      registry: at.registry,
      feed: at.feed,
      history: at.history,
      controller: at.controller,
      vault: at.vault,
      breaker: at.breaker,
      governor: at.governor,
      proposalDeposits: at.proposalDeposits,
      voteProofs: at.voteProofs,
      emergencyGovernor: at.emergencyGovernor,
      keeperJobs: at.keeperJobs,
      amm: ammAddress,
    },
    contracts: [
      { name: "FTNSToken", address: at.token },
      { name: "WrappedFTNS", address: at.wrapper },
      { name: "ContributorRegistry", address: at.registry },
      { name: "VerifierStakes", address: at.verifierStakes },
      { name: "BatchRewards", address: at.batchRewards },
      { name: "RewardVesting", address: at.rewardVesting },
      { name: "RewardPool", address: at.pool },
      { name: "MedianFeed", address: at.feed },
      { name: "PriceHistory", address: at.history },
      { name: "SupplyController", address: at.controller },
      { name: "RoadmapPolicy", address: at.roadmapPolicy },
      { name: "PathPolicy", address: at.pathPolicy },
      { name: "StakingVault", address: at.vault },
      { name: "FTNSGovernor", address: at.governor },
      { name: "VoteProofs", address: at.voteProofs },
      { name: "FTNSTimelock", address: at.timelock },
      { name: "OrdinaryCalls", address: at.ordinaryCalls },
      { name: "ProposalDeposits", address: at.proposalDeposits },
      { name: "CircuitBreaker", address: at.breaker },
      { name: "EmergencyGovernor", address: at.emergencyGovernor },
      { name: "KeeperJobs", address: at.keeperJobs },
      { name: "FTNSAccessManager", address: at.manager },
      { name: "DemoPool (demo only)", address: ammAddress },
      { name: "DemoDollar (demo only)", address: dollarAddress },
    ],
    launchDay: Number(await controller.launchDay()),
    launchSupply: LAUNCH_SUPPLY,
    graceAllowance: await token.GRACE_ALLOWANCE(),
    fromBlock: deployed.fromBlock,
  };
}

/** Gives `verifier` what it answers with, and has it lock that: its word counts from then on. */
async function lockStake({ token, vault, verifierStakes }: Contracts, treasury: Actor, verifier: Actor): Promise<void> {
  await treasury.send(token.transfer.populateTransaction(verifier.address, VERIFIER_LOCK));
  await verifier.send(token.approve.populateTransaction(vault, VERIFIER_LOCK));
  await verifier.send(vault.stake.populateTransaction(VERIFIER_LOCK));
  await verifier.send(vault.lock.populateTransaction(verifierStakes, VERIFIER_LOCK));
}

/** Deploys a contract that only the demo needs. */
async function deploy(actor: Actor, name: "DemoDollar" | "DemoPool", args: readonly unknown[]): Promise<string> {
  const { abi, bytecode } = await artifacts.readArtifact(name);
  const receipt = await actor.send(new ContractFactory([...abi], bytecode).getDeployTransaction(...args));
  return receipt.contractAddress!;
}
