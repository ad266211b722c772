import { type Decision, type MarketWindow, pathPolicy, roadmapPolicy } from "@ftns/model";
import { contracts } from "@ftns/sdk/contracts.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { isError } from "ethers";

/** The rule behind a policy's address, with what it remembers. `unknown`: none that this keeper can work out. */
export type Rule = { name: "roadmap" } | { name: "path"; launchPrice: bigint } | { name: "unknown" };

/** What `rule` decides on a window. Throws on a window that it cannot judge. */
export function decisionOf(rule: Exclude<Rule, { name: "unknown" }>, window: MarketWindow): Decision {
  return rule.name === "path" ? pathPolicy(window, rule.launchPrice) : roadmapPolicy(window);
}

/**
 * Which rule a policy is, by what it answers: each has views of its own. A contract that pretends to be one is found out by its
 * numbers, which are worked out here. So a policy that governance sets again, with another start, needs no change of settings.
 */
export async function ruleOf(chain: Chain, address: string, head: Head): Promise<Rule> {
  const at = { blockTag: blockTag(head) };
  const path = contracts.pathPolicy(address, chain.provider);
  const start = await answerOf(path.launchPrice(at));
  if (start !== undefined) return { name: "path", launchPrice: start.price };
  const roadmap = contracts.roadmapPolicy(address, chain.provider);
  return { name: (await answerOf(roadmap.targetRate(0n, at))) === undefined ? "unknown" : "roadmap" };
}

/** What a contract answers; undefined where it has no such function. A node that fails is no answer. */
export async function answerOf<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA")) return undefined;
    throw error;
  }
}
