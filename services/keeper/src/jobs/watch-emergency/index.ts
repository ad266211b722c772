import { TRIGGERS } from "@ftns/model";
import { contracts } from "@ftns/sdk/contracts.ts";
import type { Chain } from "@ftns/chain/connect.ts";
import type { Job } from "../job.ts";
import { motionCall } from "../motions.ts";
import { type WatchArgs, decideWatch } from "./decide.ts";
import { upkeepData } from "./upkeep.ts";
import { type Known, type WatchSnapshot, readWatch } from "./read.ts";

export function watchEmergencyJob(chain: Chain, breakerAddress: string, from: string): Job<WatchSnapshot, WatchArgs> {
  const breaker = contracts.breaker(breakerAddress, chain.provider);
  const known: Known = {};
  return {
    name: "watch-emergency",
    read: () => readWatch(chain, breaker, from, known),
    decide: decideWatch,
    itemOf: (args) => {
      if (args.kind === "trigger") return args.trigger;
      if (args.kind === "motion") return `motion ${args.proposalId}`;
      return args.kind === "bond" ? `bond ${args.id}` : `opposed ${args.action}`;
    },
    call: (args) => {
      if (args.kind === "motion") return motionCall(args);
      if (args.kind !== "trigger") return { to: breakerAddress, data: upkeepData(breaker, args) };
      const data = breaker.interface.encodeFunctionData("trigger", [BigInt(TRIGGERS.indexOf(args.trigger))]);
      return { to: breakerAddress, data };
    },
  };
}
