/**
 * Another verifier asks for our signature. It gets it only under what we have checked ourselves and could have said, and only if no other
 * verifier that answers is bound to something else: nobody can make two of us sign two contents, so that neither is ever complete.
 */
import { type Ask, type Contribution, hashAsk, hashContribution } from "@ftns/sdk";
import { getAddress } from "ethers";
import { standingAnswer } from "../api/bodies.ts";
import { ApiFault } from "../api/faults.ts";
import type { ChainClock } from "../chain/clock.ts";
import type { Economy } from "../chain/economy.ts";
import type { ClaimBook } from "../claims/book.ts";
import { plain, type Signed } from "../claims/record.ts";
import type { PeerClient } from "../peers/client.ts";
import { SignedOtherwise, type ProofSigner } from "./signer.ts";
import { objectionTo } from "./statement.ts";
import type { SigningTurns } from "./turns.ts";
import { isKeySignature, provenOf } from "./verify.ts";

export interface AnswerParts {
  economy: Economy;
  clock: ChainClock;
  book: ClaimBook;
  signer: ProofSigner;
  turns: SigningTurns;
  peers: readonly PeerClient[];
}

/** A peer that takes longer to say what it has signed is not waited for. */
const CONSULT_MS = 1_500;
const LONGEST_ASK_SEC = 600;

export async function answerAsk(contribution: Contribution, ask: Ask, signature: string, parts: AnswerParts): Promise<Signed> {
  const { economy, clock, book, signer, turns } = parts;
  const asker = getAddress(ask.asker);
  const now = clock.now();
  if (ask.digest !== hashContribution(economy.place, contribution))
    throw new ApiFault("BAD_REQUEST", "The ask is for another digest.");
  if (Number(ask.deadline) < now || Number(ask.deadline) > now + LONGEST_ASK_SEC)
    throw new ApiFault("TOO_LATE", `The ask's deadline must lie within ${LONGEST_ASK_SEC} s from ${now}.`);
  if (!isKeySignature(asker, hashAsk(economy.place, { ...ask, asker }), signature))
    throw new ApiFault("BAD_SIGNATURE", `${asker} did not sign this ask.`);
  if (!(await economy.members()).verifiers.has(asker)) throw new ApiFault("FORBIDDEN", `${asker} is no registered verifier.`);

  const before = await signer.signed(contribution.proofHash);
  if (before !== undefined) {
    if (before.digest === ask.digest) return before;
    throw otherwise(before);
  }
  const own = await book.byRoot(contribution.evidenceRoot);
  if (own === undefined || own.state !== "measured") {
    const state = own === undefined ? "not known" : own.state;
    throw new ApiFault("NOT_MEASURED", `The claim is ${state} here.`, own?.code === undefined ? {} : { why: own.code });
  }
  const objection = objectionTo(contribution, own, now);
  if (objection !== undefined) throw new ApiFault("DISAGREES", `This is not signed here: ${objection}.`);
  const turn = await turns.take(contribution.proofHash, async () => {
    await consult(contribution.proofHash, ask.digest, asker, parts);
    return signer.sign(contribution).catch((error: unknown) => {
      throw error instanceof SignedOtherwise ? otherwise(error.signed) : error;
    });
  });
  if (turn === undefined) throw busy();
  return turn.result;
}

/** Asks the other verifiers whether one is bound to another content of the proof. Whoever does not answer in time has no say. */
async function consult(
  proofHash: string,
  digest: string,
  asker: string,
  { peers, economy, signer, turns }: AnswerParts,
): Promise<void> {
  const others = peers.filter(({ address }) => ![asker, signer.address].includes(getAddress(address)));
  const standings = await Promise.all(
    others.map(async (peer) => {
      const path = `/api/v1/peers/standing/${proofHash}`;
      const said = await peer.ask(path, standingAnswer, { timeoutMs: CONSULT_MS }).catch(() => undefined);
      return {
        busy: said?.busy === true && turns.waitsFor(proofHash, peer.address),
        signed: provenOf(said?.signed, peer.address, economy.place),
      };
    }),
  );
  const bound = standings.find(
    ({ signed }) => signed !== undefined && signed.contribution.proofHash === proofHash && signed.digest !== digest,
  );
  if (bound !== undefined) throw otherwise(bound.signed, "Another verifier has");
  if (standings.some((standing) => standing.busy)) throw busy();
}

const busy = () => new ApiFault("BUSY", "This proof is in the middle of being signed; try again.");

function otherwise(signed: Signed | undefined, who = "This verifier has"): ApiFault {
  const more = signed === undefined ? {} : { signed: plain(signed) };
  return new ApiFault("SIGNED_OTHERWISE", `${who} signed another content of this proof.`, more);
}
