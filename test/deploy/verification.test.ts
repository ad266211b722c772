// Every way in which a wiring can be wrong, done to a good one: the verification must notice each.
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { verifyWiring } from "@ftns/deploy/verification.ts";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { economyFixture, FTNS, type TestEconomy } from "../helpers/economy.ts";
import type { EconomyParameters } from "@ftns/deploy/parameters.ts";

const PUBLIC_ROLE = 2n ** 64n - 1n;
const A_DAY = 86_400n;

describe("verification (P64)", () => {
  let fixture: Awaited<ReturnType<typeof economyFixture>>;
  let economy: TestEconomy;

  before(async () => {
    fixture = await economyFixture({ bound: true });
  });

  beforeEach(async () => {
    economy = await fixture.fresh();
  });

  const problems = async (fresh = true, change: Partial<EconomyParameters> = {}, other: Partial<TestEconomy> = {}) =>
    (await verifyWiring(fixture.connection, { ...economy, ...other }, { ...economy.parameters, ...change }, { fresh })).problems;
  const admin = () => economy.manager.connect(economy.people.admin);
  const governor = () => economy.people.governor;
  const stranger = () => economy.people.users[0]!;
  const selector = (name: "mint" | "halt" | "transfer") => economy.token.interface.getFunction(name).selector;
  const expectProblem = async (text: string | RegExp) => {
    const found = await problems();
    expect(
      found.some((problem) => (typeof text === "string" ? problem.includes(text) : text.test(problem))),
      found.join("\n") || "no problems found",
    ).to.equal(true);
  };

  it("is content with a fresh economy", async () => {
    expect(await problems()).to.deep.equal([]);
  });

  describe("of roles notices", () => {
    it("a member too many", async () => {
      await admin().grantRole(ROLES.MINTER, stranger().address, 0);
      await expectProblem(new RegExp(`MINTER: members: .*${stranger().address}`));
    });

    it("a member too few", async () => {
      await admin().revokeRole(ROLES.BREAKER, economy.people.breaker.address);
      await expectProblem(`BREAKER: members: ${economy.addresses.breaker} instead of`);
      await expectProblem(`BREAKER: ${economy.people.breaker.address} is a member: false instead of true`);
    });

    it("a delay that will only come: of new members, of changes, and a member granted ahead of time", async () => {
      const { clock } = economy;
      await admin().setGrantDelay(ROLES.MINTER, A_DAY);
      await expectProblem("manager: changes under way: delay of new members of role 1 becomes 86400 s at ");
      await admin().setTargetAdminDelay(economy.token, 2n * A_DAY);
      await expectProblem(`delay of changes of ${economy.addresses.token} becomes 172800 s at `);
      await clock.pass(6n * A_DAY);
      await admin().grantRole(ROLES.MINTER, stranger().address, 0);
      await expectProblem(`${stranger().address} in role 1, with a delay of 0 s at `);
      await clock.pass(2n * A_DAY);
      // What has come is told by the views.
      expect((await problems()).some((problem) => problem.includes("changes under way"))).to.equal(false);
    });

    it("P263: nobody any more who was granted ahead of time and has been revoked since", async () => {
      await admin().setGrantDelay(ROLES.MINTER, A_DAY);
      await economy.clock.pass(6n * A_DAY);
      await admin().grantRole(ROLES.MINTER, stranger().address, 0);
      await admin().revokeRole(ROLES.MINTER, stranger().address);
      expect((await problems()).some((problem) => problem.includes(stranger().address))).to.equal(false);
    });

    it("P263: a call that a member with a delay has announced, until it is cancelled", async () => {
      const { manager, addresses, token } = economy;
      await admin().grantRole(ROLES.BREAKER, stranger().address, A_DAY);
      const data = token.interface.encodeFunctionData("endHalt");
      await manager.connect(stranger()).schedule(addresses.token, data, 0);
      const announced = `call ${data.slice(0, 10)} to ${addresses.token}, announced by ${stranger().address} at `;
      await expectProblem(`manager: changes under way: ${announced}`);
      await manager.connect(stranger()).cancel(stranger().address, addresses.token, data);
      expect((await problems()).some((problem) => problem.includes("announced by"))).to.equal(false);
    });

    it("P263: what the voters passed about roles and delays and the timelock has not done yet", async () => {
      const { timelock, manager, addresses } = economy;
      const { ethers, networkHelpers } = fixture.connection;
      await networkHelpers.impersonateAccount(addresses.governor);
      await networkHelpers.setBalance(addresses.governor, 10n ** 18n);
      const governorItself = await ethers.getSigner(addresses.governor);
      const schedule = (target: string, data: string) =>
        timelock.connect(governorItself).schedule(target, 0n, data, `0x${"00".repeat(32)}`, `0x${"00".repeat(31)}01`, 7n * A_DAY);
      await schedule(addresses.timelock, timelock.interface.encodeFunctionData("updateDelay", [3n * A_DAY]));
      await schedule(addresses.manager, manager.interface.encodeFunctionData("grantRole", [1n, stranger().address, 0n]));
      await schedule(addresses.token, "0x12345678");
      const about = (await problems()).filter((problem) => problem.startsWith("timelock: changes of roles"));
      expect(about).to.have.length(1);
      expect(about[0]).to.include("updateDelay(259200) at ").and.include(`grantRole(1, ${stranger().address}, 0) at `);
      expect(about[0]).to.not.include("0x12345678");
    });

    it("a second administrator", async () => {
      await admin().grantRole(ROLES.ADMIN, stranger().address, 0);
      await expectProblem(/ADMIN: members: /);
    });

    it("a deployer that kept or got back its power", async () => {
      await admin().grantRole(ROLES.ADMIN, economy.deployer, 0);
      await expectProblem("ADMIN: deployer is a member: true instead of false");
    });

    it("a deployer in any other role", async () => {
      await admin().grantRole(ROLES.GOVERNOR, economy.deployer, 0);
      await expectProblem("GOVERNOR: deployer is a member: true instead of false");
    });

    it("a member of a role that is not in the table", async () => {
      await admin().grantRole(77n, stranger().address, 0);
      await expectProblem("other roles: members: role 77 instead of none");
    });

    it("nothing any more once the member has left", async () => {
      await admin().grantRole(77n, stranger().address, 0);
      await economy.manager.connect(stranger()).renounceRole(77n, stranger().address);
      expect(await problems()).to.deep.equal([]);
    });

    it("a delay on a member", async () => {
      await admin().grantRole(ROLES.GOVERNOR, governor().address, A_DAY);
      await expectProblem(`GOVERNOR: delay of ${governor().address}: 86400 s instead of 0 s`);
    });

    it("a role that somebody else administers or can cancel", async () => {
      await admin().setRoleAdmin(ROLES.MINTER, ROLES.BREAKER);
      await admin().setRoleGuardian(ROLES.GOVERNOR, ROLES.BREAKER);
      await expectProblem("MINTER: is administered by: BREAKER instead of ADMIN");
      await expectProblem("GOVERNOR: can be cancelled by: BREAKER instead of ADMIN");
    });

    it("a delay of grants", async () => {
      await admin().setGrantDelay(ROLES.MINTER, A_DAY);
      await fixture.connection.networkHelpers.time.increase(6n * A_DAY);
      await expectProblem("MINTER: delay of new members: 86400 s instead of 0 s");
    });
  });

  describe("of functions notices", () => {
    it("a restricted function given to another role", async () => {
      await admin().setTargetFunctionRole(economy.addresses.token, [selector("halt")], ROLES.GOVERNOR);
      await expectProblem("token.halt: role: GOVERNOR instead of BREAKER");
    });

    it("a restricted function given to everyone", async () => {
      await admin().setTargetFunctionRole(economy.addresses.token, [selector("mint")], PUBLIC_ROLE);
      await expectProblem(`token.mint: role: role ${PUBLIC_ROLE} instead of MINTER`);
      await expectProblem("token.mint: a stranger: may call instead of is refused");
    });

    it("an open function that was given a role", async () => {
      await admin().setTargetFunctionRole(economy.addresses.token, [selector("transfer")], ROLES.GOVERNOR);
      await expectProblem("token.transfer: role: GOVERNOR instead of ADMIN");
    });

    it("a role for a function that the contract does not have", async () => {
      await admin().setTargetFunctionRole(economy.addresses.token, ["0x12345678"], ROLES.GOVERNOR);
      await expectProblem("token: roles of functions it does not have: 0x12345678 instead of none");
    });

    it("a role over a contract that is not ours", async () => {
      await admin().setTargetFunctionRole(stranger().address, [selector("mint")], ROLES.GOVERNOR);
      await expectProblem(`manager: other contracts with roles: ${stranger().address} instead of none`);
    });
  });

  describe("of contracts notices", () => {
    it("a contract that is closed", async () => {
      await admin().setTargetClosed(economy.addresses.registry, true);
      await expectProblem("registry: closed: true instead of false");
    });

    it("a contract whose changes are delayed", async () => {
      await admin().setTargetAdminDelay(economy.addresses.token, A_DAY);
      await fixture.connection.networkHelpers.time.increase(6n * A_DAY);
      await expectProblem("token: delay of changes: 86400 s instead of 0 s");
    });

    it("a vault that the registry does not tell, or that pays demurrage", async () => {
      const { registry, token, people, addresses } = economy;
      await registry.connect(people.governor).setStakingVault(addresses.wrapper);
      await token.connect(people.governor).setAccountClass(addresses.vault, 0n);
      await expectProblem(`registry: stakingVault: ${addresses.wrapper} instead of ${addresses.vault}`);
      await expectProblem("vault: account class: STANDARD instead of EXEMPT");
    });

    it("verifiers who answer for nothing, or with locks that the vault does not admit", async () => {
      const { registry, vault, people, addresses } = economy;
      await registry.connect(people.governor).setVerifierStakes(addresses.wrapper);
      await vault.connect(people.governor).setLockHolder(addresses.verifierStakes, false);
      expect(await problems()).to.deep.equal([
        `registry: verifierStakes: ${addresses.wrapper} instead of ${addresses.verifierStakes}`,
        "vault: verifierStakes holds locks: false instead of true",
      ]);
    });

    it("a vault that reads M from somewhere else", async () => {
      const { vault, people, clock } = economy;
      const store = await fixture.connection.ethers.deployContract("MultiplierStore");
      const { baseRate, commitmentRate, maxRate, tierMultiplier } = await vault.terms();
      const rates = {
        baseRate,
        commitmentRate,
        maxRate,
        tierMultiplier: [...tierMultiplier] as [bigint, bigint, bigint, bigint],
      };
      await vault.connect(people.governor).setTerms({ ...rates, multiplierSource: store });
      await clock.toDaysAhead(1n);
      await expectProblem(`vault: multiplierSource: ${await store.getAddress()} instead of ${ZeroAddress}`);
    });

    it("a contract that obeys another manager", async () => {
      const other = await fixture.connection.ethers.deployContract("AccessManager", [stranger().address]);
      await admin().updateAuthority(economy.addresses.pool, await other.getAddress());
      await expectProblem(`pool: authority: ${await other.getAddress()} instead of ${economy.addresses.manager}`);
    });

    it("other code at an address", async () => {
      const { ethers, networkHelpers } = fixture.connection;
      const code = await ethers.provider.getCode(economy.addresses.roadmapPolicy);
      await networkHelpers.setCode(economy.addresses.roadmapPolicy, `${code.slice(0, -2)}${code.endsWith("00") ? "01" : "00"}`);
      await expectProblem("roadmapPolicy: code at its address: different instead of as compiled here");
    });

    it("no code at an address", async () => {
      await fixture.connection.networkHelpers.setCode(economy.addresses.roadmapPolicy, "0x");
      await expectProblem("roadmapPolicy: code at its address: none instead of as compiled here");
    });
  });

  describe("of references notices", () => {
    it("another feed", async () => {
      const feed = await fixture.connection.ethers.deployContract("ChainlinkFeed", [8n, 10n ** 8n]);
      await economy.history.connect(governor()).setFeed(await feed.getAddress(), true, 10_800n);
      await expectProblem(`history: feed: ${await feed.getAddress()} instead of ${economy.addresses.feed}`);
    });

    it("another policy", async () => {
      const policy = await fixture.connection.ethers.deployContract("RoadmapPolicy");
      await economy.controller.connect(governor()).setPolicy(await policy.getAddress());
      await expectProblem(`controller: policy: ${await policy.getAddress()} instead of ${economy.addresses.roadmapPolicy}`);
    });

    it("another price of keepers' costs", async () => {
      const feed = await fixture.connection.ethers.deployContract("ChainlinkFeed", [8n, 10n ** 8n]);
      const sources = { coinFeed: feed, maxCoinAge: 3_600n, fallbackRate: 10n ** 18n };
      await economy.keeperJobs.connect(governor()).setRateSources(sources);
      await expectProblem(`keeperJobs: coin feed: ${await feed.getAddress()} instead of ${ZeroAddress}`);
    });

    it("another source of the multiplier", async () => {
      const source = await fixture.connection.ethers.deployContract("MultiplierSwitch");
      await economy.pool.connect(governor()).setMultiplierSource(await source.getAddress());
      await expectProblem(`pool: multiplierSource: ${await source.getAddress()} instead of ${economy.addresses.controller}`);
    });

    it("a wrapper that is treated like any account", async () => {
      await economy.token.connect(governor()).setAccountClass(economy.addresses.wrapper, 0n);
      await expectProblem("wrapper: account class: STANDARD instead of POOLED");
    });

    it("another verifier, or another threshold", async () => {
      await economy.registry.connect(governor()).addVerifier(stranger().address);
      await economy.registry.connect(governor()).setAttestationThreshold(3n);
      await expectProblem(new RegExp(`registry: verifiers: .*${stranger().address}`));
      await expectProblem("registry: attestationThreshold: 3 instead of 2");
    });

    it("another reporter, or another quorum", async () => {
      await economy.medianFeed.connect(governor()).addReporter(stranger().address);
      await economy.medianFeed.connect(governor()).setQuorum(4n);
      await expectProblem(new RegExp(`medianFeed: reporters: .*${stranger().address}`));
      await expectProblem("medianFeed: quorum: 4 instead of 3");
    });

    it("another launch day than the parameters name", async () => {
      const launchDay = await economy.controller.launchDay();
      expect(await problems(true, { launchDay })).to.deep.equal([]);
      expect(await problems(true, { launchDay: launchDay + 1n })).to.deep.equal([
        `controller: launchDay: ${launchDay} instead of ${launchDay + 1n}`,
      ]);
    });

    it("addresses of two economies mixed up", async () => {
      const pool = economy.addresses.pool;
      const mixed = { addresses: { ...economy.addresses, pool: economy.addresses.registry } };
      expect(await problems(true, {}, mixed)).to.include(`token: REWARD_POOL: ${pool} instead of ${economy.addresses.registry}`);
    });
  });

  describe("of amounts notices", () => {
    it("another supply at launch", async () => {
      await economy.token.connect(economy.people.treasury).burn(1n);
      await expectProblem(/token: totalSupply: 9{8}\.?9* /);
    });

    it("tokens that the treasury does not hold", async () => {
      await economy.token.connect(economy.people.treasury).transfer(economy.deployer, FTNS);
      await expectProblem("token: balance of the treasury: ");
      await expectProblem(`token: balance of the deployer: ${FTNS} instead of 0`);
    });

    it("nothing of the kind once the economy lives", async () => {
      await economy.token.connect(economy.people.treasury).transfer(stranger().address, FTNS);
      await economy.token.connect(economy.people.treasury).burn(FTNS);
      expect(await problems(false)).to.deep.equal([]);
    });
  });
});
