import { Interface, type BaseContract, type FunctionFragment } from "ethers";
import { expect } from "chai";
import { artifacts } from "hardhat";
import { CONTRACTS } from "@ftns/sdk/economy.ts";
import { revertDataOf } from "@ftns/sdk/errors/index.ts";
import { STRANGER, isRefused, madeUpArguments, refuses, writesOf } from "@ftns/deploy/probe.ts";
import { MANAGED_INTERFACES, MANAGER_ONLY, OPEN, RESTRICTED, ROLES, type Managed, type Role } from "@ftns/deploy/wiring.ts";
import { AccessManager__factory } from "../../typechain-types/index.ts";
import { economyFixture, type TestEconomy } from "../helpers/economy.ts";

const MANAGED = Object.keys(MANAGED_INTERFACES) as Managed[];
const TABLE = Object.entries(RESTRICTED) as [Managed, Partial<Record<Role, readonly string[]>>][];

/** Every function that changes state, found in the interfaces and not in a list by hand. */
const WRITES: [Managed, FunctionFragment][] = MANAGED.flatMap((name) =>
  writesOf(MANAGED_INTERFACES[name]).map((fragment): [Managed, FunctionFragment] => [name, fragment]),
);
const RESTRICTED_WRITES = WRITES.filter(([name, { name: fn }]) => !Object.hasOwn(OPEN[name], fn));
const OPEN_WRITES = WRITES.filter(([name, { name: fn }]) => Object.hasOwn(OPEN[name], fn));

/** What RewardVesting may do, and governance, under whose role it stands. */
const GOVERNORS_TOO = new Set(["pool.cancelClaimable", "verifierStakes.slash"]);

function rolesOf(contract: Managed, fn: string): Role[] {
  return (Object.keys(ROLES) as Role[]).filter((role) => RESTRICTED[contract][role]?.includes(fn));
}

