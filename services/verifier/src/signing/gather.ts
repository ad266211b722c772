/**
 * Gathers the signatures under a claim that was measured here. What several can sign is agreed on first (`agree`), then they are asked,
 * and we sign last. Where one is bound to a content already, such as by an earlier try, that content is taken if we can sign it.
 */
import { agree, type Measured } from "@ftns/evidence";
import { type Ask, compareAddresses, type Contribution, hashContribution, signAsk } from "@ftns/sdk";
import type { KeySigner } from "@ftns/chain/keys/signer.ts";
import { getAddress } from "ethers";
import { askAnswer, askRefusal, peerClaimAnswer } from "../api/bodies.ts";
import type { ChainClock } from "../chain/clock.ts";
import type { Economy } from "../chain/economy.ts";
import type { ClaimBook } from "../claims/book.ts";
import { type Attestation, type ClaimRecord, type Proof, plain, type Signed } from "../claims/record.ts";
import { type PeerClient, PeerRefusal } from "../peers/client.ts";
import { reviewsFor } from "./reviews.ts";
import { type ProofSigner, SignedOtherwise } from "./signer.ts";
import { evidenceAt, objectionTo, statementOf } from "./statement.ts";
import type { SigningTurns } from "./turns.ts";
import { isKeySignature, provenOf } from "./verify.ts";

export interface GatherParts {
  economy: Economy;
  clock: ChainClock;
  book: ClaimBook;
  signer: ProofSigner;
  key: KeySigner;
  turns: SigningTurns;
  peers: readonly PeerClient[];
  publicUrl: string;
  /** Whoever an answer of a peer tells something of. */
  note(peer: string, outcome: "signed" | "measured" | "waits" | "refused" | "failed" | "nonsense"): void;
}

/** What a try came to: a proof, or why there is none yet. */
export type Gathered = { proof: Proof } | { waitsFor: string };

interface Voice {
  peer: PeerClient;
  said: Measured | undefined;
  signed: Signed | undefined;
  /** It knows of the claim, whatever it thinks of it. */
  heard: boolean;
  why: string;
}

const ASK_SEC = 120;

/** Tells peers of a claim and hears what they know of it. Each checks it for itself. */
export async function spread(record: ClaimRecord, parts: GatherParts): Promise<Voice[]> {
  const { economy, peers, note } = parts;
  const { verifiers } = await economy.members();
  const registered = peers.filter(({ address }) => verifiers.has(getAddress(address)));
  return Promise.all(
    registered.map(async (peer): Promise<Voice> => {
      try {
        const heard = await peer.ask("/api/v1/peers/claims", peerClaimAnswer, { body: record.body });
        const signed = provenOf(heard.signed, peer.address, economy.place);
        const { units, quality, confidence } = heard.figures ?? {};
        const figures = heard.state === "measured" && heard.figures !== undefined;
        note(peer.name, figures ? "measured" : heard.state === "refused" ? "refused" : "waits");
        return {
          peer,
          signed,
          heard: true,
          said: figures
            ? {
                verifier: getAddress(peer.address),
                figures: { units: BigInt(units!), quality: BigInt(quality!), confidence: BigInt(confidence!) },
              }
            : undefined,
          why: `${peer.name}: ${heard.state}${heard.code === undefined ? "" : ` (${heard.code.slice(0, 40)})`}`,
        };
      } catch (error) {
        note(peer.name, error instanceof PeerRefusal ? "refused" : "failed");
        return {
          peer,
          said: undefined,
          signed: undefined,
          heard: error instanceof PeerRefusal && error.status < 429,
          why: (error as Error).message,
        };
      }
    }),
  );
}

export async function gather(record: ClaimRecord, parts: GatherParts): Promise<Gathered> {
  const { turns } = parts;
  const voices = await spread(record, parts);
  const turn = await turns.take(record.proofHash, () => inTurn(record, voices, parts));
  return turn?.result ?? { waitsFor: "the proof is being signed for another verifier" };
}

