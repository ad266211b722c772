// The load test at a small size; `npm run load` is the whole of it, and measures memory.
import { expect } from "chai";
import { REPORTERS, runLoad } from "../../bench/load/run.ts";
import { confidenceOf } from "@ftns/model";
import { CHAIN_ID, DAY } from "../keeper/chain.ts";
import { SECRETS } from "./harness/secrets.ts";
import { SCALE, tryAll } from "./harness/tally.ts";
import { type World, useWorld } from "./harness/world.ts";

describe("load", function () {
  this.timeout(1_200_000);
  let world: World;
  useWorld((one) => (world = one));

  it("P169: five reporters and three keepers for two days: less than 2 % wasted, nothing missed", () =>
    tryAll(
      "two days of load",
      Array.from({ length: Math.min(3, Math.round(SCALE)) }, (_, index) => index),
      String,
      async () => {
        await world.reset();
        const days = 2;
        const keysNamed = (name: string) =>
          Object.keys(SECRETS)
            .filter((key) => key.startsWith(name))
            .map((key) => SECRETS[key]!);
        const since = (await world.blockNumber()) + 1;
        const { url, addresses } = world.chain;
        const result = await runLoad(
          {
            url,
            chainId: CHAIN_ID,
            addresses,
            reporterKeys: keysNamed("REPORTER_"),
            accountKeys: keysNamed("ACCOUNT_"),
            startPrice: world.live.market.price,
          },
          days,
        );
        const story = JSON.stringify(result);
        expect(result.wasted, story).to.be.lessThan(0.02);
        const times = await world.timesDone(since);
        expect(times["report-price"], story).to.be.at.least(days * 24);
        // A party looks twice an hour here, so that a record may come an hour later than it could.
        expect(times["record-price"], story).to.be.at.least(days * 12);
        const today = ((await world.chain.now()) - 7_200n) / DAY;
        for (const average of await world.chain.history.dayAverages([today - 1n])) {
          expect(average.usable, `covered ${average.coveredSec} s`).to.equal(true);
        }
        // The day at which the chain stands, and those that begin.
        expect(times["adjust-supply"], story).to.be.within(days, days + 1);
        expect((await world.chain.feed.latestMarket()).confidence).to.equal(confidenceOf(REPORTERS, 0));
        expect((await world.chain.feed.reporters()).length).to.equal(REPORTERS);
      },
    ));
});
