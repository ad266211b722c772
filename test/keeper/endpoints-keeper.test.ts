import { expect } from "chai";
import { Wallet } from "ethers";
import { type Keeper, type KeeperConfigInput, createKeeper, parseConfig } from "@ftns/keeper";
import {
  DAY,
  HOUR,
  KEEPER_KEY,
  SECRET_ENV,
  type TestChain,
  chainOf,
  configFor,
  fillMonth,
  liveMarket,
  startChain,
} from "./chain.ts";
import { type Lie, doorTo, honest } from "./liar.ts";

const ACCOUNT = new Wallet(KEEPER_KEY).address;

describe("keeper through several endpoints", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let clean: string;
  let live: ReturnType<typeof liveMarket>;
  let doors: Awaited<ReturnType<typeof doorTo>>[];
  const keepers: Keeper[] = [];

  before(async () => {
    chain = await startChain();
    await chain.jumpTo((await chain.now()) + 10n);
    doors = await Promise.all([0, 1, 2].map(() => doorTo(chain.url)));
    await fillMonth(chain, liveMarket(chain));
    clean = await chain.snapshot();
  });
  beforeEach(() => {
    live = liveMarket(chain);
  });
  afterEach(async () => {
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
    for (const door of doors) {
      door.lie = honest;
      door.asked.length = 0;
    }
    await chain.revert(clean);
    clean = await chain.snapshot();
  });
  after(async () => {
    await Promise.all(doors.map((door) => door.close()));
    await chain.close();
  });

  const open = async (quorum: number, change: Partial<KeeperConfigInput> = {}): Promise<Keeper> => {
    const section = { ...chainOf(...doors.map(({ url }) => url)), quorum, timeoutMs: 5_000 };
    const config = parseConfig({ ...configFor(chain), chain: section, ...change });
    const keeper = await createKeeper(config, { env: SECRET_ENV, sources: [live.source] });
    keepers.push(keeper);
    return keeper;
  };
  const outcomes = async (keeper: Keeper) =>
    Object.fromEntries(
      (await keeper.runOnce()).map(({ job, outcome, reason }) => [job, outcome === "broken" ? reason : outcome]),
    );

  /** Every word bent: values, heights, nonces, receipts, and transactions are taken and thrown away. */
  const liesAboutEverything: Lie = ({ method }, reply) => {
    if (method === "eth_chainId") return reply;
    if (method === "eth_sendRawTransaction") return { result: `0x${"00".repeat(32)}` };
    if ("error" in reply || reply.result === null) return { result: "0x01" };
    const { result } = reply;
    if (typeof result === "string") return { result: result.length > 40 ? result.replace(/.{2}$/, "7f") : "0xfffff" };
    if (Array.isArray(result)) return { result: [] };
    const bent = { ...(result as Record<string, unknown>) };
    if ("status" in bent) bent["status"] = bent["status"] === "0x1" ? "0x0" : "0x1";
    if ("timestamp" in bent) bent["timestamp"] = "0x7fffffff";
    return { result: bent };
  };
  for (const place of [0, 1, 2]) {
    describe(`given that endpoint ${place + 1} of three lies about everything`, () => {
      it("P117: records and adjusts as if it were not there, with a quorum of two", async () => {
        await chain.jumpTo((await chain.now()) + HOUR);
        const expected = await chain.controller.preview();
        expect(expected.ok).to.equal(true);
        doors[place]!.lie = liesAboutEverything;
        const before = await chain.provider.getTransactionCount(ACCOUNT);
        const keeper = await open(2);
        live.market.price = 1.1735;
        const seen = await outcomes(keeper);
        expect(seen).to.include({ "record-price": "nothing", "adjust-supply": "done" });
        expect(await chain.controller.multiplier()).to.equal(expected.newMultiplier);
        const sent = (await chain.provider.getTransactionCount(ACCOUNT)) - before;
        expect(sent).to.equal(Object.values(seen).filter((outcome) => outcome === "done").length);
        expect(doors[place]!.asked.length).to.be.greaterThan(0);

        await chain.jumpTo((await chain.now()) + DAY);
        const again = await outcomes(keeper);
        expect(again).to.include({ "report-price": "done", "record-price": "nothing" });
      });
    });
  }

  describe("given a quorum of one, and lies about values alone", () => {
    it("the first endpoint stops the job, which is what a quorum is for", async () => {
      doors[0]!.lie = (request, reply) => (request.method === "eth_call" ? liesAboutEverything(request, reply) : reply);
      const before = await chain.controller.multiplier();
      const [one] = await (await open(1)).runOnce(["adjust-supply"]);
      expect(one?.outcome).to.equal("broken");
      expect(await chain.controller.multiplier()).to.equal(before);
      const [other] = await (await open(2)).runOnce(["adjust-supply"]);
      expect(other?.outcome).to.equal("done");
    });
  });

  describe("given that the preferred endpoint goes away in the middle", () => {
    it("P114: the others do the work, with a quorum of one", async () => {
      const keeper = await open(1);
      const gone = doors[0]!;
      await gone.close();
      try {
        await chain.jumpTo((await chain.now()) + HOUR);
        expect(await outcomes(keeper)).to.include({ "record-price": "nothing", "adjust-supply": "done" });
      } finally {
        doors[0] = await doorTo(chain.url);
      }
    });
  });
});