async function inTurn(record: ClaimRecord, voices: readonly Voice[], parts: GatherParts): Promise<Gathered> {
  const { economy, signer, clock, book } = parts;
  const { threshold } = await economy.members();
  const mine: Measured = { verifier: signer.address, figures: record.figures! };
  const fits = (contribution: Contribution) => objectionTo(contribution, record, clock.now()) === undefined;

  // Bound already: by our own word, or by that of another which we can say too.
  let bound = (await signer.signed(record.proofHash))?.contribution;
  bound ??= voices
    .map(({ signed }) => signed?.contribution)
    .find((said) => said !== undefined && said.proofHash === record.proofHash && fits(said));
  const failures = new Map<string, string>();
  let pool = voices.filter(({ said, signed }) => said !== undefined || signed !== undefined);
  for (;;) {
    const content = bound ?? agreed(record, mine, pool, threshold, parts);
    if (content === undefined) return waits(voices, failures);
    const round = await askAll(content, pool, threshold - 1, mine, parts, bound !== undefined);
    for (const [name, why] of round.failures) failures.set(name, why);
    if (round.attestations.length >= threshold - 1) {
      const own = await signer.sign(content).catch((error: unknown) => {
        if (error instanceof SignedOtherwise) return undefined;
        throw error;
      });
      if (own === undefined) return { waitsFor: "this verifier has signed another content of the proof" };
      const attestations = [...round.attestations, { signer: signer.address, signature: own.signature }];
      const proof: Proof = {
        contribution: content,
        attestations: attestations.sort((a, b) => compareAddresses(a.signer, b.signer)),
        reviews: await reviewsFor(record, economy),
      };
      await book.complete(record.root, proof);
      return { proof };
    }
    // Whoever has signed is bound; so are we then, if we can say the same.
    if (round.attestations.length > 0) return waits(voices, failures);
    if (bound === undefined && round.adoptable !== undefined && fits(round.adoptable)) {
      bound = round.adoptable;
      continue;
    }
    const left = pool.filter(({ peer }) => !round.failures.has(peer.name));
    if (bound !== undefined || left.length === pool.length || left.length < threshold - 1) return waits(voices, failures);
    pool = left;
  }
}

function waits(voices: readonly Voice[], failures: ReadonlyMap<string, string>): Gathered {
  const words = voices.map(({ peer, why }) => failures.get(peer.name) ?? why);
  return { waitsFor: words.length === 0 ? "no other verifier is configured here" : words.join("; ") };
}

/** The statement that most is credited by, among those that enough of `pool` can sign. */
function agreed(
  record: ClaimRecord,
  mine: Measured,
  pool: readonly Voice[],
  threshold: number,
  { clock, publicUrl }: GatherParts,
): Contribution | undefined {
  const said = pool.flatMap((voice) => voice.said ?? []);
  const agreement = agree(mine, said, threshold);
  if (agreement === undefined) return undefined;
  const observedAt = Math.min(record.measuredAt!, clock.blockTime());
  return statementOf(record, agreement.figures, observedAt, evidenceAt(publicUrl, record.root));
}

interface Round {
  attestations: Attestation[];
  failures: Map<string, string>;
  /** What somebody was bound to instead. */
  adoptable?: Contribution;
}

/** Asks one after the other until `needed` have signed: each signature counts against its signer's allowance. */
async function askAll(
  content: Contribution,
  pool: readonly Voice[],
  needed: number,
  mine: Measured,
  parts: GatherParts,
  bound: boolean,
): Promise<Round> {
  const { economy, key, clock, note } = parts;
  const digest = hashContribution(economy.place, content);
  const ask: Ask = { asker: mine.verifier, digest, deadline: BigInt(clock.now() + ASK_SEC) };
  const body = {
    contribution: plain(content),
    ask: { ...ask, deadline: Number(ask.deadline) },
    signature: await signAsk(key, economy.place, ask),
  };
  const round: Round = { attestations: [], failures: new Map() };
  // Those first who have signed it already, and those who measured the most alike.
  const order = [...pool].sort((a, b) => Number(b.signed?.digest === digest) - Number(a.signed?.digest === digest));
  for (const { peer, said, signed } of order) {
    if (round.attestations.length >= needed) break;
    if (signed?.digest === digest) {
      round.attestations.push({ signer: getAddress(peer.address), signature: signed.signature });
      continue;
    }
    if (!bound && said === undefined) continue;
    try {
      const { signature } = await peer.ask("/api/v1/peers/signatures", askAnswer, { body });
      if (isKeySignature(peer.address, digest, signature)) {
        round.attestations.push({ signer: getAddress(peer.address), signature });
        note(peer.name, "signed");
      } else {
        round.failures.set(peer.name, `${peer.name}: a signature that is none`);
        note(peer.name, "nonsense");
      }
    } catch (error) {
      round.failures.set(peer.name, (error as Error).message);
      note(peer.name, error instanceof PeerRefusal ? "refused" : "failed");
      const refusal = error instanceof PeerRefusal ? askRefusal.safeParse(error.body) : undefined;
      const other = provenByAnyone(refusal?.data?.signed, parts);
      if (other !== undefined && other.contribution.proofHash === content.proofHash) round.adoptable ??= other.contribution;
    }
  }
  return round;
}

/** What a refusal shows as signed by some verifier. */
function provenByAnyone(given: Parameters<typeof provenOf>[0], { economy, peers }: GatherParts): Signed | undefined {
  for (const { address } of peers) {
    const proven = provenOf(given, address, economy.place);
    if (proven !== undefined) return proven;
  }
  return undefined;
}
