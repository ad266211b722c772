import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Transaction } from "ethers";
import { type Random, forCases, fuzzCases } from "../helpers/random.ts";
import { ACCOUNT, GWEI, KEY, OTHER_KEY, type WorkChain, type Worker, untilTrue, useWorkChain } from "./transactions.ts";

const CAPS = { maxFeeWei: 60n * GWEI, maxPriorityFeeWei: 6n * GWEI };
const ITEMS = [1n, 2n, 3n];

/** What happens around a keeper, each with its weight. */
const MISHAPS = {
  block: 6,
  "dear block": 2,
  "gas spike": 1,
  "kill and restart": 3,
  "lost by the nodes": 2,
  "done by a twin": 1,
  "another program with the key": 1,
  reorganisation: 2,
} as const;
type Mishap = keyof typeof MISHAPS;

describe("transactions in a world of mishaps", () => {
  let chain: WorkChain;
  let folder: string;
  const open = useWorkChain((started) => (chain = started));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ftns-random-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("P130, P132, P133, P136, P139: does everything once, within the caps, with one transaction in flight", async function () {
    this.timeout(300_000);
    const met = new Map<Mishap, number>();
    const cases = fuzzCases(12);
    await forCases(cases, async (random, index) => {
      if (index > 0) await chain.reset();
      const reorganises = index % 2 === 1;
      const world = new World(chain, random, reorganises, (worker) => open({ stateDir: folder, ...worker }));
      await world.start();
      for (const item of ITEMS) await world.getDone(item, random.int(3, 10));
      await world.check();
      for (const mishap of world.met) met.set(mishap, (met.get(mishap) ?? 0) + 1);
      // The next case has a chain of its own.
      rmSync(folder, { recursive: true, force: true });
    });
    if (cases >= 12) expect([...met.keys()].sort()).to.deep.equal(Object.keys(MISHAPS).sort());
  });
});

class World {
  readonly met: Mishap[] = [];
  readonly #chain: WorkChain;
  readonly #random: Random;
  readonly #reorganises: boolean;
  readonly #open: (options: object) => Promise<Worker>;
  readonly #workers: Worker[] = [];
  readonly #snapshots: string[] = [];

  constructor(chain: WorkChain, random: Random, reorganises: boolean, openWorker: (options: object) => Promise<Worker>) {
    this.#chain = chain;
    this.#random = random;
    this.#reorganises = reorganises;
    this.#open = openWorker;
  }

  async start() {
    const random = this.#random;
    const settings = {
      ...CAPS,
      stuckAfterMs: 40,
      giveUpAfterMs: 400,
      confirmations: random.int(1, 3),
      firstPollMs: 2,
      slowestPollMs: 10,
    };
    const worker = await this.#open({ settings });
    // Some requests fail on their way there, some on their way back.
    worker.seam.before = async (method, params) => {
      if (random.chance(0.03)) throw new Error("the connection broke");
      if (method === "eth_sendRawTransaction" && random.chance(0.1)) {
        await this.#chain.provider.send(method, params).catch(() => undefined);
        throw new Error("the connection broke");
      }
    };
    this.#workers.push(worker);
  }

  /** Runs the job until `item` is done on a chain that stays, through `mishaps` and then in calm. */
  async getDone(item: bigint, mishaps: number) {
    let left = mishaps;
    for (let run = 1; left > 0 || (await this.#chain.timesDone(item)) === 0; run++) {
      if (run > 60) expect.fail(`item ${item} is not done after ${run} runs`);
      const worker = this.#workers.at(-1)!;
      let over = false;
      const running = worker.run(item).finally(() => (over = true));
      while (!over && worker === this.#workers.at(-1)) {
        if (left-- > 0) await this.#happen(this.#drawn(), item);
        else await this.#chain.mineAt(GWEI);
        await this.#countInFlight();
        await new Promise((resolve) => setTimeout(resolve, this.#random.int(5, 60)));
      }
      // One that was killed never ends.
      if (worker === this.#workers.at(-1)) await running;
    }
  }

  /** One at most; but a chain that went back can free a nonce before that of the one in flight. */
  async #countInFlight() {
    if (this.#reorganises) return;
    const ours = (await this.#chain.waiting()).filter(({ from }) => from === ACCOUNT.toLowerCase());
    expect(ours.length, "transactions in flight").to.be.at.most(1);
  }

  async #happen(mishap: Mishap, item: bigint) {
    this.met.push(mishap);
    const chain = this.#chain;
    switch (mishap) {
      case "block":
        this.#snapshots.push(await chain.snapshot());
        return chain.mineAt(GWEI);
      case "dear block":
        return chain.mineAt(BigInt(this.#random.int(4, 40)) * GWEI);
      case "gas spike":
        return chain.mineAt(200n * GWEI);
      case "kill and restart": {
        const dead = this.#workers.at(-1)!;
        await dead.hold();
        return this.start();
      }
      case "lost by the nodes":
        for (const { hash } of await chain.waiting()) await chain.provider.send("hardhat_dropTransaction", [hash]);
        return;
      case "done by a twin": {
        if ((await chain.timesDone(item)) > 0) return;
        const data = chain.work.interface.encodeFunctionData("work", [item]);
        const fees = { feeGwei: 1_000n, tipGwei: 100n };
        const to = await chain.work.getAddress();
        return void (await chain.sendAs(OTHER_KEY, await chain.mined(OTHER_KEY), { to, data, ...fees }).catch(() => undefined));
      }
      case "another program with the key":
        return void (await chain.sendAs(KEY, await chain.mined()).catch(() => undefined));
      case "reorganisation": {
        const [to] = this.#snapshots.splice(-this.#random.int(1, 2));
        if (to) await chain.revert(to);
      }
    }
  }

  #drawn(): Mishap {
    const all = Object.entries(MISHAPS).flatMap(([mishap, weight]) => Array<Mishap>(weight).fill(mishap as Mishap));
    return this.#random.pick(all.filter((mishap) => this.#reorganises || mishap !== "reorganisation"));
  }

  async check() {
    // What a reorganisation took away again is due again.
    for (const item of ITEMS) await this.getDone(item, 0);
    for (const item of ITEMS) expect(await this.#chain.timesDone(item)).to.equal(1);
    const signed = this.#workers.flatMap(({ sentRaw }) => sentRaw).map((raw) => Transaction.from(raw));
    for (const { maxFeePerGas, maxPriorityFeePerGas } of signed) {
      expect(maxFeePerGas! <= CAPS.maxFeeWei && maxPriorityFeePerGas! <= CAPS.maxPriorityFeeWei).to.equal(true);
    }
    // All that is in the chain is of a nonce in line, so nothing can wait behind a gap.
    await untilTrue(async () => {
      await this.#chain.mineAt(GWEI);
      return (await this.#chain.waiting()).length === 0;
    }, "an empty pool");
  }
}
