import { expect } from "chai";
import { Interface, id as hashOf, isError } from "ethers";
import { artifacts, network } from "hardhat";
import { connect } from "@ftns/chain/connect.ts";
import { MAX_CALL_BYTES, READ_MANY, decodeAnswers, encodeReads, groupReads } from "@ftns/chain/read-many.ts";
import { contracts } from "@ftns/sdk/contracts.ts";
import { economyOn } from "../helpers/economy.ts";
import { type Bridge, bridgeTo } from "./bridge.ts";
import { chainOf } from "./chain.ts";

const connection = await network.create();
const abi = new Interface(["function totalSupply() view returns (uint256)", "function reporters() view returns (address[])"]);
const SUPPLY = abi.encodeFunctionData("totalSupply");

describe("many views in one call (P251)", () => {
  let bridge: Bridge;
  let w: Awaited<ReturnType<typeof economyOn>>;
  const opened: { close(): void }[] = [];
  before(async () => {
    bridge = await bridgeTo(connection);
    w = await economyOn(connection);
  });
  afterEach(() => {
    bridge.fail();
    bridge.asked.length = 0;
    opened.splice(0).forEach((chain) => chain.close());
  });
  after(() => bridge.close());
  const open = async () => {
    const chain = await connect({ ...chainOf(bridge.url), timeoutMs: 5_000, quorum: 1 });
    opened.push(chain);
    bridge.asked.length = 0;
    return chain;
  };

  it("is the code that the compiler makes of contracts/reads/ReadMany.sol", async () => {
    expect(READ_MANY).to.equal((await artifacts.readArtifact("ReadMany")).bytecode);
  });

  it("gives what each gives by itself: values, errors with their words, and nothing where there is no contract", async () => {
    const { provider } = await open();
    const token = contracts.token(w.addresses.token, provider);
    const feed = contracts.medianFeed(w.addresses.feed, provider);
    const nobody = contracts.token(`0x${"77".repeat(20)}`, provider);
    const at = { blockTag: "latest" };
    const found = await Promise.allSettled([
      token.totalSupply(at),
      feed.reporters(at),
      feed.latestMarket(at),
      nobody.totalSupply(at),
      token.accountOf(w.people.treasury.address, at),
    ]);
    expect(bridge.asked).to.deep.equal(["eth_call"]);
    expect(found[0]).to.deep.include({ value: await w.token.totalSupply() });
    expect((found[1] as PromiseFulfilledResult<string[]>).value).to.not.be.empty;
    const none = (found[2] as PromiseRejectedResult).reason;
    expect(isError(none, "CALL_EXCEPTION") && none.data).to.equal(hashOf("NoRounds()").slice(0, 10));
    expect(isError((found[3] as PromiseRejectedResult).reason, "BAD_DATA")).to.equal(true);
    expect((found[4] as PromiseFulfilledResult<{ balance: bigint }>).value.balance).to.be.greaterThan(0n);
  });

  it("goes on where an answer would be too long, until it has all of them", async () => {
    const { provider } = await open();
    const token = contracts.token(w.addresses.token, provider);
    const accounts = Array.from({ length: 90 }, (_, index) => `0x${(index + 1).toString(16).padStart(40, "0")}`);
    const all = await Promise.all(accounts.map((account) => token.accountOf(account, { blockTag: "latest" })));
    expect(all).to.have.length(90);
    expect(bridge.asked.length).to.be.within(2, 8);
  });

  it("reads by itself what is too long at the head, and goes on with the rest together", async () => {
    const { provider } = await open();
    const token = contracts.token(w.addresses.token, provider);
    const at = { blockTag: "latest" };
    // 24 KB of code, given as an answer: code that returns itself.
    const long = `0x${"cd".repeat(20)}`;
    await connection.networkHelpers.setCode(long, `0x61600080600a3d393df3${"00".repeat(24_000)}`);
    const raw = { to: long, data: "0x", ...at };
    const [first, ...others] = await Promise.all([
      provider.call(raw),
      token.totalSupply(at),
      token.totalSupply(at),
      token.totalSupply(at),
    ]);
    expect(first!.toString().length).to.be.greaterThan(40_000);
    const supply = await w.token.totalSupply();
    expect(others).to.deep.equal([supply, supply, supply]);
  });

  it("gives what it gives by itself also behind those that burn all the gas that they get", async () => {
    const { provider } = await open();
    const token = contracts.token(w.addresses.token, provider);
    const at = { blockTag: "latest" };
    const burner = `0x${"ab".repeat(20)}`;
    // The invalid instruction takes all gas at once.
    await connection.networkHelpers.setCode(burner, "0xfe");
    const burn = () =>
      provider.call({ to: burner, data: "0x", ...at }).then(
        () => "ok",
        () => "failed",
      );
    const burnt = Array.from({ length: 8 }, burn);
    expect(await token.totalSupply(at)).to.equal(await w.token.totalSupply());
    expect(new Set(await Promise.all(burnt))).to.deep.equal(new Set(["failed"]));
  });

  it("reads one by one for a while where a node refuses it", async () => {
    const { provider } = await open();
    const token = contracts.token(w.addresses.token, provider);
    const together = (params: unknown[]) => (params[0] as { to?: string }).to === undefined;
    bridge.fail((method, params) => method === "eth_call" && together(params));
    const read = () => Promise.all([token.totalSupply({ blockTag: "latest" }), token.totalSupply({ blockTag: "latest" })]);
    const supply = await w.token.totalSupply();
    expect(await read()).to.deep.equal([supply, supply]);
    expect(bridge.asked).to.deep.equal(["eth_call", "eth_call", "eth_call"]);
    await read();
    expect(bridge.asked).to.have.length(5);
  });

  it("groups by the moment, and never makes a call longer than nodes take", () => {
    const request = (tag: string, bytes = 0) => ({
      method: "eth_call",
      params: [{ to: w.addresses.token, data: SUPPLY + "00".repeat(bytes) }, tag],
    });
    const groups = groupReads([request("0x1"), request("0x2"), request("0x1"), request("0x1", 30_000), request("0x1", 30_000)]);
    expect(groups.map(({ length }) => length).sort()).to.deep.equal([1, 1, 3]);
    expect(groupReads(Array.from({ length: 250 }, () => request("0x1"))).map(({ length }) => length)).to.deep.equal([
      100, 100, 50,
    ]);
    for (const group of groups) {
      const data = encodeReads(group.map(({ params: [tx] }) => tx as { to: string; data: string }));
      expect((data.length - 2) / 2).to.be.at.most(MAX_CALL_BYTES);
    }
  });

  it("takes nothing that is no answer for one", () => {
    for (const nonsense of ["0x", "0x12", hashOf("x"), undefined, null, 5]) {
      const answers = decodeAnswers(nonsense, 2);
      expect(answers === undefined || answers.every((answer) => answer === undefined)).to.equal(true);
    }
  });
});
