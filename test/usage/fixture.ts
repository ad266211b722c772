// An economy in which people hold wFTNS, and pay operators for the use of the network's AI.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import { channelIdOf, claimOf, signVoucher, type ChannelTerms } from "@ftns/sdk/usage.ts";
import { economyOn, FTNS, parametersOf } from "../helpers/economy.ts";
import type { Connection } from "../helpers/time.ts";

export { FTNS };
export const WAD = 10n ** 18n;
/** One wFTNS: 24 decimals. */
export const W = 10n ** 24n;
export const HOUR = 3_600n;
export const NOTICE = 48n * HOUR;

/** A chain for one test file. `fresh()` gives the economy at noon, with 10,000 wFTNS for each payer. */
export async function usageFixture() {
  const connection = await network.create();
  const ready = async () => usageOn(connection);
  return { connection, ethers: connection.ethers, fresh: () => connection.networkHelpers.loadFixture(ready) };
}

export async function usageOn(connection: Connection) {
  const economy = await economyOn(connection, parametersOf);
  const { people, token, wrapper, clock } = economy;
  await clock.toDaysAhead(1n, 10n * HOUR);
  const [alice, bob, operator, other, key, stranger] = people.users as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const { chainId } = await connection.ethers.provider.getNetwork();
  const place = { chainId, verifyingContract: economy.addresses.usageChannels };
  for (const payer of [alice, bob]) {
    await token.connect(people.treasury).transfer(payer, 20_000n * FTNS);
    await token.connect(payer).approve(wrapper, 20_000n * FTNS);
    await wrapper.connect(payer).mint(10_000n * W, payer);
    await wrapper.connect(payer).approve(economy.usageChannels, 10_000n * W);
  }
  const channels = economy.usageChannels;
  return {
    ...economy,
    channels,
    router: economy.usageRouter,
    prices: economy.contextPrices,
    connection,
    chainId,
    place,
    alice,
    bob,
    operator,
    other,
    key,
    stranger,
    /** Alice's channel with the operator; `key` signs its vouchers. */
    terms: termsOf(alice, operator, key),
  };
}

export type Usage = Awaited<ReturnType<typeof usageOn>>;

interface Addressed {
  readonly address: string;
}

export const termsOf = (payer: Addressed, operator: Addressed, voucherKey: Addressed, salt = 0n): ChannelTerms => ({
  payer: payer.address,
  operator: operator.address,
  voucherKey: voucherKey.address,
  salt,
});

/** A voucher of `terms` for `cumulative`, signed by `signer`, as `claimMany` takes it. */
export async function voucherOf(
  { place, key }: Pick<Usage, "place" | "key">,
  terms: ChannelTerms,
  cumulative: bigint,
  signer: HardhatEthersSigner = key,
) {
  return claimOf(terms, cumulative, await signVoucher(signer, place, { channelId: channelIdOf(terms), cumulative }));
}

/** `deposited`, `claimed`, and when it leaves. */
export async function stateOf({ channels }: Pick<Usage, "channels">, terms: ChannelTerms) {
  const { deposited, claimed, leavesAt, notices, movable } = await channels.channelOf(channelIdOf(terms));
  return { deposited, claimed, leavesAt, notices, movable };
}
