/** What a table of words looks like, and how values stand in them. */
import type { abis } from "../contracts.ts";
import type { CONTRACTS } from "../economy.ts";
import type { ErrorsOf, OutputObject } from "../typed/abi.ts";
import { ACTIONS, TIER_NAMES, TRIGGERS } from "@ftns/model";
import { FTNS_DECIMALS, formatDecimal, formatDuration, formatPercent, formatTime } from "../units.ts";

type AnyError = { [Name in keyof typeof abis]: ErrorsOf<(typeof abis)[Name]> }[keyof typeof abis];

type NamesOf<Contract extends string> = `${Contract}.${AnyError["name"]}`;

/**
 * Error -> its words, made of its values: what is the matter, then what to do about it. Errors of one name that mean
 * different things in two contracts stand there as `Contract.Error` too; the plain name is for when the contract is not known.
 */
export type Meanings = { readonly [E in AnyError as E["name"]]?: (values: OutputObject<E["inputs"]>) => string } & {
  readonly [Name in NamesOf<(typeof CONTRACTS)[keyof typeof CONTRACTS]>]?: (values: any) => string;
};

// Short, for they stand in the middle of sentences.

/** USD, 8 decimals. */
export const usd = (amount: bigint) => `${formatDecimal(amount, 8)} USD`;
/** FTNS, 18 decimals, to the last digit: the last one may be what is missing. */
export const ftns = (amount: bigint) => `${formatDecimal(amount, FTNS_DECIMALS, FTNS_DECIMALS)} FTNS`;
/** A ratio or rate (WAD). */
export const percent = formatPercent;
/** A factor (WAD). */
export const factor = (wad: bigint) => formatDecimal(wad, 18, 6);
/** Chain time (seconds). */
export const at = formatTime;
/** Seconds. */
export const span = formatDuration;

export const triggerOf = (kind: bigint) => TRIGGERS[Number(kind)] ?? `trigger ${kind}`;
export const actionOf = (action: bigint) => ACTIONS[Number(action)] ?? `action ${action}`;
export const tierOf = (tier: bigint) => TIER_NAMES[Number(tier)] ?? `tier ${tier}`;
/** Proposal ids are 77 digits long; their end is enough to tell them apart. */
export const shortId = (proposalId: bigint) => `...${proposalId.toString().slice(-8)}`;
/** Hashes likewise. */
export const shortHash = (hash: string) => `${hash.slice(0, 10)}...`;

/** A name that a contract keeps as text in 32 bytes. */
export function nameIn(bytes32: string): string {
  const bytes = (bytes32.slice(2).match(/../g) ?? []).map((hex) => Number.parseInt(hex, 16));
  const end = bytes.indexOf(0);
  const text = String.fromCharCode(...(end < 0 ? bytes : bytes.slice(0, end)));
  return /^[\x20-\x7e]+$/.test(text) ? text : bytes32;
}
