// The chain of the load test, in a process of its own: it grows with its blocks, and must not be taken for the keepers.
import { Wallet, parseEther, toQuantity } from "ethers";
import { CHAIN_ID, fillMonth, liveMarket, startChain } from "../../test/keeper/chain.ts";
import { KEEPERS, REPORTERS, type LoadChain } from "./run.ts";

const key = (digits: string, index: number) => `0x${`${index + 1}${digits}`.repeat(8)}`;
const reporterKeys = Array.from({ length: REPORTERS }, (_, index) => key("eba5e0", index).padEnd(66, "1"));
const accountKeys = Array.from({ length: REPORTERS + KEEPERS }, (_, index) => key("c0ffee", index).padEnd(66, "1"));

const chain = await startChain();
for (const account of accountKeys) {
  await chain.provider.send("hardhat_setBalance", [new Wallet(account).address, toQuantity(parseEther("1000"))]);
}
const live = liveMarket(chain);
await fillMonth(chain, live);
for (const reporter of reporterKeys) await (await chain.feed.addReporter(new Wallet(reporter).address)).wait();
// The three that filled the month would be missing in every round.
for (const reporter of await chain.feed.reporters()) {
  const ours = reporterKeys.some((one) => new Wallet(one).address === reporter);
  if (!ours) await (await chain.feed.removeReporter(reporter)).wait();
}
const { url, addresses } = chain;
const about: LoadChain = { url, chainId: CHAIN_ID, addresses, reporterKeys, accountKeys, startPrice: live.market.price };
process.send!(about);
process.on("disconnect", () => process.exit(0));
