import type { Deployment } from "./economy.ts";

/** Economies on public chains, by chain id. Made by npm run record-addresses. */
export const DEPLOYMENTS: Readonly<Record<string, Deployment>> = {};
