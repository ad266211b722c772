// Reports of reporters whose keys the tests know.
import { Wallet } from "ethers";
import type { MarketReport } from "@ftns/model";
import { REPORTER_KEYS } from "./chain.ts";
import { signedBy } from "./signed.ts";

export const NOW = 1_800_000_000n;
export const ID = { chainId: 31_337, feed: `0x${"1".repeat(40)}` };
export const WALLETS = REPORTER_KEYS.map((key) => new Wallet(key));
export const [A, B, C] = WALLETS as [Wallet, Wallet, Wallet];
export const REGISTERED = WALLETS.map(({ address }) => address);
export const STRANGER = new Wallet(`0x${"77".repeat(32)}`);
export const MARKET: MarketReport = {
  price: 125_000_000n,
  meanPrice: 124_000_000n,
  since: NOW - 3_600n,
  volume6h: 50n,
  meanVolume6h: 60n,
  txTotal: 100n,
  txFailed: 2n,
  sendersDay: 900n,
  observedAt: NOW - 10n,
};
export const ADMISSION = { registered: REGISTERED, now: NOW, maxAgeSec: 300 };
export const signed = (wallet: Wallet, change: Partial<MarketReport> = {}, id = ID) =>
  signedBy([wallet], { ...MARKET, ...change }, id)[0]!;