describe("permissions", () => {
  let fixture: Awaited<ReturnType<typeof economyFixture>>;
  let economy: TestEconomy;

  before(async () => {
    fixture = await economyFixture({ withDesk: true, bound: true });
    economy = await fixture.fresh();
  });

  const contractOf = (name: Managed): BaseContract => economy[name];
  const interfaceOf = (name: Managed): Interface => MANAGED_INTERFACES[name];
  const refused = async (name: Managed, fragment: FunctionFragment, caller: string) =>
    isRefused(fixture.connection.ethers.provider, await contractOf(name).getAddress(), interfaceOf(name), fragment, caller);

  describe("the table (P60)", () => {
    for (const [name, fragment] of WRITES) {
      it(`names ${name}.${fragment.name} once: open, or restricted to one role`, () => {
        const open = Object.hasOwn(OPEN[name], fragment.name) ? 1 : 0;
        const managerOnly = MANAGER_ONLY.includes(fragment.name) ? 1 : 0;
        expect(open + managerOnly + rolesOf(name, fragment.name).length).to.equal(1);
      });
    }

    it("names no function that does not exist", () => {
      for (const name of MANAGED) {
        const existing = new Set(writesOf(interfaceOf(name)).map((fragment) => fragment.name));
        const named = [...Object.keys(OPEN[name]), ...Object.values(RESTRICTED[name]).flat()];
        for (const fn of named) expect(existing, `${name}.${fn}`).to.include(fn);
      }
    });

    it("covers every contract that answers to an AccessManager", async () => {
      const ours = [...(await artifacts.getAllFullyQualifiedNames())].filter(
        (name) => name.startsWith("contracts/") && !name.startsWith("contracts/test/"),
      );
      const covered = new Set(MANAGED.map((name) => (name === "medianFeed" ? CONTRACTS.feed : CONTRACTS[name])));
      let found = 0;
      for (const { abi, bytecode, contractName } of await Promise.all(ours.map((name) => artifacts.readArtifact(name)))) {
        const isManaged = bytecode !== "0x" && new Interface(abi).hasFunction("setAuthority");
        if (isManaged) expect(covered, contractName).to.include(contractName);
        found += isManaged ? 1 : 0;
      }
      expect(found).to.equal(covered.size);
    });

    it("gives a reason for every open function", () => {
      for (const [name, { name: fn }] of OPEN_WRITES) expect(OPEN[name][fn], `${name}.${fn}`).to.match(/\w+ \w+/);
    });
  });

  describe("given a stranger (P61)", () => {
    for (const [name, fragment] of RESTRICTED_WRITES) {
      it(`refuses ${name}.${fragment.name}`, async () => {
        const [stranger] = economy.people.users;
        const contract = contractOf(name).connect(stranger!) as BaseContract;
        const call = contract.getFunction(fragment).send(...madeUpArguments(fragment.inputs));
        await expect(call)
          .to.be.revertedWithCustomError(contractOf(name), "AccessManagedUnauthorized")
          .withArgs(stranger!.address);
      });
    }

    for (const [name, fragment] of OPEN_WRITES) {
      it(`does not ask for permission in ${name}.${fragment.name}`, async () => {
        expect(await refused(name, fragment, STRANGER)).to.equal(false);
      });
    }
  });

  describe("given a stranger before the AccessManager (P61)", () => {
    /** These decide by themselves who may use them, or give nobody anything. */
    const open: Record<string, string> = {
      renounceRole: "gives up the caller's own role",
      schedule: "asks for the permission of the call that is scheduled",
      execute: "asks for the permission of the call that is made",
      cancel: "asks who scheduled",
      consumeScheduledOp: "is for managed contracts, about themselves",
      multicall: "makes calls in the caller's own name",
    };
    for (const fragment of writesOf(AccessManager__factory.createInterface())) {
      if (Object.hasOwn(open, fragment.name)) continue;
      it(`refuses ${fragment.name}`, async () => {
        const { manager, people } = economy;
        const [stranger] = people.users;
        const call = manager
          .connect(stranger!)
          .getFunction(fragment.name as "labelRole")
          .send(...(madeUpArguments(fragment.inputs) as [bigint, string]));
        await expect(call)
          .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedAccount")
          .withArgs(stranger!.address, ROLES.ADMIN);
      });
    }
  });

  describe("given a member of a role (P62)", () => {
    // The contracts among them cannot sign, so they are asked by calls.
    const callers: [Role, (from: TestEconomy) => string][] = [
      ["ADMIN", ({ people }) => people.admin.address],
      ["BREAKER", ({ people }) => people.breaker.address],
      ["GOVERNOR", ({ people }) => people.governor.address],
      ["MINTER", ({ addresses }) => addresses.pool],
      ["REGISTRAR", ({ addresses }) => addresses.registry],
      ["REWARDER", ({ addresses }) => addresses.registry],
      ["EMERGENCY", ({ addresses }) => addresses.emergencyGovernor],
      ["VOTING", ({ addresses }) => addresses.voteProofs],
      ["GUARDIAN", ({ people }) => people.breaker.address],
      ["STAKING", ({ addresses }) => addresses.vault],
      ["KEEPER", ({ addresses }) => addresses.keeperJobs],
      ["BATCHES", ({ addresses }) => addresses.batchRewards],
      ["CREDITOR", ({ addresses }) => addresses.usageRouter],
      ["VESTING", ({ addresses }) => addresses.rewardVesting],
    ];
    for (const [role, caller] of callers) {
      it(`lets ${role} call what it is for, and refuses the rest`, async () => {
        const address = caller(economy);
        // One contract may hold two roles: what it may do is the sum.
        const holds = callers.filter(([, other]) => other(economy) === address).map(([name]) => name);
        for (const [name, fragment] of RESTRICTED_WRITES) {
          const shared = role === "VESTING" && GOVERNORS_TOO.has(`${name}.${fragment.name}`);
          const may = shared || rolesOf(name, fragment.name).some((needed) => holds.includes(needed));
          expect(await refused(name, fragment, address), `${name}.${fragment.name}`).to.equal(!may);
        }
      });
    }

    it("gives every restricted function somebody who may call it", async () => {
      for (const [name, byRole] of TABLE) {
        for (const [role, functions] of Object.entries(byRole) as [Role, readonly string[]][]) {
          const caller = callers.find(([other]) => other === role)![1](economy);
          for (const fn of functions) {
            const fragment = interfaceOf(name).getFunction(fn)!;
            expect(await refused(name, fragment, caller), `${name}.${fn}`).to.equal(false);
          }
        }
      }
    });
  });

  describe("given the deployer (P63)", () => {
    it("is refused like any stranger", async () => {
      for (const [name, fragment] of RESTRICTED_WRITES) {
        expect(await refused(name, fragment, economy.deployer), `${name}.${fragment.name}`).to.equal(true);
      }
    });

    it("can grant no role and assign no function", async () => {
      const { manager, people } = economy;
      const mine = manager.connect(people.deployer);
      const denied = async (sent: Promise<unknown>) =>
        expect(sent)
          .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedAccount")
          .withArgs(people.deployer.address, ROLES.ADMIN);
      await denied(mine.grantRole(ROLES.MINTER, people.deployer.address, 0));
      await denied(mine.setTargetFunctionRole(economy.addresses.token, ["0x40c10f19"], ROLES.GOVERNOR));
      await denied(mine.setTargetClosed(economy.addresses.token, true));
      await denied(mine.updateAuthority(economy.addresses.token, people.deployer.address));
    });
  });

  describe("the probe", () => {
    it("takes a refusal of somebody else for none of its own", async () => {
      const [stranger] = economy.people.users;
      const error = await economy.token
        .connect(stranger!)
        .mint.staticCall(stranger!.address, 1n)
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      const data = revertDataOf(error);
      expect(data).to.be.a("string");
      expect(refuses(data!, stranger!.address)).to.equal(true);
      expect(refuses(data!, STRANGER)).to.equal(false);
    });
  });
});
