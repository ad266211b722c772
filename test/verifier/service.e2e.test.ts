// Contributors and three verifiers, each a process with a key and a database of its own.
import { expect } from "chai";
import { HDNodeWallet } from "ethers";
import { Files, gatewayWith, documentOf, type Served } from "./contributors.ts";
import { openWorld, until, type World } from "./world.ts";

describe("verifier service", () => {
  let world: World;
  let files: Files;
  before(async () => {
    world = await openWorld();
    files = await Files.open();
  });
  after(async () => {
    await files?.close();
    await world?.close();
  });

  it("takes documents from evidence to a proof that the registry counts", async () => {
    const [north, south] = await Promise.all(world.seats.slice(0, 2).map((seat) => world.start(seat)));
    const [, author, reviewer] = world.people.users;
    await world.lift(reviewer!);
    const claim = await documentOf(world, files, author!, reviewer!, 3);
    const body = await world.bodyOf(author!, claim);
    const { status, body: said } = await world.submit(north!.seat, body);
    expect(status, JSON.stringify(said)).to.equal(200);
    expect(said).to.include({ state: "complete", contribution_value: "15", kind: "DOCUMENTATION" });
    const { contribution, attestations, reviews } = said.proof;
    await world.registry.connect(author!).submit(contribution, attestations, reviews);
    expect(await world.registry.isProofUsed(said.proof_id)).to.equal(true);
    void south;
  });
});
