/** What the demo calls of the two contracts that it alone has: play dollars, and an AMM between them and wFTNS. */
import type { TypedContract } from "@ftns/sdk/typed/contract.ts";

const uint = <const Name extends string>(name: Name) => ({ type: "uint256", name }) as const;
const account = { type: "address", name: "account" } as const;
const send = { type: "function", stateMutability: "nonpayable" } as const;
const view = { type: "function", stateMutability: "view", inputs: [] } as const;

export const dollarAbi = [
  { ...send, name: "mint", inputs: [account, uint("amount")], outputs: [] },
  { ...send, name: "approve", inputs: [account, uint("amount")], outputs: [{ type: "bool" }] },
  { ...view, name: "balanceOf", inputs: [account], outputs: [uint("balance")] },
] as const;

export const poolAbi = [
  { ...send, name: "addLiquidity", inputs: [uint("tokens"), uint("dollars")], outputs: [] },
  {
    ...send,
    name: "swap",
    inputs: [{ type: "bool", name: "tokenIn" }, uint("amountIn"), uint("minOut")],
    outputs: [uint("amountOut")],
  },
  { ...view, name: "tokenReserve", outputs: [uint("reserve")] },
  { ...view, name: "dollarReserve", outputs: [uint("reserve")] },
  { ...view, name: "isSolvent", outputs: [{ type: "bool" }] },
] as const;

export type DemoDollar = TypedContract<typeof dollarAbi>;
export type DemoPool = TypedContract<typeof poolAbi>;
