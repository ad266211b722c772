// The access manager's limits, which hold whoever asks (P225): delays by every route, and the last members of roles of power.
import { expect } from "chai";
import { network } from "hardhat";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { carryOut, FOR, governedOn, proposalOf, voted, type Governed } from "../governance/fixture.ts";
import { DAY } from "../helpers/time.ts";

const connection = await network.create();
const { ethers } = connection;
const fixture = async () => governedOn(connection);
const MAX = 30n * DAY;

describe("FTNSAccessManager", () => {
  let w: Governed;
  let manager: Governed["economy"]["manager"];
  let admin: Governed["economy"]["people"]["admin"];
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    admin = w.economy.people.admin;
    manager = w.economy.manager.connect(admin);
  });

  describe("delays", () => {
    const setters: [string, (delay: bigint) => Promise<unknown>, (delay: bigint) => unknown[]][] = [
      [
        "grantRole",
        (delay) => manager.grantRole(ROLES.MINTER, w.voters[0]!, delay),
        (delay) => [ROLES.MINTER, admin.address, delay],
      ],
      ["setGrantDelay", (delay) => manager.setGrantDelay(ROLES.MINTER, delay), (delay) => [ROLES.MINTER, delay]],
      [
        "setTargetAdminDelay",
        (delay) => manager.setTargetAdminDelay(w.economy.token, delay),
        (delay) => [w.economy.addresses.token, delay],
      ],
    ];
    for (const [name, set, args] of setters) {
      it(`${name} takes 30 days and refuses a second more, for the administrator and for the voters`, async () => {
        await expect(set(MAX + 1n))
          .to.be.revertedWithCustomError(manager, "DelayTooLong")
          .withArgs(MAX + 1n, MAX);
        await expect(set(2n ** 32n - 1n)).to.be.revertedWithCustomError(manager, "DelayTooLong");
        await set(MAX);
        const p = await proposalOf(w, w.economy.manager, name, args(MAX + 1n), "for ever");
        await voted(w, 0, p, [[0, FOR]]);
        await expect(carryOut(w, p)).to.be.revertedWithCustomError(manager, "DelayTooLong");
      });

      it(`${name} refuses it inside a multicall, too`, async () => {
        const data = manager.interface.encodeFunctionData(name as "grantRole", args(MAX + 1n) as never);
        await expect(manager.multicall([data])).to.be.revertedWithCustomError(manager, "DelayTooLong");
      });
    }
  });

  describe("a role of power", () => {
    const ofPower = [ROLES.ADMIN, ROLES.BREAKER, ROLES.GOVERNOR, ROLES.EMERGENCY];
    /** Takes the role from all but `last`, whose it is then. */
    const leave = async (role: bigint, last: string) => {
      if (!(await manager.hasRole(role, last))[0]) await manager.grantRole(role, last, 0);
      for (const member of await manager.membersOf(role)) {
        if (member !== last && !(role === ROLES.ADMIN && member === admin.address)) await manager.revokeRole(role, member);
      }
    };

    for (const role of ofPower) {
      it(`number ${role} is not taken from its last member, nor renounced by it`, async () => {
        const last = role === ROLES.ADMIN ? admin.address : w.voters[0]!.address;
        await leave(role, last);
        expect(await manager.membersOf(role)).to.deep.equal([last]);
        await expect(manager.revokeRole(role, last)).to.be.revertedWithCustomError(manager, "LastMember").withArgs(role, last);
        const self = manager.connect(role === ROLES.ADMIN ? admin : w.voters[0]!);
        await expect(self.renounceRole(role, last)).to.be.revertedWithCustomError(manager, "LastMember");
        // With a successor it is.
        await manager.grantRole(role, w.voters[1]!, 0);
        await self.renounceRole(role, last);
        expect(await manager.membersOf(role)).to.deep.equal([w.voters[1]!.address]);
      });
    }

    it("has no successor in one whose grant is not in effect yet", async () => {
      await leave(ROLES.EMERGENCY, w.voters[0]!.address);
      await manager.setGrantDelay(ROLES.EMERGENCY, DAY);
      await w.economy.clock.pass(6n * DAY);
      await manager.grantRole(ROLES.EMERGENCY, w.voters[1]!, 0);
      await expect(manager.revokeRole(ROLES.EMERGENCY, w.voters[0]!)).to.be.revertedWithCustomError(manager, "LastMember");
      await w.economy.clock.pass(DAY);
      await manager.revokeRole(ROLES.EMERGENCY, w.voters[0]!);
      expect(await manager.membersOf(ROLES.EMERGENCY)).to.deep.equal([w.voters[1]!.address]);
    });

    it("is taken from nobody who has it not, also where nobody has it", async () => {
      const fresh = await ethers.deployContract("FTNSAccessManager", [admin]);
      const mine = fresh.connect(admin) as typeof fresh;
      for (const role of [ROLES.BREAKER, ROLES.EMERGENCY, ROLES.ADMIN])
        await mine.getFunction("revokeRole").send(role, w.voters[0]!);
      expect(await fresh.getFunction("membersOf").staticCall(ROLES.ADMIN)).to.deep.equal([admin.address]);
      await expect(mine.getFunction("revokeRole").send(ROLES.ADMIN, admin)).to.be.revertedWithCustomError(manager, "LastMember");
    });

    it("has at most 16 members, and granting twice counts once", async () => {
      const have = (await manager.membersOf(ROLES.BREAKER)).length;
      for (let i = have; i < 16; i++) await manager.grantRole(ROLES.BREAKER, ethers.Wallet.createRandom().address, 0);
      await manager.grantRole(ROLES.BREAKER, (await manager.membersOf(ROLES.BREAKER))[3]!, 0);
      await expect(manager.grantRole(ROLES.BREAKER, w.voters[0]!, 0))
        .to.be.revertedWithCustomError(manager, "TooManyMembers")
        .withArgs(ROLES.BREAKER, 16n);
    });

    it("is no other role: those may be nobody's", async () => {
      await manager.grantRole(ROLES.GUARDIAN, w.voters[0]!, 0);
      for (const guardian of [w.voters[0]!.address, w.economy.people.breaker.address]) {
        await manager.revokeRole(ROLES.GUARDIAN, guardian);
      }
      expect(await manager.membersOf(ROLES.GUARDIAN)).to.deep.equal([]);
      await manager.revokeRole(ROLES.GUARDIAN, w.voters[0]!);
    });
  });
});
