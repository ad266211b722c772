// A contributor's way from evidence to tier to reward, with verifiers that really run. It comes after the report, and changes nothing in it.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { evidenceRoot, reviewedProofHash } from "@ftns/evidence";
import { formatFtns, signReview, type SigningPlace, signSubmitProof } from "@ftns/sdk";
import { wordsOf } from "@ftns/service/errors.ts";
import pc from "picocolors";
import type { Actor } from "../chain/actor.ts";
import type { Clock } from "../chain/clock.ts";
import type { Cast } from "../scenario/cast.ts";
import type { Economy } from "../scenario/economy.ts";
import { startVerifiers, type Verifiers } from "./verifiers.ts";

export interface JourneyParts {
  economy: Economy;
  cast: Cast;
  clock: Clock;
  rpcUrl: string;
}

const DOCUMENTS = 3;
const WORDS = 200;
const RATING = 5;
const HOUR_SEC = 3_600;
const BASIC = 1n;

/** Plays it, and says each step. Whatever keeps it from being played is said, and is no fault of the economy. */
export async function tellJourney(parts: JourneyParts, say: (text: string) => void): Promise<void> {
  say(`\n${pc.bold("From evidence to a reward, with verifiers that really run")}`);
  let verifiers: Verifiers | undefined;
  const library = await openLibrary();
  try {
    const { verifiers: actors } = parts.cast;
    verifiers = await startVerifiers(actors.slice(0, 2), parts.economy, parts.rpcUrl);
    const pids = verifiers.all.map(({ pid }) => pid).join(" and ");
    say(`  Two of the three verifiers run (processes ${pids}), each with its own key and database; the third one is away.`);
    await play(parts, verifiers, library, say);
  } catch (error) {
    say(pc.dim(`  It cannot be shown here: ${wordsOf(error)}`));
  } finally {
    await library.close();
    await verifiers?.stop();
  }
}

async function play(
  { economy, cast, clock }: JourneyParts,
  { all }: Verifiers,
  library: Library,
  say: (text: string) => void,
): Promise<void> {
  const { nora } = cast;
  const reviewer = await someContributor(economy, cast);
  const place: SigningPlace = { chainId: BigInt(economy.chainId), verifyingContract: await economy.registry.getAddress() };
  const artefacts = Array.from({ length: DOCUMENTS }, (_, index) => library.add(documentOf(index)));
  const proofHash = reviewedProofHash({ kind: "DOCUMENTATION", artefacts });
  const now = await clock.now();
  const review = { proofHash, reviewer: reviewer.address, rating: BigInt(RATING), reviewedAt: BigInt(now) };
  const reviews = [
    { reviewer: reviewer.address, rating: RATING, reviewedAt: now, signature: await signReview(reviewer.wallet, place, review) },
  ];
  say(
    `  ${nora.name} writes ${DOCUMENTS} guides of ${WORDS} words. ${reviewer.name}, a contributor, reads them and signs ${RATING} of 5.`,
  );

  const claim = { kind: "DOCUMENTATION", contributor: nora.address, artefacts, reviews };
  const request = { contributor: nora.address, evidenceRoot: evidenceRoot(claim), nonce: 1n, deadline: BigInt(now + HOUR_SEC) };
  const signature = await signSubmitProof(nora.wallet, place, request);
  const started = performance.now();
  const body = { claim, request: { ...request, nonce: "1", deadline: Number(request.deadline) }, signature };
  const answer = await ask(`${all[0]!.url}/api/v1/contributors/submit-proof`, body);
  if (answer.state !== "complete") throw new Error(`the verifiers did not come to an end: ${answer.detail ?? answer.state}`);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  say(
    `  She hands them to one verifier. Both fetch and check them for themselves, and sign: quality ${answer.quality_score}, worth ` +
      `${answer.contribution_value} FTNS (${seconds} s).`,
  );

  const { contribution, attestations, reviews: signed } = answer.proof;
  const before = (await economy.token.accountOf(nora.address)).balance;
  await nora.send(economy.registry.submit.populateTransaction(contribution, attestations, signed));
  const { balance } = await economy.token.accountOf(nora.address);
  const status = await ask(`${all[1]!.url}/api/v1/contributors/${nora.address}/status`);
  const paid = balance > before ? `${formatFtns(balance - before, 2)} are paid at once` : "her reward waits in the pool";
  say(`  Her proof with two signatures goes to the chain: she is ${status.contributor_tier.toUpperCase()} now, and ${paid}.`);
  say(
    `  Whoever asks a verifier is told: score ${status.contribution_score}, which counts until ${status.counting.at(-1)?.counts_until ?? "-"}; ` +
      `${status.next_tier?.missing_score ?? 0} FTNS are missing for ${status.next_tier?.tier.toUpperCase() ?? "more"}.`,
  );
}

async function someContributor({ registry }: Economy, { pia, ana, ben, neighbours }: Cast): Promise<Actor> {
  for (const actor of [ana, ben, pia, ...neighbours]) if ((await registry.statusOf(actor.address)).tier >= BASIC) return actor;
  throw new Error("no contributor is left who could review");
}

const SYLLABLES = ["ka", "lo", "mi", "ter", "san", "du", "rel", "vo", "nex", "pra", "tul", "gon"];

/** Words that are like no other document's. */
function documentOf(number: number): string {
  return Array.from({ length: WORDS }, (_, index) => {
    const digest = createHash("sha256").update(`${number} ${index}`).digest();
    return [0, 1, 2].map((place) => SYLLABLES[digest[place]! % SYLLABLES.length]).join("");
  }).join(" ");
}

interface Library {
  add(text: string): { sha256: string; bytes: number; url: string };
  close(): Promise<void>;
}

/** A server of Nora's with what she wrote. */
async function openLibrary(): Promise<Library> {
  const texts = new Map<string, string>();
  const server = createServer((request, response) => {
    const text = texts.get((request.url ?? "").slice(1));
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    add(text) {
      const sha256 = createHash("sha256").update(text).digest("hex");
      texts.set(sha256, text);
      return { sha256, bytes: Buffer.byteLength(text), url: `http://127.0.0.1:${port}/${sha256}` };
    },
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

async function ask(url: string, body?: unknown): Promise<any> {
  const init =
    body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  const answer = (await response.json()) as { error?: string };
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
