import { TRIGGERS } from "@ftns/model";
import { contracts } from "@ftns/sdk/contracts.ts";
import type { Chain } from "@ftns/chain/connect.ts";
import type { Job } from "../job.ts";
import { motionCall } from "../motions.ts";
import { type WatchArgs, decideWatch } from "./decide.ts";
import { type Known, type WatchSnapshot, readWatch } from "./read.ts";

export function watchEmergencyJob(chain: Chain, breakerAddress: string, from: string): Job<WatchSnapshot, WatchArgs> {
  const breaker = contracts.breaker(breakerAddress, chain.provider);
  const known: Known = {};
  return {
    name: "watch-emergency",
    read: () => readWatch(chain, breaker, from, known),
    decide: decideWatch,
    itemOf: (args) => (args.kind === "trigger" ? args.trigger : `motion ${args.proposalId}`),
    call: (args) =>
      args.kind === "motion"
        ? motionCall(args)
        : {
            to: breakerAddress,
            data: breaker.interface.encodeFunctionData("trigger", [BigInt(TRIGGERS.indexOf(args.trigger))]),
          },
  };
}
