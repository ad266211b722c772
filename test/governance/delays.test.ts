// No vote makes the next vote immediate or impossible (P225): delays by every route, last members, code that can be exchanged.
import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { DAY } from "../helpers/time.ts";
import { carryOut, FOR, governedOn, proposalOf, propose, STATE, voted, type Governed } from "./fixture.ts";

const connection = await network.create();
const { ethers } = connection;
const fixture = async () => governedOn(connection);
const MAX = 30n * DAY;

describe("delays and last members", () => {
  let w: Governed;
  let admin: Governed["economy"]["people"]["admin"];
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    admin = w.economy.people.admin;
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
