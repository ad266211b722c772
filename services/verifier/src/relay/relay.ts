// Hands in complete proofs for contributors who consent: to exactly this contribution, by exactly this account or by anyone.
import type { Chain } from "@ftns/chain/connect.ts";
import type { TransactionQueue } from "@ftns/chain/transactions/queue.ts";
import { type Consent, FTNS_DECIMALS, hashConsent, hashContribution, interfaces } from "@ftns/sdk";
import { isSignedBy } from "@ftns/evidence";
import { getAddress, ZeroAddress } from "ethers";
import { ApiFault } from "../api/faults.ts";
import type { ChainClock } from "../chain/clock.ts";
import type { Economy } from "../chain/economy.ts";
import type { Proof } from "../claims/record.ts";

export interface RelayParts {
  chain: Chain;
  economy: Economy;
  clock: ChainClock;
  queue: TransactionQueue;
  minValueFtns: number;
}

const MAX_WAITING = 20;

export class Relay {
  readonly #parts: RelayParts;
  #waiting = 0;

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  get address(): string {
    return this.#parts.queue.address;
  }

  async handIn(proof: Proof, consent: Consent, signature: string): Promise<{ hash: string; block: number }> {
    const { chain, economy, queue, minValueFtns } = this.#parts;
    const { contribution } = proof;
    await this.#check(proof, consent, signature);
    const value = await economy.registry.contributionValue(contribution.kind, contribution.units, contribution.impact);
    if (value < BigInt(minValueFtns) * 10n ** BigInt(FTNS_DECIMALS))
      throw new ApiFault("FORBIDDEN", `Proofs worth less than ${minValueFtns} FTNS are handed in by their contributors.`);
    if (this.#waiting >= MAX_WAITING) throw new ApiFault("NOT_NOW", "Too many proofs wait to be handed in; come back.");
    this.#waiting++;
    try {
      const data = interfaces
        .registry()
        .encodeFunctionData("submitFor", [contribution, proof.attestations, proof.reviews, consent, signature]);
      const call = { to: economy.place.verifyingContract, data };
      const reason = `the proof ${contribution.proofHash} of ${contribution.contributor}`;
      const due = { job: "relay", item: contribution.proofHash, reason, call };
      const outcome = await queue.send({
        ...due,
        head: await chain.latest(),
        dryRun: false,
        evenIfOutdated: true,
        again: async () => {
          if (await economy.isUsed(contribution.proofHash))
            return { kind: "unwanted", reason: "it was handed in by somebody else" };
          return { kind: "wanted", due: { ...due, head: await chain.latest() } };
        },
      });
      if (outcome.kind === "sent") return { hash: outcome.hash, block: outcome.blockNumber };
      throw new ApiFault("NOT_NOW", `It was not handed in: ${"reason" in outcome ? outcome.reason : outcome.kind}`);
    } finally {
      this.#waiting--;
    }
  }

  async #check({ contribution }: Proof, consent: Consent, signature: string): Promise<void> {
    const { economy, clock } = this.#parts;
    const digest = hashContribution(economy.place, contribution);
    if (consent.contributionHash !== digest)
      throw new ApiFault("BAD_REQUEST", `The consent is to another contribution than ${digest}.`);
    if (![ZeroAddress, this.address].includes(getAddress(consent.submitter)))
      throw new ApiFault("FORBIDDEN", `The consent names another submitter than ${this.address}.`);
    const now = clock.now();
    if (consent.deadline <= BigInt(now)) throw new ApiFault("TOO_LATE", "The consent is over.");
    const parts = {
      place: economy.place,
      now,
      walletAccepts: (wallet: string, digest: string, given: string) => economy.walletAccepts(wallet, digest, given),
    };
    if (!(await isSignedBy(contribution.contributor, hashConsent(economy.place, consent), signature, parts)))
      throw new ApiFault("BAD_SIGNATURE", `${contribution.contributor} did not sign this consent.`);
    if (await economy.isUsed(contribution.proofHash))
      throw new ApiFault("NONCE_USED", "The proof was handed in before.", { code: "HANDED_IN" });
  }
}
