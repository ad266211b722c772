import { attest, compareAddresses, signReview } from "@ftns/sdk/signing.ts";
import { id, parseEther } from "ethers";
import type { Actor } from "../chain/actor.ts";
import type { Clock } from "../chain/clock.ts";
import type { Market } from "../prices/market.ts";
import type { Cast } from "./cast.ts";
import type { Economy } from "./economy.ts";

export const KINDS = ["STORAGE", "COMPUTE", "DATA", "GOVERNANCE", "DOCUMENTATION", "MODEL", "RESEARCH", "TEACHING"] as const;
export type Kind = (typeof KINDS)[number];

/** Something done, as the verifiers will have seen it. */
export interface Work {
  readonly kind: Kind;
  /** In the unit of the kind, whole numbers or decimals ("2.5"). */
  readonly units: string;
  /** 0 to 1. */
  readonly quality: string;
  /** Peers who rate it, for kinds that need reviews. */
  readonly reviewers?: readonly Actor[];
}

const WAD = 10n ** 18n;
/** Verifiers look a while after the work was done, and their word is good for a day. */
const OBSERVED_BEFORE_SEC = 60n;
const VALID_SEC = 86_400n;
const SIGNATURES = 2;

/** Signers come in the order of their addresses, so that a duplicate shows. */
function inOrder(actors: readonly Actor[]): Actor[] {
  return [...actors].sort((a, b) => compareAddresses(a.address, b.address));
}

/** What personas have at hand. */
export class Stage {
  readonly economy: Economy;
  readonly cast: Cast;
  readonly clock: Clock;
  readonly market: Market;
  /** Length of the replay. */
  readonly totalDays: number;
  #proofs = 0;

  constructor(economy: Economy, cast: Cast, clock: Clock, market: Market, totalDays: number) {
    this.economy = economy;
    this.cast = cast;
    this.clock = clock;
    this.market = market;
    this.totalDays = totalDays;
  }

  /** Sends `ftns` whole FTNS. */
  async pay(from: Actor, to: Actor, ftns: string): Promise<void> {
    await from.send(this.economy.token.transfer.populateTransaction(to.address, parseEther(ftns)));
  }

  /** Two verifiers sign what they saw, peers sign their reviews, and the contributor hands it in. */
  async prove(contributor: Actor, work: Work): Promise<void> {
    const { registry, chainId } = this.economy;
    const now = BigInt(await this.clock.now());
    this.#proofs += 1;
    const evidenceURI = `ipfs://demo/${contributor.name.toLowerCase()}/${this.#proofs}`;
    const proofHash = id(evidenceURI);
    const contribution = {
      contributor: contributor.address,
      kind: BigInt(KINDS.indexOf(work.kind)),
      proofHash,
      units: parseEther(work.units),
      quality: parseEther(work.quality),
      confidence: (WAD * 95n) / 100n,
      impact: WAD,
      observedAt: now - OBSERVED_BEFORE_SEC,
      expiresAt: now + VALID_SEC,
      // The manifest of the demo is its own name.
      evidenceRoot: id(`manifest of ${evidenceURI}`),
      evidenceURI,
    };
    const place = { chainId: BigInt(chainId), verifyingContract: await registry.getAddress() };
    // In turns, so that a day's work is shared among their allowances.
    const turn = this.#proofs % this.cast.verifiers.length;
    const verifiers = [...this.cast.verifiers.slice(turn), ...this.cast.verifiers.slice(0, turn)]
      .slice(0, SIGNATURES)
      .map(({ wallet }) => wallet);
    const attestations = await attest(verifiers, place, contribution);
    const reviews = [];
    for (const reviewer of inOrder(work.reviewers ?? [])) {
      const review = { proofHash, reviewer: reviewer.address, rating: 5n, reviewedAt: now };
      reviews.push({ review, signature: await signReview(reviewer.wallet, place, review) });
    }
    await contributor.send(registry.submit.populateTransaction(contribution, attestations, reviews));
  }
}
