// What the deployment makes of the parameters about the rule and the desk.
import { expect } from "chai";
import { network } from "hardhat";
import { deployEconomy } from "@ftns/deploy/economy.ts";
import { ParameterError, parseParameters, policyOf, readParameters } from "@ftns/deploy/parameters.ts";
import { verifyWiring } from "@ftns/deploy/verification.ts";
import { ZeroAddress } from "ethers";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { config } from "hardhat";
import { cast, DESK_INVENTORY, economyOn, FTNS, parametersOf, parametersWithDesk } from "../helpers/economy.ts";

const LOCAL = join(config.paths.ignition, "parameters.local.json");
const local = () => JSON.parse(readFileSync(LOCAL, "utf8")) as Record<string, unknown>;

describe("parameters of the rule and the desk", () => {
  const problemsOf = (change: Record<string, unknown>) => {
    try {
      parseParameters({ ...local(), ...change });
      return [];
    } catch (error) {
      if (error instanceof ParameterError) return error.problems;
      throw error;
    }
  };

  it("take roadmap where nothing is said, or path, and nothing else", () => {
    expect(policyOf(readParameters(LOCAL))).to.equal("roadmap");
    expect(policyOf(parseParameters({ ...local(), policy: "path" }))).to.equal("path");
    expect(problemsOf({ policy: "best" })).to.deep.equal(["policy: give roadmap or path"]);
    expect(problemsOf({ policy: 1 })).to.deep.equal(["policy: must be text, in quotes"]);
  });

  it("take a desk with its dollar, and an inventory that leaves enough outside", () => {
    const dollar = `0x${"12".repeat(20)}`;
    expect(parseParameters({ ...local(), desk: { dollar, inventory: "5" } }).desk).to.deep.equal({
      dollar,
      inventory: 5n * FTNS,
    });
    expect(parseParameters({ ...local(), desk: { dollar } }).desk).to.deep.equal({ dollar });
    expect(problemsOf({ desk: {} })).to.deep.equal(["desk.dollar: is missing"]);
    expect(problemsOf({ desk: { dollar: "0x1" } })[0]).to.include("desk.dollar:");
    expect(problemsOf({ desk: { dollar, share: 1 } })).to.deep.equal(["desk.share: is not a parameter"]);
    const most = 99_500_000n * FTNS;
    expect(problemsOf({ desk: { dollar, inventory: "99500001" } })).to.deep.equal([
      `desk.inventory (wei): ${99_500_001n * FTNS} is not between 0 and ${most}`,
    ]);
  });
});

describe("a deployment", () => {
  it("has the named rule decide, and the other one run in its shadow", async () => {
    const connection = await network.create();
    const { addresses, controller, pathPolicy } = await economyOn(connection, (people) => ({
      ...parametersOf(people),
      policy: "path",
    }));
    expect([await controller.policy(), await controller.shadow()]).to.deep.equal([addresses.pathPolicy, addresses.roadmapPolicy]);
    expect((await pathPolicy.launchPrice()).price).to.equal(0);
    expect(await pathPolicy.LAUNCH_DAY()).to.equal(await controller.launchDay());
    expect(addresses.desk).to.equal(ZeroAddress);
  });

  it("gives the desk its inventory out of the treasury, and the verification says when either is not so", async () => {
    const connection = await network.create();
    const economy = await economyOn(connection, await parametersWithDesk(connection));
    const { token, desk, people, parameters } = economy;
    expect(await token.balanceOf(desk)).to.equal(DESK_INVENTORY);
    expect(await token.balanceOf(people.treasury)).to.equal(parameters.initialSupply - DESK_INVENTORY);
    await desk.connect(people.governor).setDayShare(5n);
    await economy.controller.connect(people.governor).setShadow(ZeroAddress);
    const { problems } = await verifyWiring(connection, economy, parameters, { fresh: true });
    expect(problems).to.deep.equal([
      `controller: shadow: ${ZeroAddress} instead of ${economy.addresses.pathPolicy}`,
      `registry: verifierStakes: ${await economy.registry.verifierStakes()} instead of ${economy.addresses.verifierStakes}`,
      `pool: vester: ${ZeroAddress} instead of ${economy.addresses.rewardVesting}`,
      "desk: day share: 5 instead of 1000000000000000",
    ]);
  });

  it("refuses a dollar that is no token, and an inventory that it cannot send", async () => {
    const connection = await network.create();
    const people = await cast(connection);
    const problemsOf = async (desk: { dollar: string; inventory?: bigint }, treasury = people.treasury.address) => {
      try {
        await deployEconomy(connection, { ...parametersOf(people), treasury, desk });
        return [];
      } catch (error) {
        if (error instanceof ParameterError) return error.problems;
        throw error;
      }
    };
    const nobody = `0x${"34".repeat(20)}`;
    expect(await problemsOf({ dollar: nobody })).to.deep.equal([`desk.dollar: ${nobody} has no code on this chain`]);
    const path = await (await connection.ethers.deployContract("DeskPath", [1n])).getAddress();
    expect(await problemsOf({ dollar: path })).to.deep.equal([`desk.dollar: ${path} does not answer like a token`]);
    const fine = await (await connection.ethers.deployContract("DeskDollar", [19n])).getAddress();
    expect(await problemsOf({ dollar: fine })).to.deep.equal([`desk.dollar: ${fine} has 19 decimals; at most 18 are needed`]);
    const dollar = await (await connection.ethers.deployContract("DeskDollar", [6n])).getAddress();
    expect(await problemsOf({ dollar, inventory: 1n }, nobody)).to.deep.equal([
      `desk.inventory: the deployment cannot send from the treasury ${nobody}; leave it out, and let the treasury send it to the desk afterwards`,
    ]);
  });
});
