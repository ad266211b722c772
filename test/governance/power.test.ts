// A deployment as it is meant: no account holds power, and the voters can do everything.
import { expect } from "chai";
import { network } from "hardhat";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { economyOn, FTNS, parametersOfVoters } from "../helpers/economy.ts";
import { DAY } from "../helpers/time.ts";
import { carryOut, FOR, outsider, proposalOf, stake, voted, type Governed } from "./fixture.ts";

const connection = await network.create();

async function ruledByVoters(): Promise<Governed> {
  const economy = await economyOn(connection, parametersOfVoters);
  const voters = economy.people.users.slice(0, 3);
  const outsiders = await Promise.all([1, 2].map((i) => outsider(connection, i)));
  const { vault: votes, timelock, governor, clock } = economy;
  const governed = { economy, votes, timelock, governor, voters, outsiders };
  for (const voter of voters) await stake(governed, voter, 1_000_000n * FTNS);
  await clock.pass(60n);
  return governed;
}

describe("power (P79)", () => {
  let w: Governed;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(ruledByVoters);
  });

  it("is in no account's hands but the guardian's six hours", async () => {
    const { manager, people, addresses, deployer } = w.economy;
    const accounts = [
      deployer,
      ...Object.values(people)
        .flat()
        .map(({ address }) => address),
    ];
    for (const [role, number] of Object.entries(ROLES)) {
      for (const account of accounts) {
        const [has] = await manager.hasRole(number, account);
        expect(has, `${account} in ${role}`).to.equal(role === "GUARDIAN" && account === people.breaker.address);
      }
    }
    for (const role of [ROLES.ADMIN, ROLES.GOVERNOR]) expect((await manager.hasRole(role, addresses.timelock))[0]).to.equal(true);
    expect((await manager.hasRole(ROLES.BREAKER, addresses.breaker))[0]).to.equal(true);
    expect((await manager.hasRole(ROLES.EMERGENCY, addresses.emergencyGovernor))[0]).to.equal(true);
  });

  it("of the timelock is the governor's alone, and nobody administers it from outside", async () => {
    const { timelock, governor } = w;
    const { people, deployer } = w.economy;
    for (const role of ["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"] as const) {
      const id = await timelock[role]();
      expect(await timelock.hasRole(id, governor)).to.equal(true);
      for (const account of [deployer, people.admin.address, connection.ethers.ZeroAddress]) {
        expect(await timelock.hasRole(id, account)).to.equal(false);
      }
    }
    expect(await timelock.hasRole(await timelock.DEFAULT_ADMIN_ROLE(), deployer)).to.equal(false);
    expect(await timelock.hasRole(await timelock.DEFAULT_ADMIN_ROLE(), timelock)).to.equal(true);
  });

  it("of the voters sets a parameter", async () => {
    const p = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], "Pay more for data");
    await voted(w, 0, p, [
      [0, FOR],
      [1, FOR],
    ]);
    await carryOut(w, p);
    expect(await w.economy.registry.baseRate(2n)).to.equal(11n * FTNS);
  });

  it("of the voters replaces the guardian, and re-arms it", async () => {
    const { manager, people } = w.economy;
    const p = await proposalOf(w, manager, "grantRole", [ROLES.GUARDIAN, people.treasury.address, 0n], "Another guardian");
    await voted(w, 0, p, [
      [0, FOR],
      [1, FOR],
    ]);
    await carryOut(w, p);
    expect((await manager.hasRole(ROLES.GUARDIAN, people.treasury))[0]).to.equal(true);
    const rearm = await proposalOf(w, w.economy.breaker, "rearmGuardian", [], "Again");
    await voted(w, 0, rearm, [
      [0, FOR],
      [1, FOR],
    ]);
    await expect(carryOut(w, rearm)).to.emit(w.economy.breaker, "GuardianRearmed");
  });

  it("of the voters upgrades nothing by surprise: eight days from a proposal to its effect", async () => {
    const p = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, 12n * FTNS], "More");
    const start = await w.economy.clock.now();
    await voted(w, 0, p, [
      [0, FOR],
      [1, FOR],
    ]);
    await carryOut(w, p);
    expect((await w.economy.clock.now()) - start).to.be.at.least(8n * DAY);
  });
});
