import { ACTIONS, type Action, type DeskSide, TRIGGERS, type Trigger } from "@ftns/model";
import { isError } from "ethers";
import { contracts } from "@ftns/sdk/contracts.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { wordsOfFailure } from "@ftns/chain/reasons.ts";
import { revertName } from "@ftns/sdk/errors/index.ts";
import type { KeeperConfig } from "../config/schema.ts";

/** A value, or why it could not be read. One contract that fails must not hide the others. */
export type Vital<T> = { value: T } | { failure: string };

/** How the economy and our account stand, as of one block. What the configuration does not name is absent. */
export interface Vitals {
  head: Head;
  /** Wei. */
  balance: bigint;
  /** USD with 8 decimals, seconds, WAD; `undefined` before the first round. Only our own feed knows a confidence. */
  feed?: Vital<{ price: bigint; updatedAt: bigint; confidence?: bigint } | undefined>;
  history?: Vital<{ price: bigint; recordedAt: bigint }>;
  /** WAD, protocol day, seconds. */
  supply?: Vital<{ multiplier: bigint; lastAdjustedDay: bigint; suspendedUntil: bigint }>;
  emergency?: Vital<{
    id: bigint;
    openedAt: bigint;
    open: boolean;
    /** Pulled in the emergency that is open. */
    triggers: Trigger[];
    /** Until when each action lasts (seconds); only those in effect. */
    effects: Partial<Record<Action, bigint>>;
  }>;
  /** What the desk holds (FTNS; dollars of 18 decimals), and what it would trade now, if anything. */
  desk?: Vital<{ inventory: bigint; reserve: bigint; offers: Record<DeskSide, { open: boolean; price: bigint }> }>;
  /** What each of our reporters has earned and was not paid: hours with a report, and FTNS (18 decimals). */
  pay?: { reporter: string; earned: Vital<{ reportHours: bigint; amount: bigint }> }[];
}

/** Reads all of it. Rejects only when the chain itself cannot be read. */
export async function readVitals(
  chain: Chain,
  addresses: KeeperConfig["contracts"],
  account: string,
  reporters: readonly string[] = [],
): Promise<Vitals> {
  const { provider } = chain;
  const head = await chain.latest();
  const at = { blockTag: blockTag(head) };
  const given = <T>(address: string | undefined, read: (address: string) => Promise<T>) =>
    address === undefined ? undefined : attempt(read(address));

  const { reporterPay } = addresses;
  const [balance, feed, history, supply, emergency, desk, pay] = await Promise.all([
    provider.send("eth_getBalance", [account, at.blockTag]).then(BigInt),
    given(addresses.feed, async (address) => {
      const contract = contracts.medianFeed(address, provider);
      try {
        const [{ answer, updatedAt }, market] = await Promise.all([
          contract.latestRoundData(at),
          contract.latestMarket(at).catch(unlessOfContract),
        ]);
        return { price: answer, updatedAt, ...(market && { confidence: market.confidence }) };
      } catch (error) {
        if (revertName(error) === "NoRounds") return undefined;
        throw error;
      }
    }),
    given(addresses.history, async (address) => {
      const { price, knownUntil } = await contracts.history(address, provider).lastRecord(at);
      return { price, recordedAt: knownUntil };
    }),
    given(addresses.controller, async (address) => {
      const controller = contracts.controller(address, provider);
      const [multiplier, lastAdjustedDay, suspendedUntil] = await Promise.all([
        controller.multiplier(at),
        controller.lastAdjustedDay(at),
        controller.suspendedUntil(at),
      ]);
      return { multiplier, lastAdjustedDay, suspendedUntil };
    }),
    given(addresses.breaker, async (address) => {
      const breaker = contracts.breaker(address, provider);
      const [{ id, openedAt, openUntil, triggers }, ...untils] = await Promise.all([
        breaker.emergency(at),
        ...ACTIONS.map((_, index) => breaker.effectUntil(BigInt(index), at)),
      ]);
      const open = openUntil > head.timestamp;
      const lasting = ACTIONS.map((action, index) => [action, untils[index]!] as const);
      return {
        id,
        openedAt,
        open,
        triggers: open ? TRIGGERS.filter((_, index) => (triggers >> BigInt(index)) & 1n) : [],
        effects: Object.fromEntries(lasting.filter(([, until]) => until > head.timestamp)),
      };
    }),
    given(addresses.desk, (address) => readDesk(address, provider, at)),
    reporterPay &&
      Promise.all(
        reporters.map(async (reporter) => {
          const earning = contracts.reporterPay(reporterPay, provider).earned(reporter, at);
          return { reporter, earned: await attempt(earning.then(({ reportHours, amount }) => ({ reportHours, amount }))) };
        }),
      ),
  ]);
  return {
    head,
    balance,
    ...(feed && { feed }),
    ...(history && { history }),
    ...(supply && { supply }),
    ...(emergency && { emergency }),
    ...(desk && { desk }),
    ...(pay && { pay }),
  };
}

async function readDesk(address: string, provider: Chain["provider"], at: { blockTag: string | number }) {
  const desk = contracts.desk(address, provider);
  const [tokenAt, dollarAt] = await Promise.all([desk.TOKEN(at), desk.DOLLAR(at)]);
  const dollar = contracts.token(dollarAt, provider);
  const [inventory, reserve, decimals, sells, buys] = await Promise.all([
    contracts.token(tokenAt, provider).balanceOf(address, at),
    dollar.balanceOf(address, at),
    dollar.decimals(at),
    desk.offer(0n, at),
    desk.offer(1n, at),
  ]);
  const offerOf = ({ refusal, price }: { refusal: bigint; price: bigint }) => ({ open: refusal === 0n, price });
  return {
    inventory,
    reserve: reserve * 10n ** (18n - decimals),
    offers: { SELL: offerOf(sells), BUY: offerOf(buys) } satisfies Record<DeskSide, unknown>,
  };
}

/** Only the contracts may fail one by one. An endpoint that fails is a failure of the whole read. */
function unlessOfContract(error: unknown): undefined {
  if (!isError(error, "CALL_EXCEPTION") && !isError(error, "BAD_DATA")) throw error;
}

async function attempt<T>(reading: Promise<T>): Promise<Vital<T>> {
  try {
    return { value: await reading };
  } catch (error) {
    unlessOfContract(error);
    return { failure: wordsOfFailure(error) };
  }
}

/** The value, where there is one. */
export function valueOf<T>(vital: Vital<T> | undefined): T | undefined {
  return vital && "value" in vital ? vital.value : undefined;
}
