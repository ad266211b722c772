import { CONTRIBUTORS } from "./contributors.ts";
import { GOVERNANCE } from "./governance.ts";
import { KEEPERS } from "./keepers.ts";
import { MARKET } from "./market.ts";
import type { Meanings } from "./meanings.ts";
import { OPENZEPPELIN } from "./openzeppelin.ts";
import { PRICES } from "./prices.ts";
import { REWARDS } from "./rewards.ts";
import { SAFETY } from "./safety.ts";
import { STAKING } from "./staking.ts";
import { SUPPLY } from "./supply.ts";
import { TOKEN } from "./token.ts";
import { USAGE } from "./usage.ts";
import { VERIFIERS } from "./verifiers.ts";
import { VESTING } from "./vesting.ts";

/** All tables, by concept; an error has its words in one of them. */
export const TABLES: readonly Meanings[] = [
  TOKEN,
  CONTRIBUTORS,
  VERIFIERS,
  VESTING,
  USAGE,
  REWARDS,
  STAKING,
  PRICES,
  SUPPLY,
  MARKET,
  KEEPERS,
  SAFETY,
  GOVERNANCE,
  OPENZEPPELIN,
];

/** What each custom error means, and what to do about it: `Error`, or `Contract.Error` where one name means two things. */
export const MEANINGS: Readonly<Record<string, (values: any) => string>> = Object.assign({}, ...TABLES);
