import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { config } from "hardhat";
import { ZeroAddress } from "ethers";
import {
  checkParameters,
  minSupportersOf,
  ParameterError,
  parseParameters,
  readParameters,
  type EconomyParameters,
} from "@ftns/deploy/parameters.ts";
import { addressFrom } from "@ftns/deploy/probe.ts";
import { FTNS } from "../helpers/economy.ts";

type Json = Record<string, unknown>;

const LOCAL = join(config.paths.ignition, "parameters.local.json");
const local = (): Json => JSON.parse(readFileSync(LOCAL, "utf8")) as Json;

/** The problems that a call complains of, without the line that says where. */
function problemsOf(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (error instanceof ParameterError) return error.problems;
    throw error;
  }
  return [];
}

describe("parameters (P65)", () => {
  describe("given a file as people write it", () => {
    const rejected: [string, Json, string][] = [
      ["a missing field", { treasury: undefined }, "treasury: is missing"],
      ["a placeholder", { governor: "FILL IN: a multisig" }, `governor: still says "FILL IN: a multisig"`],
      [
        "a placeholder in place of a number",
        { attestationThreshold: "FILL IN: 2" },
        `attestationThreshold: still says "FILL IN: 2"`,
      ],
      ["a placeholder in a list", { verifiers: ["FILL IN: one"] }, `verifiers[0]: still says "FILL IN: one"`],
      ["a list that is none", { verifiers: "0x01" }, "verifiers: must be a list"],
      ["a number as text", { attestationThreshold: "2" }, "attestationThreshold: must be a whole number"],
      ["a negative number", { attestationThreshold: -1 }, "attestationThreshold: must be a whole number"],
      ["an amount as a number", { initialSupply: 1e8 }, "initialSupply: must be text, in quotes"],
      ["an amount with a sign", { initialSupply: "-5" }, `initialSupply: must be an amount of FTNS as text, such as "100000000"`],
      [
        "an amount below a wei",
        { initialSupply: "1.0000000000000000001" },
        `initialSupply: must be an amount of FTNS as text, such as "100000000"`,
      ],
      ["a date that does not exist", { launchDate: "2027-02-30" }, `launchDate: must be "today" or a date such as "2027-01-31"`],
      ["a date in another order", { launchDate: "31.01.2027" }, `launchDate: must be "today" or a date such as "2027-01-31"`],
      ["too few supporters of emergencies", { minSupporters: 2 }, "minSupporters: 2 is not between 3 and 25"],
      ["too many supporters of emergencies", { minSupporters: 26 }, "minSupporters: 26 is not between 3 and 25"],
      ["a field nobody knows", { goverment: "0x" }, "goverment: is not a parameter"],
      ["a rate that is no amount", { keepers: { ftnsPerCoin: 2000 } }, "keepers.ftnsPerCoin: must be text, in quotes"],
      ["a keepers' setting nobody knows", { keepers: { ftnsPerCoin: "1", cap: 1 } }, "keepers.cap: is not a parameter"],
      ["a price feed that is none", { priceFeed: "chainlink" }, "priceFeed: must be an object"],
      [
        "a price feed of both sorts",
        { priceFeed: { chainlink: addressFrom("feed"), reporters: [] } },
        "priceFeed.reporters: is not a parameter",
      ],
    ];
    for (const [what, change, problem] of rejected) {
      it(`refuses ${what}`, () => {
        expect(problemsOf(() => parseParameters({ ...local(), ...change }))).to.include(problem);
      });
    }

    it("names everything that is wrong at once", () => {
      const problems = problemsOf(() => parseParameters({ ...local(), admin: "FILL IN: who", chainId: "one", extra: 1 }));
      expect(problems).to.have.length(3);
    });

    it("P266: names what is wrong in form and in value at once, and each field once", () => {
      const { priceFeed } = local() as { priceFeed: Json };
      const change = {
        treasury: "FILL IN: who",
        guardian: "0x12",
        initialSupply: "1",
        attestationThreshold: 9,
        minSupporters: 2,
        verifiers: ["FILL IN: one", "0x34", ...(local().verifiers as string[]).slice(2)],
        priceFeed: { ...priceFeed, quorum: 2, heartbeat: "soon" },
        extra: 1,
      };
      expect([...problemsOf(() => parseParameters({ ...local(), ...change }))].sort()).to.deep.equal([
        "attestationThreshold: 9 is not between 2 and 3",
        "extra: is not a parameter",
        `guardian: "0x12" is no address (or its checksum is wrong)`,
        `initialSupply (wei): ${FTNS} is not between ${500_000n * FTNS} and ${10n ** 27n}`,
        "minSupporters: 2 is not between 3 and 25",
        "priceFeed.heartbeat: must be a whole number",
        "priceFeed.quorum: 2 is not between 4 and 7",
        `treasury: still says "FILL IN: who"`,
        `verifiers[0]: still says "FILL IN: one"`,
        `verifiers[1]: "0x34" is no address (or its checksum is wrong)`,
      ]);
    });

    it("P266: says one word about what is no object or no list, and none about what would be in it", () => {
      expect(problemsOf(() => parseParameters("text"))).to.deep.equal(["the file: must be an object"]);
      expect(problemsOf(() => parseParameters({ ...local(), priceFeed: 7 }))).to.deep.equal(["priceFeed: must be an object"]);
      expect(problemsOf(() => parseParameters({ ...local(), verifiers: 7 }))).to.deep.equal(["verifiers: must be a list"]);
    });

    it("refuses a file that cannot be read, or is no JSON", () => {
      expect(problemsOf(() => readParameters("no-such-file.json"))[0]).to.match(/not a readable JSON file/);
      expect(problemsOf(() => readParameters("hardhat.config.ts"))[0]).to.match(/not a readable JSON file/);
    });

    it("takes three supporters of emergencies, and five when the line is left out", () => {
      expect(minSupportersOf(parseParameters({ ...local(), minSupporters: 3 }))).to.equal(3n);
      expect(minSupportersOf(parseParameters(local()))).to.equal(5n);
    });

    it("reads amounts as FTNS and dates as protocol days", () => {
      const parameters = parseParameters({ ...local(), initialSupply: "501234.5", launchDate: "1970-01-11" });
      expect(parameters.initialSupply).to.equal((5_012_345n * FTNS) / 10n);
      expect(parameters.launchDay).to.equal(10n);
      expect(parseParameters(local()).launchDay).to.equal("today");
    });

    it("takes the address of a Chainlink feed in place of reporters", () => {
      const address = addressFrom("feed");
      const keepers = { coinFeed: address, ftnsPerCoin: "1500.5" };
      expect(parseParameters({ ...local(), keepers }).keepers).to.deep.equal({
        coinFeed: address,
        ftnsPerCoin: 15005n * 10n ** 17n,
      });
      expect(parseParameters({ ...local(), priceFeed: { chainlink: address, heartbeat: 90_000 } }).priceFeed).to.deep.equal({
        kind: "external",
        heartbeat: 90_000n,
        address,
      });
    });

    it("accepts or refuses each file of deploy/ as it should: complete ones work, templates name what to fill in", () => {
      const files = readdirSync(config.paths.ignition).filter((file) => /^parameters\..*\.json$/.test(file));
      expect(files).to.include.members(["parameters.local.json", "parameters.sepolia.json"]);
      for (const file of files) {
        const problems = problemsOf(() => readParameters(join(config.paths.ignition, file)));
        expect(
          problems.every((problem) => problem.includes('still says "FILL IN: ')),
          file,
        ).to.equal(true);
      }
      expect(problemsOf(() => readParameters(LOCAL))).to.deep.equal([]);
    });
  });

  describe("given values", () => {
    const good = (): EconomyParameters => readParameters(LOCAL);
    const median = () => {
      const { priceFeed } = good();
      if (priceFeed.kind !== "median") throw new Error("the local parameters have reporters");
      return priceFeed;
    };
    const many = (count: number) => Array.from({ length: count }, (_, index) => addressFrom(`account ${index}`));

    const rejected: [string, () => Partial<EconomyParameters>, string][] = [
      ["a zero admin", () => ({ admin: ZeroAddress }), "admin: is the zero address"],
      ["a zero treasury", () => ({ treasury: ZeroAddress }), "treasury: is the zero address"],
      [
        "an address that is too short",
        () => ({ breaker: "0x1234" }),
        `breaker: "0x1234" is no address (or its checksum is wrong)`,
      ],
      [
        "an address with a wrong checksum",
        () => ({ governor: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293bC" }),
        `governor: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293bC" is no address (or its checksum is wrong)`,
      ],
      [
        "less than what a constitutional vote needs outside the timelock",
        () => ({ initialSupply: 500_000n * FTNS - 1n }),
        `initialSupply (wei): ${500_000n * FTNS - 1n} is not between ${500_000n * FTNS} and ${10n ** 27n}`,
      ],
      [
        "a supply above the cap",
        () => ({ initialSupply: 10n ** 27n + 1n }),
        `initialSupply (wei): ${10n ** 27n + 1n} is not between ${500_000n * FTNS} and ${10n ** 27n}`,
      ],
      ["no verifiers", () => ({ verifiers: [] }), "verifiers: give 1 to 32, not 0"],
      ["too many verifiers", () => ({ verifiers: many(33) }), "verifiers: give 1 to 32, not 33"],
      [
        "a verifier named twice",
        () => ({ verifiers: [...many(2), many(1)[0]!.toLowerCase()] }),
        "verifiers: each may be named once only",
      ],
      ["a zero verifier", () => ({ verifiers: [ZeroAddress, ...many(2)] }), "verifiers[0]: is the zero address"],
      ["a threshold of none", () => ({ attestationThreshold: 0n }), "attestationThreshold: 0 is not between 2 and 3"],
      ["a threshold of one", () => ({ attestationThreshold: 1n }), "attestationThreshold: 1 is not between 2 and 3"],
      ["a threshold above the verifiers", () => ({ attestationThreshold: 4n }), "attestationThreshold: 4 is not between 2 and 3"],
      ["no reporters", () => ({ priceFeed: { ...median(), reporters: [] } }), "priceFeed.reporters: give 5 to 32, not 0"],
      [
        "too many reporters",
        () => ({ priceFeed: { ...median(), reporters: many(33) } }),
        "priceFeed.reporters: give 5 to 32, not 33",
      ],
      ["a quorum of none", () => ({ priceFeed: { ...median(), quorum: 0n } }), "priceFeed.quorum: 0 is not between 4 and 7"],
      [
        "a quorum above the reporters",
        () => ({ priceFeed: { ...median(), quorum: 8n } }),
        "priceFeed.quorum: 8 is not between 4 and 7",
      ],
      [
        "a heartbeat that is too short",
        () => ({ priceFeed: { ...median(), heartbeat: 3_599n } }),
        "priceFeed.heartbeat (seconds): 3599 is not between 3600 and 172800",
      ],
      [
        "a heartbeat that is too long",
        () => ({ priceFeed: { kind: "external", address: addressFrom("feed"), heartbeat: 172_801n } }),
        "priceFeed.heartbeat (seconds): 172801 is not between 3600 and 172800",
      ],
      ["four reporters", () => ({ priceFeed: { ...median(), reporters: many(4) } }), "priceFeed.reporters: give 5 to 32, not 4"],
      [
        "a quorum of half of the reporters",
        () => ({ priceFeed: { ...median(), reporters: many(6), quorum: 3n } }),
        "priceFeed.quorum: 3 is not between 4 and 6",
      ],
      [
        "a feed of nothing",
        () => ({ priceFeed: { ...median(), description: "" } }),
        "priceFeed.description: say what is priced, as in FTNS / USD",
      ],
      [
        "a coin feed that is no address",
        () => ({ keepers: { coinFeed: "0x12", ftnsPerCoin: 1n } }),
        `keepers.coinFeed: "0x12" is no address (or its checksum is wrong)`,
      ],
      [
        "a worthless coin",
        () => ({ keepers: { ftnsPerCoin: 0n } }),
        "keepers.ftnsPerCoin (wei): 0 is not between 1000000000000 and 1000000000000000000000000000",
      ],
      [
        "a zero feed",
        () => ({ priceFeed: { kind: "external", address: ZeroAddress, heartbeat: 86_400n } }),
        "priceFeed.chainlink: is the zero address",
      ],
    ];
    for (const [what, change, problem] of rejected) {
      it(`refuses ${what}`, () => {
        expect(problemsOf(() => checkParameters({ ...good(), ...change() }))).to.include(problem);
      });
    }

    it("accepts the limits themselves", () => {
      const atLimits = { initialSupply: 10n ** 27n, verifiers: many(32), attestationThreshold: 32n };
      const priceFeed = { ...median(), reporters: many(32), quorum: 32n };
      expect(problemsOf(() => checkParameters({ ...good(), ...atLimits, priceFeed }))).to.deep.equal([]);
      expect(problemsOf(() => checkParameters({ ...good(), initialSupply: 500_000n * FTNS }))).to.deep.equal([]);
    });
  });
});
