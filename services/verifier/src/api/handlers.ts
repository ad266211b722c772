// What each route does.
import { WAD } from "@ftns/evidence";
import { formatDecimal } from "@ftns/sdk";
import type { z } from "zod/v4";
import type { ChainClock } from "../chain/clock.ts";
import type { Economy } from "../chain/economy.ts";
import type { ClaimBook } from "../claims/book.ts";
import type { Engine } from "../claims/engine.ts";
import { type IntakeParts, takeClaim } from "../claims/intake.ts";
import { KINDS } from "../claims/kinds.ts";
import { type ClaimRecord, contributionOf, plain } from "../claims/record.ts";
import type { Relay } from "../relay/relay.ts";
import { type AnswerParts, answerAsk } from "../signing/answer.ts";
import type { ProofSigner } from "../signing/signer.ts";
import type { SigningTurns } from "../signing/turns.ts";
import { ApiFault } from "./faults.ts";
import type { ROUTES, RouteName } from "./routes.ts";
import type { ProofAnswer } from "./bodies.ts";
import type { StatusReader } from "./status.ts";

type BodyOf<Name extends RouteName> = (typeof ROUTES)[Name] extends { body: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;
export type Handlers = {
  readonly [Name in RouteName]: (request: {
    params: Record<string, string>;
    body: BodyOf<Name>;
  }) => Promise<{ status: 200 | 202; body: unknown }>;
};

export interface HandlerParts {
  intake: IntakeParts;
  answering: AnswerParts;
  book: ClaimBook;
  signer: ProofSigner;
  turns: SigningTurns;
  engine: Engine;
  status: StatusReader;
  economy: Economy;
  clock: ChainClock;
  relay: Relay | undefined;
  submitWaitMs: number;
}

export function createHandlers(parts: HandlerParts): Handlers {
  const { book, signer, engine, economy, intake } = parts;
  const ok = (body: unknown) => ({ status: 200 as const, body });
  const found = async (hash: string): Promise<ClaimRecord> => {
    const record = await book.byProof(hash);
    if (record === undefined) throw new ApiFault("NOT_FOUND", "No claim of this proof is known here.");
    return record;
  };
  return {
    async submit({ body }) {
      const { root } = await takeClaim(body, false, intake);
      void engine.look();
      const end = performance.now() + parts.submitWaitMs;
      for (;;) {
        const changed = engine.changed(root, Math.max(0, end - performance.now()));
        const record = (await book.byRoot(root))!;
        if (record.state === "refused") throw refusalOf(record);
        const waits = record.state === "challenged" || record.dueAt > parts.clock.now();
        if (record.proof !== undefined || waits || performance.now() >= end) {
          return { status: record.proof === undefined ? 202 : 200, body: await answerOf(record, parts) };
        }
        await changed;
      }
    },
    status: async ({ params }) => ok(await parts.status.statusOf(params["address"]!)),
    proof: async ({ params }) => ok(await answerOf(await found(params["hash"]!), parts)),
    async relay({ params, body }) {
      if (parts.relay === undefined) throw new ApiFault("FORBIDDEN", "This verifier hands in no proofs for others.");
      const { proof } = await found(params["hash"]!);
      if (proof === undefined) throw new ApiFault("NOT_COMPLETE", "The proof has too few signatures yet.");
      return ok(await parts.relay.handIn(proof, { ...body.consent, deadline: BigInt(body.consent.deadline) }, body.signature));
    },
    async evidence({ params }) {
      const record = await book.byRoot(params["root"]!);
      if (record?.body === undefined) throw new ApiFault("NOT_FOUND", "No such claim is kept here.");
      return ok(record.body);
    },
    async peerClaim({ body }) {
      const { root, proofHash } = await takeClaim(body, true, intake);
      void engine.look();
      const record = (await book.byRoot(root))!;
      const signed = await signer.signed(proofHash);
      return ok({
        root,
        state: record.state,
        ...(record.figures && { figures: plain(record.figures) }),
        ...(record.code !== undefined && { code: record.code }),
        ...(signed && { signed: plain(signed) }),
      });
    },
    async standing({ params }) {
      const signed = await signer.signed(params["hash"]!);
      return ok({ busy: parts.turns.isBusy(params["hash"]!), ...(signed && { signed: plain(signed) }) });
    },
    async ask({ body }) {
      const ask = { ...body.ask, deadline: BigInt(body.ask.deadline) };
      const { signature } = await answerAsk(contributionOf(body.contribution), ask, body.signature, parts.answering);
      return ok({ signature });
    },
  };

  function refusalOf({ code, detail }: ClaimRecord): ApiFault {
    return new ApiFault("REFUSED", detail ?? "", { code: code! });
  }

  async function answerOf(record: ClaimRecord, { status }: HandlerParts): Promise<ProofAnswer> {
    const { figures, proof, code, detail } = record;
    const signed = await signer.signed(record.proofHash);
    const waitsFor = engine.waitsFor(record.root);
    return {
      proof_id: record.proofHash,
      evidence_root: record.root,
      kind: record.kind,
      contributor: record.contributor,
      state: stateOf(record),
      ...((record.state === "challenged" || record.dueAt > parts.clock.now()) && { due_at: record.dueAt }),
      ...(figures && (await numbersOf(record, proof?.contribution ?? figures))),
      new_contributor_status: await status.tierOf(record.contributor),
      ...(code !== undefined && { code }),
      ...(detail !== undefined ? { detail } : waitsFor !== undefined && proof === undefined ? { detail: waitsFor } : {}),
      ...(signed && { signed: plain(signed) }),
      ...(proof && { proof: plain(proof) }),
    };
  }

  function stateOf({ state, proof, dueAt }: ClaimRecord): ProofAnswer["state"] {
    if (proof !== undefined) return "complete";
    if (state === "refused") return "refused";
    if (state === "measured") return "gathering";
    return state === "challenged" || dueAt > parts.clock.now() ? "waiting" : "checking";
  }

  async function numbersOf(
    { kind }: ClaimRecord,
    { units, quality, confidence }: { units: bigint; quality: bigint; confidence: bigint },
  ) {
    const value = await economy.registry.contributionValue(BigInt(KINDS.indexOf(kind as (typeof KINDS)[number])), units, WAD);
    const ratio = (wad: bigint) => Number(formatDecimal(wad, 18, 6));
    return {
      contribution_value: formatDecimal(value, 18, 18),
      quality_score: ratio(quality),
      verification_confidence: ratio(confidence),
    };
  }
}
