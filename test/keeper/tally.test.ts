import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { NOBODY, Tally, type TallyEvent } from "@ftns/keeper/jobs/report-velocity/tally.ts";

const [POOL, ALICE, BOB, CAROL] = ["pool", "alice", "bob", "carol"] as const;
const transfer = (from: string, to: string): TallyEvent => ({ kind: "transfer", from, to, value: 1n });

describe("the keeper's tally of payments", () => {
  it("asks for each account once: not for one that it knows, nor for nobody", () => {
    const tally = new Tally(POOL, 3);
    expect(tally.strangersIn([transfer(ALICE, BOB), transfer(ALICE, BOB), transfer(ZeroAddress, ALICE)])).to.deep.equal([
      ALICE,
      BOB,
    ]);
    tally.admit(ALICE, NOBODY);
    expect(tally.strangersIn([transfer(ALICE, BOB)])).to.deep.equal([BOB]);
  });

  it("asks for no more than it may hold", () => {
    const tally = new Tally(POOL, 2);
    tally.admit(ALICE, NOBODY);
    expect(tally.strangersIn([transfer(ALICE, BOB), transfer(BOB, CAROL)])).to.deep.equal([BOB]);
    tally.admit(BOB, NOBODY);
    expect(tally.strangersIn([transfer(BOB, CAROL)])).to.deep.equal([]);
  });
});
