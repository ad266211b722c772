import { expect } from "chai";
import { AbstractProvider, type BaseContract, type Interface, Network, type PerformActionRequest } from "ethers";
import { connectEconomy, contracts, interfaces } from "@ftns/sdk/contracts.ts";
import { ECONOMY_NAMES, type EconomyAddresses } from "@ftns/sdk/economy.ts";
import { connectContract } from "@ftns/sdk/typed/contract.ts";
import { economyFixture } from "../helpers/economy.ts";

const SOMEBODY = `0x${"12".repeat(20)}`;

/** Answers every call with the same data. */
class Answering extends AbstractProvider {
  readonly answer: string;

  constructor(answer: string) {
    super(Network.from(1), { cacheTimeout: -1 });
    this.answer = answer;
  }
  override async _detectNetwork() {
    return Network.from(1);
  }
  override async _perform<T>(request: PerformActionRequest): Promise<T> {
    if (request.method !== "call") throw new Error(`no ${request.method} here`);
    return this.answer as T;
  }
}

const sample = [
  {
    type: "function",
    name: "shapes",
    inputs: [{ type: "uint256[2]", name: "pair" }],
    outputs: [
      {
        type: "tuple[]",
        name: "items",
        components: [
          { type: "bool", name: "done" },
          { type: "uint256[][]", name: "sizes" },
        ],
      },
      { type: "bytes32", name: "" },
    ],
    stateMutability: "view",
  },
  {
    type: "function",
    name: "set",
    inputs: [{ type: "uint8", name: "to" }],
    outputs: [{ type: "uint8", name: "old" }],
    stateMutability: "payable",
  },
  { type: "function", name: "set", inputs: [{ type: "string", name: "to" }], outputs: [], stateMutability: "nonpayable" },
] as const;

describe("SDK: contracts", () => {
  it("decodes what a view gives, by names and by order", async () => {
    const answer = interfaces.medianFeed().encodeFunctionResult("latestRoundData", [7, 25n, 1, 2, 7]);
    const feed = contracts.medianFeed(SOMEBODY, new Answering(answer));
    const round = await feed.latestRoundData({ blockTag: "latest" });
    const price: bigint = round.answer;
    const [, same] = round;
    expect([price, same]).to.deep.equal([25n, 25n]);
  });

  it("types nested lists and structs", async () => {
    const contract = connectContract(sample, SOMEBODY);
    const item = [true, [[1n], [2n, 3n]]];
    const answer = contract.interface.encodeFunctionResult("shapes", [[item], `0x${"ab".repeat(32)}`]);
    const { items } = await connectContract(sample, SOMEBODY, new Answering(answer)).shapes([1n, 2n]);
    const done: boolean = items[0]!.done;
    const size: bigint = items[0]!.sizes[1]![1]!;
    expect([done, size]).to.deep.equal([true, 3n]);
  });

  it("tells functions of one name apart by their signatures", async () => {
    const contract = connectContract(sample, SOMEBODY);
    const one = await contract["set(uint8)"].populateTransaction(3, { value: 1n });
    const two = await contract.getFunction("set(string)").populateTransaction("three");
    expect(one.data).to.equal(contract.interface.encodeFunctionData("set(uint8)", [3]));
    expect(two.data).to.equal(contract.interface.encodeFunctionData("set(string)", ["three"]));
    expect(one.value).to.equal(1n);
  });

  it("refuses at compile time what the contract would refuse", () => {
    const { token, history } = { token: contracts.token(SOMEBODY), history: contracts.history(SOMEBODY) };
    const never = () => {
      // @ts-expect-error an amount is missing
      void token.transfer(SOMEBODY);
      // @ts-expect-error a boolean is no amount
      void token.transfer(SOMEBODY, true);
      // @ts-expect-error there is no such function
      void token.transform(SOMEBODY, 1n);
      // @ts-expect-error a transaction goes to no block in the past
      void token.transfer(SOMEBODY, 1n, { blockTag: 3 });
      // @ts-expect-error a boolean is no amount
      interfaces.token().encodeFunctionData("transfer", [SOMEBODY, true]);
      // @ts-expect-error there is no such value
      void token.queryFilter(token.filters.Transfer()).then(([log]) => log!.args.amountOfMoney);
      // @ts-expect-error there is no such function
      history.interface.getFunction("forget").selector;
    };
    expect(never).to.be.a("function");
  });

  it("is a contract and an interface of ethers to everybody else, and makes each interface once", () => {
    const contract: BaseContract = contracts.vault(SOMEBODY);
    const abi: Interface = contracts.vault(SOMEBODY).interface;
    expect(contract.interface).to.equal(abi).and.to.equal(interfaces.vault());
  });

  it("connects a whole economy", () => {
    const addresses = Object.fromEntries(ECONOMY_NAMES.map((name, index) => [name, `0x${String(index + 10).repeat(20)}`]));
    const economy = connectEconomy(addresses as EconomyAddresses);
    expect(economy.medianFeed.target).to.equal(addresses["feed"]);
    expect(economy.keeperJobs.target).to.equal(addresses["keeperJobs"]);
  });

  it("reads, sends and finds events on a chain", async () => {
    const { fresh } = await economyFixture();
    const { token, people } = await fresh();
    const [alice] = people.users;
    const sent = await token.connect(people.treasury).transfer(alice!, 5n);
    const block = (await sent.wait())!.blockNumber;
    const [log] = await token.queryFilter(token.filters.Transfer(people.treasury.address, null), block);
    expect(log!.args.to).to.equal(alice!.address);
    expect(log!.args.value).to.equal(5n);
    expect(await token.connect(people.treasury).transfer.staticCall(alice!, 1n)).to.equal(true);
  });
});
