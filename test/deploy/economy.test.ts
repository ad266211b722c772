import { expect } from "chai";
import { network } from "hardhat";
import { deployEconomy, type Economy } from "@ftns/deploy/economy.ts";
import { ParameterError, type EconomyParameters } from "@ftns/deploy/parameters.ts";
import { addressFrom } from "@ftns/deploy/probe.ts";
import { verifyWiring } from "@ftns/deploy/verification.ts";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { cast, INITIAL_SUPPLY, parametersOf, type Cast } from "../helpers/economy.ts";
import { clockOf, dayOf, type Connection } from "../helpers/time.ts";

describe("deployment", () => {
  let connection: Connection;
  let people: Cast;
  let parameters: EconomyParameters;
  /** What most tests only look at. */
  let deployed: Economy;
  let deployedOn: bigint;

  before(async () => {
    connection = await network.create();
    people = await cast(connection);
    parameters = parametersOf(people);
    deployed = await deployEconomy(connection, parameters);
    deployedOn = await today();
  });

  const today = async () => clockOf(connection).today();
  const deployFeed = async (contract: "ChainlinkFeed", decimals: bigint, answer: bigint) =>
    (await connection.ethers.deployContract(contract, [decimals, answer])).getAddress();

  describe("given parameters that do not fit the chain (P65)", () => {
    const problemsOf = async (change: Partial<EconomyParameters>): Promise<readonly string[]> => {
      const before = await connection.ethers.provider.getBlockNumber();
      try {
        await deployEconomy(connection, { ...parameters, ...change });
      } catch (error) {
        if (!(error instanceof ParameterError)) throw error;
        expect(await connection.ethers.provider.getBlockNumber(), "transactions were sent").to.equal(before);
        return error.problems;
      }
      return [];
    };
    const external = (address: string): Partial<EconomyParameters> => ({
      priceFeed: { kind: "external", address, heartbeat: 86_400n },
    });

    it("refuses another chain", async () => {
      expect(await problemsOf({ chainId: 1n })).to.deep.equal(["chainId: meant for chain 1, but this is chain 31337"]);
    });

    it("refuses what could work nowhere", async () => {
      expect(await problemsOf({ attestationThreshold: 4n })).to.deep.equal(["attestationThreshold: 4 is not between 2 and 3"]);
    });

    it("refuses a launch too far ahead or too long ago", async () => {
      const day = await today();
      const [earliest, latest] = [day - 3_650n, day + 365n];
      const problem = (launchDay: bigint) => [
        `launchDay: day ${launchDay} is not between ${earliest} and ${latest} (today is ${day})`,
      ];
      expect(await problemsOf({ launchDay: latest + 1n })).to.deep.equal(problem(latest + 1n));
      expect(await problemsOf({ launchDay: earliest - 1n })).to.deep.equal(problem(earliest - 1n));
    });

    it("refuses a deployer without funds", async () => {
      const { networkHelpers, ethers } = connection;
      const balance = await ethers.provider.getBalance(people.deployer.address);
      await networkHelpers.setBalance(people.deployer.address, 0n);
      expect(await problemsOf({})).to.deep.equal([
        `deployer: ${people.deployer.address} has nothing to pay for transactions with`,
      ]);
      await networkHelpers.setBalance(people.deployer.address, balance);
    });

    it("refuses a feed without code", async () => {
      const nobody = addressFrom("no feed");
      expect(await problemsOf(external(nobody))).to.deep.equal([`priceFeed.chainlink: ${nobody} has no code on this chain`]);
    });

    it("refuses a contract that is no feed", async () => {
      const { addresses } = deployed;
      expect(await problemsOf(external(addresses.wrapper))).to.deep.equal([
        `priceFeed.chainlink: ${addresses.wrapper} has 24 decimals; 8 are needed`,
      ]);
      expect(await problemsOf(external(addresses.manager))).to.deep.equal([
        `priceFeed.chainlink: ${addresses.manager} does not answer like a Chainlink feed`,
      ]);
    });

    it("refuses a feed in another unit, and one without a price", async () => {
      const [wide, empty] = [await deployFeed("ChainlinkFeed", 18n, 10n ** 18n), await deployFeed("ChainlinkFeed", 8n, 0n)];
      expect(await problemsOf(external(wide))).to.deep.equal([`priceFeed.chainlink: ${wide} has 18 decimals; 8 are needed`]);
      expect(await problemsOf(external(empty))).to.deep.equal([`priceFeed.chainlink: ${empty} answers 0, which is no price`]);
    });
  });

  describe("given good parameters", () => {
    it("passes every check", async () => {
      const { checks, problems } = await verifyWiring(connection, deployed, parameters, { fresh: true });
      expect(problems).to.deep.equal([]);
      expect(checks.length).to.be.greaterThan(150);
    });

    it("launches today, or on the day that is named", async () => {
      expect(await deployed.controller.launchDay()).to.equal(deployedOn);
      const launchDay = dayOf(await clockOf(connection).now()) + 30n;
      expect(await (await deployEconomy(connection, { ...parameters, launchDay })).controller.launchDay()).to.equal(launchDay);
    });

    it("gives the treasury the whole supply", async () => {
      const { token } = deployed;
      expect(await token.totalSupply()).to.equal(INITIAL_SUPPLY);
      expect(await token.balanceOf(people.treasury.address)).to.equal(INITIAL_SUPPLY);
    });

    it("takes the deployer's power in the transaction that hands it over (P63)", async () => {
      const { manager, deployer, fromBlock } = deployed;
      const left = await manager.queryFilter(manager.filters.RoleRevoked(ROLES.ADMIN, deployer), fromBlock);
      const given = await manager.queryFilter(manager.filters.RoleGranted(), fromBlock);
      const after = given.filter(({ args }) => args.account !== deployer).map(({ transactionHash }) => transactionHash);
      expect(left).to.have.length(1);
      expect(new Set(after)).to.deep.equal(new Set([left[0]!.transactionHash]));
    });

    it("leaves the deployer in charge when the parameters name it", async () => {
      const named = { ...parameters, admin: people.deployer.address, governor: people.deployer.address };
      const economy = await deployEconomy(connection, named);
      expect((await economy.manager.hasRole(ROLES.ADMIN, economy.deployer)).isMember).to.equal(true);
      expect((await verifyWiring(connection, economy, named, { fresh: true })).problems).to.deep.equal([]);
    });

    it("records a Chainlink feed that is given by address alone (P67)", async () => {
      const address = await deployFeed("ChainlinkFeed", 8n, 125_000_000n);
      const coinFeed = await deployFeed("ChainlinkFeed", 18n, 3_000n * 10n ** 18n);
      const keepers = { coinFeed, ftnsPerCoin: 2_400n * 10n ** 18n };
      const onFeed: EconomyParameters = { ...parameters, priceFeed: { kind: "external", address, heartbeat: 86_400n }, keepers };
      const economy = await deployEconomy(connection, onFeed);
      expect((await verifyWiring(connection, economy, onFeed, { fresh: true })).problems).to.deep.equal([]);
      await economy.history.record();
      expect((await economy.history.lastRecord()).price).to.equal(125_000_000n);
    });

    it("deploys two economies side by side that know nothing of each other", async () => {
      const [first, second] = [deployed, await deployEconomy(connection, parameters)];
      expect(first.addresses.token).to.not.equal(second.addresses.token);
      for (const economy of [first, second]) {
        expect((await verifyWiring(connection, economy, parameters, { fresh: true })).problems).to.deep.equal([]);
      }
    });
  });
});
