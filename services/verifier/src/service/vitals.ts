import { type Head, blockTag } from "@ftns/chain/connect.ts";
import type { Verifier } from "../verifier.ts";

/** How the verifier stands, as of one block. Amounts are FTNS (18 decimals) unless said otherwise. */
export interface Vitals {
  head: Head;
  /** Of the account that hands proofs in for others, wei; nothing to worry about where there is none. */
  balance: bigint;
  registered: boolean;
  verifiers: number;
  threshold: number;
  locked: bigint;
  minLock: bigint;
  allowance: bigint;
  used: bigint;
  /** Seconds; 0 = it does not leave. */
  unlockAt: bigint;
  feesDue: bigint;
  feesWaiting: bigint;
  /** Claims by their state. */
  claims: Record<string, number>;
  /** For how long the oldest claim that is due waits (seconds), and how many are due. */
  lateSec: number;
  dueClaims: number;
}

/** Rejects when chain or database cannot be read. */
export async function readVitals({ chain, economy, book, address, relayer, clock }: Verifier): Promise<Vitals> {
  const head = await clock.refresh();
  const at = { blockTag: blockTag(head) };
  const { registry, stakes } = economy;
  const [balance, view, terms, verifiers, threshold, claims, backlog] = await Promise.all([
    relayer === undefined ? Promise.resolve(0n) : chain.provider.send("eth_getBalance", [relayer, "latest"]).then(BigInt),
    stakes.verifierOf(address, at),
    stakes.terms(at),
    registry.verifiers(at),
    registry.attestationThreshold(at),
    book.counts(),
    book.backlog(clock.now()),
  ]);
  return {
    head,
    balance,
    registered: view.registered,
    verifiers: verifiers.length,
    threshold: Number(threshold),
    locked: view.locked,
    minLock: terms.minLock,
    allowance: view.allowance,
    used: view.used,
    unlockAt: view.unlockAt,
    feesDue: view.feesDue,
    feesWaiting: view.feesWaiting,
    claims,
    ...backlog,
  };
}
