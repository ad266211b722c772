// What an ordinary vote may do. This table is the only description of it: the deployment makes it so, and the verification
// holds the chain against it. Everything else takes a constitutional vote.
import { interfaces } from "@ftns/sdk/contracts.ts";
import type { EconomyName } from "@ftns/sdk/economy.ts";
import { ZeroAddress, type Interface } from "ethers";

/** In the order of the contract's `Bound`. */
export const BOUND = { never: 0n, always: 1n, lowering: 2n, spending: 3n, soon: 4n } as const;

/** What every economy has, whatever its feed; a desk only where the treasury runs one. */
type Named = Exclude<EconomyName, "feed" | "reporterPay">;

export interface OrdinaryCall {
  contract: Named;
  call: string;
  bound: keyof typeof BOUND;
  /** Number of the argument that is limited. */
  argument?: number;
  /** lowering: the view that tells the value of now. */
  current?: string;
  /** spending: the token of which the argument is an amount. */
  asset?: "token" | "wrapper";
  /** For people. */
  why: string;
}

export const ORDINARY: readonly OrdinaryCall[] = [
  { contract: "registry", call: "setBaseRate", bound: "always", why: "base rates, within the registry's bounds" },
  {
    contract: "token",
    call: "setParameters",
    bound: "always",
    why: "demurrage's rates and modifiers, within the token's bounds",
  },
  { contract: "breaker", call: "setSupportShare", bound: "always", why: "shares of support, within the breaker's bounds" },
  { contract: "breaker", call: "impose", bound: "always", why: "an action of the closed list; it ends by itself" },
  { contract: "breaker", call: "end", bound: "always", why: "the end of an action" },
  { contract: "breaker", call: "rearmGuardian", bound: "always", why: "one more bridge of six hours" },
  {
    contract: "pool",
    call: "setEmissionShare",
    bound: "lowering",
    argument: 0,
    current: "emissionShare",
    why: "lower emissions, not higher ones",
  },
  { contract: "contextPrices", call: "setBases", bound: "always", why: "prices of use, within their bounds" },
  { contract: "contextPrices", call: "setContextMultiplier", bound: "always", why: "prices of use, within their bounds" },
  { contract: "contextPrices", call: "setPlans", bound: "always", why: "plans of use, within their bounds" },
  {
    contract: "desk",
    call: "setDayShare",
    bound: "lowering",
    argument: 0,
    current: "dayShare",
    why: "less trade of the treasury's desk, or none",
  },
  // With the support of a constitutional vote, and an ordinary one's delay: who lies goes on lying until then.
  { contract: "verifierStakes", call: "slash", bound: "soon", why: "a verifier that lied" },
  { contract: "registry", call: "removeVerifier", bound: "soon", why: "a verifier that lied" },
  { contract: "rewardVesting", call: "uphold", bound: "soon", why: "a challenge of a proof" },
  { contract: "rewardVesting", call: "upholdBatch", bound: "soon", why: "a challenge of a batch" },
  { contract: "rewardVesting", call: "cancel", bound: "soon", why: "a false proof that nobody challenged" },
  { contract: "rewardVesting", call: "reject", bound: "soon", why: "a reward that waits for nothing" },
  { contract: "rewardVesting", call: "rejectBatch", bound: "soon", why: "a batch that waits for nothing" },
  { contract: "batchRewards", call: "end", bound: "soon", why: "a batch that is false" },
  { contract: "token", call: "transfer", bound: "spending", argument: 1, asset: "token", why: "what the treasury gives" },
  { contract: "wrapper", call: "deposit", bound: "spending", argument: 0, asset: "token", why: "FTNS wrapped to be given" },
  { contract: "wrapper", call: "transfer", bound: "spending", argument: 1, asset: "wrapper", why: "wFTNS given" },
];

/** Selector and rule as the contract takes them. `addressOf` knows the assets. */
export function ruleOf<T>(
  { contract, call, bound, argument = 0, current, asset }: OrdinaryCall,
  addressOf: (asset: "token" | "wrapper") => T,
) {
  const abi: Interface = interfaces[contract]();
  const selectorOf = (name: string): string => {
    const found = abi.getFunction(name);
    if (found === null) throw new Error(`${contract} has no function ${name}: correct deploy/ordinary.ts`);
    return found.selector;
  };
  return {
    selector: selectorOf(call),
    rule: {
      bound: BOUND[bound],
      argument,
      current: current === undefined ? "0x00000000" : selectorOf(current),
      asset: asset === undefined ? ZeroAddress : addressOf(asset),
    },
  };
}
