// A median feed with its reporters, and the shorthand to let them report.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ReportOf } from "@ftns/model";
import type { MarketReport } from "@ftns/model";
import { compareAddresses, type SigningPlace } from "@ftns/sdk/signing.ts";
import { signMarketReport } from "../helpers/sign.ts";
import { clockOf, type Connection } from "../helpers/time.ts";
import type { MedianFeed } from "../../typechain-types/index.js";

export const CHAIN_ID = 31_337n;

export interface FeedSetup {
  feed: MedianFeed;
  /** In ascending order of address. */
  reporters: HardhatEthersSigner[];
  admin: HardhatEthersSigner;
  stranger: HardhatEthersSigner;
  place: SigningPlace;
}

export async function deployFeed({ ethers }: Connection, count = 5, quorum = 3): Promise<FeedSetup> {
  type Signers = [HardhatEthersSigner, HardhatEthersSigner, ...HardhatEthersSigner[]];
  const [admin, stranger, ...others] = (await ethers.getSigners()) as Signers;
  const reporters = others.slice(0, count).sort((a, b) => compareAddresses(a.address, b.address));
  const manager = await ethers.deployContract("AccessManager", [admin.address]);
  const feed = await ethers.deployContract("MedianFeed", [manager, "FTNS / USD", reporters.map((r) => r.address), quorum]);
  return { feed, reporters, admin, stranger, place: { chainId: CHAIN_ID, verifyingContract: await feed.getAddress() } };
}

/** A sane report, observed at `observedAt`, with `changes`. */
export function reportAt(observedAt: bigint, changes: Partial<MarketReport> = {}): MarketReport {
  return {
    price: 1_50000000n,
    volume6h: 2_000_00000000n,
    meanVolume6h: 1_800_00000000n,
    txTotal: 120n,
    txFailed: 3n,
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

/** The first reporters, each with its own changes to a sane report. */
export async function reportsOf(setup: FeedSetup, observedAt: bigint, changes: Partial<MarketReport>[]): Promise<Signed[]> {
  return Promise.all(
    changes.map((change, i) => signed(setup.reporters[i] as HardhatEthersSigner, reportAt(observedAt, change), setup.place)),
  );
}

/** Three sane reports. */
export const THREE = [{}, {}, {}];

/** A feed of five reporters with a quorum of three, and the second at which the next block comes. */
export class FeedScene {
  setup!: FeedSetup;
  now = 0n;
  readonly #connection: Connection;
  readonly #five: () => Promise<FeedSetup>;

  constructor(connection: Connection) {
    this.#connection = connection;
    const five = () => deployFeed(connection);
    this.#five = five;
  }

  /** Anew, with another feed if `fixture` says so. */
  async start(fixture = this.#five): Promise<void> {
    this.setup = await this.#connection.networkHelpers.loadFixture(fixture);
    this.now = (await clockOf(this.#connection).now()) + 1_000n;
  }

  /** Sends `reports` in a block at `now`. */
  readonly submit = async (reports: Signed[]) => {
    await clockOf(this.#connection).nextBlockAt(this.now);
    return this.setup.feed.connect(this.setup.stranger).submit(reports);
  };

  readonly submitPrices = async (...prices: bigint[]) =>
    this.submit(
      await reportsOf(
        this.setup,
        this.now - 5n,
        prices.map((price) => ({ price })),
      ),
    );

  /** Lets a minute pass. */
  readonly later = (seconds = 60n): void => {
    this.now += seconds;
  };

  readonly refuses = async (call: Promise<unknown>, name: string, ...args: unknown[]): Promise<void> => {
    await expect(call)
      .to.be.revertedWithCustomError(this.setup.feed, name)
      .withArgs(...args);
  };
}
