import { contracts } from "@ftns/sdk/contracts.ts";
import type { Chain } from "@ftns/chain/connect.ts";
import type { Job } from "../job.ts";
import { type AdjustArgs, decideAdjust } from "./decide.ts";
import { type AdjustSnapshot, readAdjust } from "./read.ts";

export function adjustSupplyJob(chain: Chain, controllerAddress: string): Job<AdjustSnapshot, AdjustArgs> {
  const controller = contracts.controller(controllerAddress, chain.provider);
  return {
    name: "adjust-supply",
    read: () => readAdjust(chain, controller),
    decide: decideAdjust,
    call: ({ expectedFactor }) => ({
      to: controllerAddress,
      data: controller.interface.encodeFunctionData("adjust", [expectedFactor]),
    }),
  };
}
