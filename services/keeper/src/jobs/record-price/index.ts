import { contracts } from "@ftns/sdk/contracts.ts";
import type { Chain } from "@ftns/chain/connect.ts";
import type { Job } from "../job.ts";
import { decideRecord } from "./decide.ts";
import { type RecordSnapshot, readRecord } from "./read.ts";

export function recordPriceJob(
  chain: Chain,
  historyAddress: string,
  intervalSec: number,
): Job<RecordSnapshot, Record<never, never>> {
  const history = contracts.history(historyAddress, chain.provider);
  const data = history.interface.encodeFunctionData("record");
  return {
    name: "record-price",
    read: () => readRecord(chain, historyAddress),
    decide: (snapshot) => decideRecord(snapshot, intervalSec),
    call: () => ({ to: historyAddress, data }),
  };
}
