import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { EconomyParameters } from "../parameters.ts";
import { deployAccess } from "./Access.ts";
import { deployContributors } from "./Contributors.ts";
import { deployDesk } from "./Desk.ts";
import { nameDirectCallers } from "./DirectCallers.ts";
import { deployGovernance } from "./Governance.ts";
import { handOver } from "./Handover.ts";
import { nameOrdinaryCalls } from "./OrdinaryRules.ts";
import { deployKeepers } from "./Keepers.ts";
import { deployPrices, linkPrices } from "./Prices.ts";
import { deployStaking } from "./Staking.ts";
import { deploySupply } from "./Supply.ts";
import { deployToken } from "./Token.ts";
import { deployUsage } from "./Usage.ts";

const RECOGNISED = 1n;
const POOLED = 2n;
const EXEMPT = 3n;

export interface EconomyPlan {
  parameters: EconomyParameters;
  /** Protocol day 0 of the target curve. */
  launchDay: bigint;
  /** The account that sends the transactions. */
  deployer: string;
}

/**
 * The whole economy. Until its last transaction the deployer alone is in charge, because functions without a role belong to
 * the admin; that transaction assigns every role and takes the deployer's power, all at once.
 */
export function economy({ parameters, launchDay, deployer }: EconomyPlan) {
  return buildModule("Economy", (m) => {
    const access = deployAccess(m);
    const token = deployToken(m, access, parameters);
    const prices = deployPrices(m, access, parameters);
    const { supply, shadowed } = deploySupply(m, access, prices, launchDay, parameters);
    const contributors = deployContributors(m, access, token, parameters);
    const staking = deployStaking(m, access, token, contributors);

    const governance = deployGovernance(m, access, token, prices, supply, contributors, staking, parameters);

    const initialized = m.call(token.pool, "initialize", [token.token, supply.controller]);
    const pooled = m.call(token.token, "setAccountClass", [token.wrapper, POOLED], { id: "pooled" });
    const exempt = m.call(token.token, "setAccountClass", [staking.vault, EXEMPT], { id: "exempt" });
    const timelockExempt = m.call(token.token, "setAccountClass", [governance.timelock, EXEMPT], { id: "timelockExempt" });
    const voters = m.call(governance.breaker, "initialize", [governance.emergencyGovernor], { id: "breaker" });
    const keepers = deployKeepers(m, access, token, supply, governance, parameters, voters);
    const { desk, stocked } = deployDesk(m, access, token, prices, supply, governance, parameters);
    const usage = deployUsage(m, access, token, supply, contributors);
    const channelsPooled = m.call(token.token, "setAccountClass", [usage.usageChannels, POOLED], { id: "channelsPooled" });
    const royaltiesPooled = m.call(token.token, "setAccountClass", [usage.royaltyRoots, POOLED], { id: "royaltiesPooled" });
    const recognised = m.call(token.token, "setAccountClass", [usage.usageRouter, RECOGNISED], { id: "recognised" });
    const direct = nameDirectCallers(m, token, contributors, staking, governance, keepers, usage);
    const { reporterPay, linked: handingOver } = linkPrices(m, access, prices, token);
    const linked = m.call(contributors.registry, "setStakingVault", [staking.vault]);
    const bound = m.call(contributors.registry, "setVerifierStakes", [staking.verifierStakes]);

    const { medianFeed, ...others } = {
      ...access,
      ...token,
      ...prices,
      ...supply,
      ...contributors,
      ...staking,
      ...governance,
      ...keepers,
      ...usage,
    };
    const contracts = {
      ...others,
      ...(medianFeed === undefined ? {} : { medianFeed }),
      ...(reporterPay === undefined ? {} : { reporterPay }),
      ...(desk === undefined ? {} : { desk }),
    };
    const ordinary = nameOrdinaryCalls(m, contracts);
    const settings = [
      initialized,
      pooled,
      exempt,
      timelockExempt,
      voters,
      linked,
      bound,
      shadowed,
      channelsPooled,
      royaltiesPooled,
      recognised,
    ];
    handOver(m, contracts, parameters, deployer, [...settings, ...handingOver, ...stocked, ...direct, ...ordinary]);
    return contracts;
  });
}
