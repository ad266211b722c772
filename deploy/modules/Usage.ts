import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import type { Access } from "./Access.ts";
import type { Contributors } from "./Contributors.ts";
import type { Supply } from "./Supply.ts";
import type { Token } from "./Token.ts";

/** How the network's AI is paid for: the channels, where payments go, what it costs, and what works earn. */
export function deployUsage(
  m: IgnitionModuleBuilder,
  { manager }: Access,
  { wrapper, pool }: Token,
  { controller }: Supply,
  { registry }: Contributors,
) {
  const usageChannels = m.contract("UsageChannels", [manager, wrapper]);
  const usageRouter = m.contract("UsageRouter", [manager, usageChannels, pool, controller]);
  const contextPrices = m.contract("ContextPrices", [manager, usageRouter, registry, controller]);
  const works = m.contract("WorkRegistry", [manager, registry]);
  const royaltyRoots = m.contract("RoyaltyRoots", [manager, works, usageRouter]);
  return { usageChannels, usageRouter, contextPrices, works, royaltyRoots };
}

export type Usage = ReturnType<typeof deployUsage>;
