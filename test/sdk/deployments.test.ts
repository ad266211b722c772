import { expect } from "chai";
import { DeploymentError, deploymentOf, readDeployment } from "@ftns/sdk/deployments.ts";
import { CONTRACTS, ECONOMY_NAMES } from "@ftns/sdk/economy.ts";
import { DEPLOYMENTS } from "@ftns/sdk/registry.ts";
import { getAddress, ZeroAddress } from "ethers";
import { recordText } from "../../scripts/record-addresses.ts";

const addressOf = (index: number) => getAddress(`0x${(index + 10).toString(16).padStart(2, "0").repeat(20)}`);
const record = Object.fromEntries(
  Object.values(CONTRACTS).map((contract, index) => [`Economy#${contract}`, addressOf(index).toLowerCase()]),
);
const { "Economy#MedianFeed": _, ...withoutFeed } = record;

describe("SDK: deployments", () => {
  it("reads the addresses in the record of a deployment", () => {
    const addresses = readDeployment({ ...record, "Other#Thing": "0x" });
    expect(Object.keys(addresses)).to.deep.equal([...ECONOMY_NAMES]);
    expect(addresses.token).to.equal(addressOf(1));
  });

  it("takes the address of a Chainlink feed, which is in no record", () => {
    expect(readDeployment(withoutFeed, { feed: addressOf(90) }).feed).to.equal(addressOf(90));
    expect(() => readDeployment(withoutFeed)).to.throw(DeploymentError, "has no MedianFeed; give the address of the price feed");
  });

  it("knows no desk where the treasury runs none", () => {
    const { "Economy#MarketDesk": __, ...withoutDesk } = record;
    expect(readDeployment(withoutDesk).desk).to.equal(ZeroAddress);
    expect(readDeployment(record).desk).to.not.equal(ZeroAddress);
  });

  it("refuses a record that is not finished or not one", () => {
    const { "Economy#KeeperJobs": __, ...unfinished } = record;
    expect(() => readDeployment(unfinished)).to.throw(DeploymentError, "has no KeeperJobs; finish the deployment first");
    expect(() => readDeployment({ ...record, "Economy#FTNSToken": 5 })).to.throw(DeploymentError, 'has "5" for FTNSToken');
  });

  it("tells what to do on a chain that it does not know", () => {
    for (const chainId of [31_337, 31_337n]) {
      expect(() => deploymentOf(chainId)).to.throw(DeploymentError, /chain 31337.*pass its addresses yourself/);
    }
  });

  it("knows whole economies only", () => {
    for (const [chainId, { addresses, fromBlock }] of Object.entries(DEPLOYMENTS)) {
      expect(chainId).to.match(/^\d+$/);
      expect(Object.keys(addresses)).to.deep.equal([...ECONOMY_NAMES]);
      expect(fromBlock).to.be.a("number");
    }
  });

  it("is written down by chain, in the order of their numbers", () => {
    const addresses = readDeployment(record);
    const text = recordText({ "11155111": { addresses, fromBlock: 7 }, "1": { addresses, fromBlock: 3 } });
    expect(text)
      .to.match(/"1": \{[\s\S]+fromBlock: 3,[\s\S]+"11155111": \{/)
      .and.include(`token: "${addressOf(1)}"`);
    expect(recordText({})).to.include("= {};");
  });
});
