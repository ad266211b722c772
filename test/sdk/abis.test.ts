import { expect } from "chai";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { abis } from "@ftns/sdk/contracts.ts";
import * as exported from "@ftns/sdk/abi/index.ts";
import { CONTRACTS } from "@ftns/sdk/economy.ts";
import { ABI_FOLDER, abiFiles, constantOf } from "../../scripts/abis.ts";

describe("SDK: ABIs", () => {
  it("are those of the contracts", async () => {
    const wanted = await abiFiles();
    const found = new Map(readdirSync(ABI_FOLDER).map((file) => [file, readFileSync(join(ABI_FOLDER, file), "utf8")]));
    const different = [...new Set([...wanted.keys(), ...found.keys()])].filter((file) => wanted.get(file) !== found.get(file));
    expect(different, "packages/sdk/src/abi differs from the contracts: run npm run abis").to.deep.equal([]);
  });

  it("are there under the economy's names, one for each contract", () => {
    const named = Object.entries(CONTRACTS).map(([name, contract]) => [
      name === "feed" ? "medianFeed" : name,
      constantOf(contract),
    ]);
    expect(Object.keys(abis).sort()).to.deep.equal(named.map(([name]) => name).sort());
    const byConstant = new Map<string, unknown>(Object.entries(exported));
    for (const [name, constant] of named) expect(abis[name as keyof typeof abis], name).to.equal(byConstant.get(constant!));
  });

  it("take the names of values from the interface where the contract gives none", () => {
    const entry = abis.medianFeed.find((one) => one.type === "function" && one.name === "latestRoundData");
    expect(JSON.stringify(entry)).to.include('"name":"updatedAt"');
  });
});
