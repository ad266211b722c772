// What parameters allow and should not surprise anybody: powers that lie in one hand, so that the checks between them check nothing.
import { getAddress, isAddress } from "ethers";
import type { EconomyParameters } from "./parameters.ts";

/** Sentences for a person; parameters that are refused anyway may give fewer. */
export function warningsOf(parameters: EconomyParameters, deployer?: string): string[] {
  return [...sharedKeys(parameters, deployer), ...namedRulers(parameters), ...thinQuorums(parameters)];
}

/** Accounts that can do more than one thing. */
function sharedKeys(parameters: EconomyParameters, deployer: string | undefined): string[] {
  const { guardian, admin, governor, breaker, treasury, verifiers, priceFeed } = parameters;
  const reporters = priceFeed.kind === "median" ? priceFeed.reporters : [];
  const powers = new Map<string, string[]>();
  const give = (account: string | undefined, power: string) => {
    if (account === undefined || !isAddress(account)) return;
    const key = getAddress(account);
    powers.set(key, [...(powers.get(key) ?? []), power]);
  };
  give(treasury, "holds the whole supply at launch, and so all votes");
  give(guardian, "is the guardian");
  give(admin, "administers the roles");
  give(governor, "sets all parameters");
  give(breaker, "can halt transfers");
  for (const verifier of verifiers) give(verifier, "verifies proofs");
  for (const reporter of reporters) give(reporter, "reports prices");
  if (powers.has(deployer === undefined ? "" : getAddress(deployer)))
    give(deployer, "pays for the deployment with a key that is online");
  return [...powers]
    .filter(([, held]) => held.length > 1)
    .map(([account, held]) => `one hand: ${account} ${listed(held)}. Whoever has this key has all of that.`);
}

/** Accounts in place of the voters. */
function namedRulers({ admin, governor, breaker }: EconomyParameters): string[] {
  return [
    ...(admin === undefined
      ? []
      : [`admin: ${admin} can give itself every role, and the voters none. Leave the line out for the voters.`]),
    ...(governor === undefined
      ? []
      : [`governor: ${governor} sets every parameter in place of the voters. Leave the line out for them.`]),
    ...(breaker === undefined ? [] : [`breaker: ${breaker} can halt transfers without a vote, whenever it wants.`]),
  ];
}

/** Quorums that a single loss blocks. */
function thinQuorums({ verifiers, attestationThreshold, priceFeed }: EconomyParameters): string[] {
  const warnings: string[] = [];
  if (BigInt(verifiers.length) === attestationThreshold) {
    warnings.push(`verifiers: all ${verifiers.length} must sign each proof, so no proof passes while one of them is away.`);
  }
  if (priceFeed.kind === "median" && BigInt(priceFeed.reporters.length) === priceFeed.quorum) {
    warnings.push(
      `priceFeed: all ${priceFeed.quorum} reporters are needed for a round, so there is no price while one of them is away.`,
    );
  }
  return warnings;
}

function listed(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
