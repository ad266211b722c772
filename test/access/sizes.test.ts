import { artifacts } from "hardhat";
import { expect } from "chai";

/** EIP-170: no chain takes a contract with more code. */
const MAX_CODE_BYTES = 24_576;
/** EIP-3860: nor one with a longer creation code. */
const MAX_CREATION_BYTES = 49_152;

describe("contract sizes (P68)", () => {
  it("are within what a chain takes", async () => {
    const names = [...(await artifacts.getAllFullyQualifiedNames())].filter(
      (name) => name.startsWith("contracts/") && !name.startsWith("contracts/test/"),
    );
    expect(names).to.include("contracts/token/FTNSToken.sol:FTNSToken");
    for (const name of names) {
      const { bytecode, deployedBytecode } = await artifacts.readArtifact(name);
      expect((deployedBytecode.length - 2) / 2, name).to.be.at.most(MAX_CODE_BYTES);
      expect((bytecode.length - 2) / 2, name).to.be.at.most(MAX_CREATION_BYTES);
    }
  });
});
