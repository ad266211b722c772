// What is served, as data: the server answers by it and the OpenAPI document is made of it, so that neither can say something else.
import type { z } from "zod/v4";
import {
  account,
  askAnswer,
  askBody,
  askRefusal,
  bytes32,
  errorAnswer,
  peerClaimAnswer,
  proofAnswer,
  relayAnswer,
  relayBody,
  standingAnswer,
  statusAnswer,
  submitBody,
} from "./bodies.ts";

export interface Route {
  method: "get" | "post";
  /** With parameters as {name}. */
  path: string;
  summary: string;
  tag: "contributors" | "verifiers";
  params?: Record<string, z.ZodType<string>>;
  body?: z.ZodType;
  answers: Readonly<Record<number, z.ZodType | undefined>>;
}

/** A claim with its request and signature. */
export const MAX_BODY_BYTES = 1_100_000;

const refusals = { 400: errorAnswer, 413: errorAnswer, 429: errorAnswer, 500: errorAnswer, 503: errorAnswer } as const;

export const ROUTES = {
  submit: {
    method: "post",
    path: "/api/v1/contributors/submit-proof",
    summary: "Hands in evidence. 200 with the complete proof if it is there soon, else 202; ask again at /api/v1/proofs/{hash}",
    tag: "contributors",
    body: submitBody,
    answers: { 200: proofAnswer, 202: proofAnswer, 401: errorAnswer, 409: errorAnswer, 422: errorAnswer, ...refusals },
  },
  status: {
    method: "get",
    path: "/api/v1/contributors/{address}/status",
    summary: "Tier, score by kind, what counts until when, what is missing for the next tier",
    tag: "contributors",
    params: { address: account },
    answers: { 200: statusAnswer, ...refusals },
  },
  proof: {
    method: "get",
    path: "/api/v1/proofs/{hash}",
    summary: "How a proof stands, and the proof when it is complete",
    tag: "contributors",
    params: { hash: bytes32 },
    answers: { 200: proofAnswer, 404: errorAnswer, ...refusals },
  },
  relay: {
    method: "post",
    path: "/api/v1/proofs/{hash}/relay",
    summary: "Has a complete proof handed in on the chain, with the contributor's consent to exactly this contribution",
    tag: "contributors",
    params: { hash: bytes32 },
    body: relayBody,
    answers: { 200: relayAnswer, 401: errorAnswer, 403: errorAnswer, 404: errorAnswer, 409: errorAnswer, ...refusals },
  },
  evidence: {
    method: "get",
    path: "/api/v1/evidence/{root}",
    summary: "The claim and its contributor's signed request, by the claim's digest",
    tag: "contributors",
    params: { root: bytes32 },
    answers: { 200: submitBody, 404: errorAnswer, ...refusals },
  },
  peerClaim: {
    method: "post",
    path: "/api/v1/peers/claims",
    summary: "A claim that another verifier was handed, unchanged; each verifier checks it for itself",
    tag: "verifiers",
    body: submitBody,
    answers: { 200: peerClaimAnswer, 401: errorAnswer, 409: errorAnswer, 422: errorAnswer, ...refusals },
  },
  standing: {
    method: "get",
    path: "/api/v1/peers/standing/{hash}",
    summary: "What is signed of a proof here, or is about to be",
    tag: "verifiers",
    params: { hash: bytes32 },
    answers: { 200: standingAnswer, ...refusals },
  },
  ask: {
    method: "post",
    path: "/api/v1/peers/signatures",
    summary: "Asks for a signature under exactly this contribution",
    tag: "verifiers",
    body: askBody,
    answers: { 200: askAnswer, 401: errorAnswer, 403: errorAnswer, 409: askRefusal, ...refusals },
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
