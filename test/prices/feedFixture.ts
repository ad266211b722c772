// A median feed with its reporters and a price history, and the shorthand to let them report.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { MarketReport, ReportOf } from "@ftns/model";
import { compareAddresses, packReport, type SigningPlace } from "@ftns/sdk/signing.ts";
import { signMarketReport } from "../helpers/sign.ts";
import { clockOf, HOUR, type Connection } from "../helpers/time.ts";
import type { MedianFeed, PriceHistory } from "../../typechain-types/index.js";

export const CHAIN_ID = 31_337n;
export const USD = 10n ** 8n;

export interface FeedSetup {
  feed: MedianFeed;
  /** Takes the feed's rounds; a price stands for three hours. */
  history: PriceHistory;
  /** In ascending order of address. */
  reporters: HardhatEthersSigner[];
  admin: HardhatEthersSigner;
  stranger: HardhatEthersSigner;
  place: SigningPlace;
}

export async function deployFeed({ ethers }: Connection, count = 7, quorum = 4): Promise<FeedSetup> {
  type Signers = [HardhatEthersSigner, HardhatEthersSigner, ...HardhatEthersSigner[]];
  const [admin, stranger, ...others] = (await ethers.getSigners()) as Signers;
  const reporters = others.slice(0, count).sort((a, b) => compareAddresses(a.address, b.address));
  const manager = await ethers.deployContract("AccessManager", [admin.address]);
  const feed = await ethers.deployContract("MedianFeed", [manager, "FTNS / USD", reporters.map((r) => r.address), quorum]);
  const history = await ethers.deployContract("PriceHistory", [manager, feed, true, 3n * HOUR]);
  await feed.setHistory(history);
  const place = { chainId: CHAIN_ID, verifyingContract: await feed.getAddress() };
  return { feed, history, reporters, admin, stranger, place };
}

/** A sane report, observed at `observedAt`, with `changes`. */
export function reportAt(observedAt: bigint, changes: Partial<MarketReport> = {}): MarketReport {
  return {
    price: 1_50000000n,
    meanPrice: 1_50000000n,
    since: 0n,
    volume6h: 2_000_00000000n,
    meanVolume6h: 1_800_00000000n,
    txTotal: 120n,
    txFailed: 3n,
    sendersDay: 900n,
    observedAt,
    ...changes,
  };
}

export interface Signed extends ReportOf {
  signature: string;
}

export async function signed(reporter: HardhatEthersSigner, report: MarketReport, place: SigningPlace): Promise<Signed> {
  return { reporter: reporter.address, report, signature: await signMarketReport(reporter, report, place) };
}

/** As the feed takes them, in the order given. */
export const packed = (reports: readonly Signed[]) => reports.map(packReport);

/** The first reporters, each with its own changes to a sane report that follows the feed's last round. */
export async function reportsOf(
  setup: FeedSetup,
  observedAt: bigint,
  changes: readonly Partial<MarketReport>[],
): Promise<Signed[]> {
  const since = (await setup.history.lastRecord()).knownUntil;
  return Promise.all(
    changes.map((change, i) =>
      signed(setup.reporters[i] as HardhatEthersSigner, reportAt(observedAt, { since, ...change }), setup.place),
    ),
  );
}

/** `count` sane reports. */
export const sane = (count: number): Partial<MarketReport>[] => Array.from({ length: count }, () => ({}));

/** A feed of seven reporters with a quorum of four, and the second at which the next block comes. */
export class FeedScene {
  setup!: FeedSetup;
  now = 0n;
  readonly #connection: Connection;
  readonly #seven: () => Promise<FeedSetup>;

  constructor(connection: Connection) {
    this.#connection = connection;
    const seven = () => deployFeed(connection);
    this.#seven = seven;
  }

  /** Anew, with another feed if `fixture` says so. */
  async start(fixture = this.#seven): Promise<void> {
    this.setup = await this.#connection.networkHelpers.loadFixture(fixture);
    // Ten minutes past an hour, so that no test depends on when it runs.
    this.now = ((await clockOf(this.#connection).now()) / HOUR + 2n) * HOUR + 600n;
  }

  /** Sends `reports` in a block at `now`. */
  readonly submit = async (reports: readonly Signed[]) => {
    await clockOf(this.#connection).nextBlockAt(this.now);
    return this.setup.feed.connect(this.setup.stranger).submit(packed(reports));
  };

  /** The first reporters' reports of now, each with its own changes. */
  readonly report = async (changes: readonly Partial<MarketReport>[]) =>
    this.submit(await reportsOf(this.setup, this.now, changes));

  readonly submitPrices = async (...prices: bigint[]) => this.report(prices.map((price) => ({ price, meanPrice: price })));

  /** Lets time pass: ten minutes, after which the next round may come. */
  readonly later = (seconds = 600n): void => {
    this.now += seconds;
  };

  readonly refuses = async (call: Promise<unknown>, name: string, ...args: unknown[]): Promise<void> => {
    await expect(call)
      .to.be.revertedWithCustomError(this.setup.feed, name)
      .withArgs(...args);
  };
}
