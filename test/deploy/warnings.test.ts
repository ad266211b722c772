import { join } from "node:path";
import { expect } from "chai";
import { config } from "hardhat";
import { readParameters, type EconomyParameters } from "@ftns/deploy/parameters.ts";
import { addressFrom } from "@ftns/deploy/probe.ts";
import { warningsOf } from "@ftns/deploy/warnings.ts";

describe("warnings about parameters (P265)", () => {
  const good = (): EconomyParameters => readParameters(join(config.paths.ignition, "parameters.local.json"));
  const reporters = ({ priceFeed }: EconomyParameters) => (priceFeed.kind === "median" ? priceFeed.reporters : []);
  const warnings = (change: Partial<EconomyParameters>, deployer?: string) => warningsOf({ ...good(), ...change }, deployer);
  const one = addressFrom("one hand");

  it("are none where every power has a key of its own", () => {
    expect(warnings({})).to.deep.equal([]);
    expect(warnings({}, addressFrom("deployer"))).to.deep.equal([]);
  });

  it("name an economy in one hand, with all that it holds, however the address is written", () => {
    const { verifiers, priceFeed } = good();
    const all = warnings(
      {
        treasury: one,
        guardian: one.toLowerCase(),
        verifiers: [one, ...verifiers.slice(1)],
        priceFeed: { ...priceFeed, reporters: [one, ...reporters(good()).slice(1)] } as EconomyParameters["priceFeed"],
      },
      one,
    );
    expect(all).to.deep.equal([
      `one hand: ${one} holds the whole supply at launch, and so all votes, is the guardian, verifies proofs, reports prices and ` +
        "pays for the deployment with a key that is online. Whoever has this key has all of that.",
    ]);
  });

  it("name each pair by itself", () => {
    const [first, second] = good().verifiers;
    const named = warnings({ guardian: first!, treasury: second! });
    expect(named).to.have.length(2);
    expect(named.every((warning) => warning.includes("verifies proofs"))).to.equal(true);
  });

  it("name accounts that stand in place of the voters", () => {
    const accounts = { admin: addressFrom("a"), governor: addressFrom("g"), breaker: addressFrom("b") };
    expect(warnings(accounts).map((warning) => warning.split(":")[0])).to.deep.equal(["admin", "governor", "breaker"]);
  });

  it("name a quorum that one loss blocks, and not one that it doesn't", () => {
    expect(warnings({ attestationThreshold: 3n })[0]).to.include("all 3 must sign each proof");
    const { priceFeed } = good();
    const quorum = (of: bigint) => warnings({ priceFeed: { ...priceFeed, quorum: of } as EconomyParameters["priceFeed"] });
    expect(quorum(7n)[0]).to.include("all 7 reporters are needed");
    expect(quorum(6n)).to.deep.equal([]);
  });
});
