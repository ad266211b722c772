// No vote makes the next vote immediate or impossible (P225): delays by every route, last members, code that can be exchanged.
import { expect } from "chai";
import { network } from "hardhat";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { FTNS } from "../helpers/economy.ts";
import { DAY } from "../helpers/time.ts";
import { carryOut, FOR, governedOn, proposalOf, propose, STATE, voted, type Governed } from "./fixture.ts";

const connection = await network.create();
const { ethers } = connection;
const fixture = async () => governedOn(connection);
const MAX = 30n * DAY;

describe("delays and last members", () => {
  let w: Governed;
  let manager: Governed["economy"]["manager"];
  let admin: Governed["economy"]["people"]["admin"];
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    admin = w.economy.people.admin;
    manager = w.economy.manager.connect(admin);
  });

  describe("the timelock's delay", () => {
    // Seen: updateDelay(0) and updateDelay(2^256 - 1) both passed, the second for ever.
    for (const [value, passes] of [
      [0n, false],
      [DAY - 1n, false],
      [DAY, true],
      [MAX, true],
      [MAX + 1n, false],
      [2n ** 256n - 1n, false],
    ] as const) {
      it(`${passes ? "becomes" : "never becomes"} ${value} s by a vote`, async () => {
        const p = await proposalOf(w, w.timelock, "updateDelay", [value], "another delay");
        await voted(w, 0, p, [[0, FOR]]);
        if (passes) {
          await carryOut(w, p);
          expect(await w.timelock.getMinDelay()).to.equal(value);
        } else {
          await expect(carryOut(w, p)).to.be.revertedWithCustomError(w.timelock, "DelayOutOfBounds").withArgs(value, DAY, MAX);
          expect(await w.timelock.getMinDelay()).to.equal(2n * DAY);
        }
      });

      it(`${passes ? "starts" : "never starts"} as ${value} s`, async () => {
        const args = [value, admin, w.economy.token, w.economy.wrapper];
        if (passes) await ethers.deployContract("FTNSTimelock", args);
        else
          await expect(ethers.deployContract("FTNSTimelock", args)).to.be.revertedWithCustomError(w.timelock, "DelayOutOfBounds");
      });
    }

    it("is not changed by anyone but the timelock", async () => {
      await expect(w.timelock.connect(admin).updateDelay(3n * DAY)).to.be.revertedWithCustomError(
        w.timelock,
        "TimelockUnauthorizedCaller",
      );
    });

    it("is the governor's for ever: no other timelock", async () => {
      await expect(w.governor.updateTimelock(w.timelock)).to.be.revertedWithCustomError(w.governor, "TimelockIsFixed");
      const p = await proposalOf(w, w.governor, "updateTimelock", [await w.timelock.getAddress()], "another timelock");
      await voted(w, 0, p, [[0, FOR]]);
      await expect(carryOut(w, p)).to.be.revertedWithCustomError(w.governor, "TimelockIsFixed");
    });
  });

  describe("delays of the access manager", () => {
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

  describe("a role of the timelock", () => {
    for (const name of ["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE", "DEFAULT_ADMIN_ROLE"] as const) {
      it(`${name} is not taken from its last member by a vote, and is with a successor`, async () => {
        const role = await w.timelock[name]();
        const member = name === "DEFAULT_ADMIN_ROLE" ? await w.timelock.getAddress() : await w.governor.getAddress();
        const p = await proposalOf(w, w.timelock, "revokeRole", [role, member], `no more ${name}`);
        await voted(w, 0, p, [[0, FOR]]);
        await expect(carryOut(w, p)).to.be.revertedWithCustomError(w.timelock, "LastMember").withArgs(role, member);
        expect(await w.governor.state(p.id)).to.equal(STATE.queued);
        expect(await w.timelock.hasRole(role, member)).to.equal(true);

        const grant = await proposalOf(w, w.timelock, "grantRole", [role, admin.address], `one more ${name}`);
        await voted(w, 1, grant, [[0, FOR]]);
        await carryOut(w, grant);
        await w.timelock.connect(admin).renounceRole(role, admin.address);
        expect(await w.timelock.getRoleMemberCount(role)).to.equal(1n);
      });
    }

    it("can be looked up as OpenZeppelin's can", async () => {
      expect(await w.timelock.supportsInterface("0x01ffc9a7")).to.equal(true);
      // IAccessControl and IERC1155Receiver.
      for (const id of ["0x7965db0b", "0x4e2312e0"]) expect(await w.timelock.supportsInterface(id)).to.equal(true);
      expect(await w.timelock.supportsInterface("0xffffffff")).to.equal(false);
    });
  });

  describe("a target", () => {
    const proposalTo = async (target: string) => {
      const p = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, FTNS], `to ${target}`);
      const id = await w.governor["hashProposal"]([target], p.values, p.calldatas, p.descriptionHash);
      return { ...p, targets: [target], id };
    };

    // Seen: a delegated account was accepted. Its owner exchanges the code behind it, under the same hash.
    it("that is an account with delegated code (EIP-7702) is refused", async () => {
      const owner = ethers.Wallet.createRandom().address;
      await connection.networkHelpers.setCode(owner, `0xef0100${w.economy.addresses.token.slice(2)}`);
      await expect(propose(w.governor, w.voters[0]!, await proposalTo(owner)))
        .to.be.revertedWithCustomError(w.governor, "DelegatedTarget")
        .withArgs(owner);
    });

    it("with 23 bytes of code of its own is taken, and so is other code of any length", async () => {
      const odd = ethers.Wallet.createRandom().address;
      await connection.networkHelpers.setCode(odd, `0x60${"00".repeat(22)}`);
      const p = await proposalTo(odd);
      await propose(w.governor, w.voters[0]!, p);
      expect(await w.governor.state(p.id)).to.equal(STATE.pending);
    });
  });
});
