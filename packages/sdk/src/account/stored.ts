/**
 * An account as the token stores it. `accountOf` tells what it holds today; only what is stored tells what it will hold, to
 * the wei: a settlement in one step through some day rounds once, two steps round twice.
 */
import { RECOGNISED, type AccountState } from "@ftns/model/token/settlement.ts";
import type { Term } from "@ftns/model/token/timeline.ts";
import { type Provider, keccak256, toBeHex, zeroPadValue } from "ethers";

/** Where FTNSToken keeps things (its storage layout; a test compares). The token can't be upgraded, so they stay there. */
export const TOKEN_SLOTS = { accounts: 1n, global: 2n, timeline: 3n } as const;

/** What a projection needs to know of an account. */
export interface StoredAccount {
  readonly address: string;
  readonly state: AccountState;
  /** Rates by day, from the term that governs the first day after `state.settledDay` on. */
  readonly terms: readonly Term[];
  /** Fees that were settled to this account and are on top of its balance (wei): only the reward pool has such. */
  readonly settledFees: bigint;
}

/** Something that shows the chain, as it is at one block. */
export type Reader = Pick<Provider, "getStorage">;

const RATES = 16;
const RATE_BITS = 7n;
const TERM_RATES_BITS = 112n;
const FEES_BITS = 90n;

/** One word of what FTNSToken stores of an account, taken apart (AccountWord.sol). */
export function accountStateOf(word: bigint): AccountState {
  const field = (shift: bigint, bits: bigint) => (word >> shift) & ((1n << bits) - 1n);
  return {
    balance: field(0n, 90n),
    capacity: field(90n, 26n),
    activity: field(116n, 60n),
    basicThrough: Number(field(176n, 16n)),
    activeThrough: Number(field(192n, 16n)),
    powerThrough: Number(field(208n, 16n)),
    graceUntil: Number(field(224n, 16n)),
    settledDay: Number(field(240n, 16n)),
  };
}

/** Whether the account is a contract whose payments count as activity: it is charged as BASIC, for ever. */
export const isRecognised = ({ basicThrough }: AccountState) => basicThrough === RECOGNISED;

/** Reads an account and the rates that govern it. `pool` is the token's REWARD_POOL. */
export async function readStoredAccount(
  reader: Reader,
  token: string,
  address: string,
  { pool, blockTag = "latest" }: { pool?: string; blockTag?: number | "latest" } = {},
): Promise<StoredAccount> {
  const slot = async (position: bigint) => BigInt(await reader.getStorage(token, position, blockTag));
  const state = accountStateOf(await slot(slotOfAccount(address)));
  const isPool = pool?.toLowerCase() === address.toLowerCase();
  const settledFees = isPool ? (await slot(TOKEN_SLOTS.global)) & ((1n << FEES_BITS) - 1n) : 0n;
  return { address, state, terms: await readTerms(slot, state.settledDay + 1), settledFees };
}

function slotOfAccount(address: string): bigint {
  const key = zeroPadValue(address, 32);
  return BigInt(keccak256(`${key}${toBeHex(TOKEN_SLOTS.accounts, 32).slice(2)}`));
}

/**
 * The terms from the one that governs `day` to the last. They are read from the end: an account is settled by whoever touches it,
 * so few lie between, and each of them took a vote or a halt.
 */
async function readTerms(slot: (position: bigint) => Promise<bigint>, day: number): Promise<Term[]> {
  const count = await slot(TOKEN_SLOTS.timeline);
  const first = BigInt(keccak256(toBeHex(TOKEN_SLOTS.timeline, 32)));
  const terms: Term[] = [];
  for (let index = count - 1n; index >= 0n; index--) {
    const term = termOf(await slot(first + index));
    terms.unshift(term);
    if (term.startDay <= day) break;
  }
  return terms;
}

/** `startDay << 112 | rates`, rates being 16 of 7 bits, tier * 4 + band (ParameterTimeline.sol). */
function termOf(word: bigint): Term {
  const rate = (index: number) => (word >> (BigInt(index) * RATE_BITS)) & ((1n << RATE_BITS) - 1n);
  return { startDay: Number(word >> TERM_RATES_BITS), rates: Array.from({ length: RATES }, (_, index) => rate(index)) };
}
