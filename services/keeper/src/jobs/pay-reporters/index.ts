import { isError } from "ethers";
import { type Chain, blockTag } from "@ftns/chain/connect.ts";
import { wordsOfFailure } from "@ftns/chain/reasons.ts";
import { contracts } from "@ftns/sdk/contracts.ts";
import type { Job } from "../job.ts";
import { type Earning, type EarningsSnapshot, type PayArgs, type PayRules, decidePay } from "./decide.ts";

/** Hours that nobody has paid are forgotten after 27 days, so somebody has to ask for them. Nobody is paid for asking. */
export function payReportersJob(chain: Chain, address: string, rules: PayRules, from: string): Job<EarningsSnapshot, PayArgs> {
  const pay = contracts.reporterPay(address, chain.provider);
  return {
    name: "pay-reporters",
    async read() {
      const head = await chain.latest();
      const at = { blockTag: blockTag(head) };
      const registered = await contracts.medianFeed(await pay.SEATS(at), chain.provider).reporters(at);
      const earnings = await Promise.all(
        registered.map(async (reporter): Promise<Earning> => {
          const { amount } = await pay.earned(reporter, at);
          if (amount === 0n || amount < rules.minPayFtns) return { reporter, amount };
          // How much of it the pool has means for, only the call itself tells.
          const paid = await pay.pay.staticCall(reporter, { ...at, from }).catch((error: unknown) => {
            if (isError(error, "CALL_EXCEPTION")) return { failure: wordsOfFailure(error) };
            throw error;
          });
          return { reporter, amount, paid };
        }),
      );
      return { head, earnings };
    },
    decide: (seen) => decidePay(seen, rules),
    itemOf: ({ reporter }) => reporter,
    call: ({ reporter }) => ({ to: address, data: pay.interface.encodeFunctionData("pay", [reporter]) }),
  };
}
