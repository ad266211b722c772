import { expect } from "chai";
import { annotated, forCases, fuzzCases } from "../helpers/random.ts";
import { freshToken } from "./fixture.ts";
import { TokenWorld, capacityLeft, fitsWord, storedSum } from "./world.ts";

const STEPS = 120;
/** Room for runs with many more cases. */
const LONG_RUN_MS = 3_600_000;

describe("FTNSToken and its model", () => {
  it("P9, P88: hold the same words, bit for bit, after every act of random lives", async () => {
    await forCases(fuzzCases(8), async (random) => {
      const world = await TokenWorld.create(await freshToken(), random);
      try {
        for (let step = 0; step < STEPS; step++) {
          await world.step();
          const totals = await world.totals();
          expect(totals.settledFees, "settled fees").to.equal(world.ledger.settledFees);
          expect(totals.supply, "supply").to.equal(world.ledger.supply);
          expect(totals.haltedUntil, "halted").to.equal(world.ledger.haltedUntil);
          expect(totals.recoveryUntil, "recovering").to.equal(world.ledger.recoveryUntil);
          // P1, in what is stored: nothing is lost between balances and the pool's counter.
          expect(storedSum(world.ledger), "stored sum").to.equal(totals.supply);
          // To the unit: what proofs filled is left, lent, or was cut by a limit or a change of class.
          const { filled, lent, cut } = world.ledger.capacity;
          expect(filled, "capacity").to.equal(capacityLeft(world.ledger) + lent + cut);
          for (const actor of world.actors) {
            const state = world.ledger.account(actor.address);
            expect(await world.wordOf(actor), actor.name).to.deep.equal({ ...state });
            expect(fitsWord(state), actor.name).to.equal(true);
          }
          if (totals.recoveryUntil <= world.now) continue;
          for (const actor of world.actors) {
            expect(await world.movableOf(actor), `movable of ${actor.name}`).to.equal(
              world.ledger.movable(actor.address, world.now),
            );
          }
        }
        const pool = world.actors.find(({ name }) => name === "pool")!;
        for (const actor of world.actors) {
          const stored = world.ledger.account(actor.address).balance + (actor === pool ? world.ledger.settledFees : 0n);
          expect(await world.seenBalanceOf(actor), `${actor.name} by events`).to.equal(stored);
        }
      } catch (error) {
        throw annotated(error, world.story.slice(-25).join("\n"));
      }
    });
  }).timeout(LONG_RUN_MS);
});
