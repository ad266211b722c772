// Every setting has bounds, and only governance sets it.
import { expect } from "chai";
import { network } from "hardhat";
import { encodeBytes32String, ZeroAddress } from "ethers";
import type { PaymentRules } from "@ftns/model";
import { economyOn, FTNS, type TestEconomy } from "../helpers/economy.ts";
import { HOUR } from "../helpers/time.ts";
import { GWEI, rulesOf } from "./fixture.ts";

const connection = await network.create();
const world = async () => economyOn(connection);
const { ethers } = connection;
const WAD = 10n ** 18n;

describe("KeeperJobs settings (P129)", () => {
  let w: TestEconomy;
  let jobs: TestEconomy["keeperJobs"];
  let rules: PaymentRules;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
    jobs = w.keeperJobs.connect(w.people.governor);
    rules = await rulesOf({ jobs });
  });

  const LIMITS: readonly [keyof PaymentRules, bigint, bigint][] = [
    ["basePremium", 0n, WAD / 2n],
    ["maxPremium", WAD / 5n, 2n * WAD],
    ["riseSec", HOUR, 48n * HOUR],
    ["maxGas", 200_000n, 10_000_000n],
    ["maxGasPrice", 0n, 10_000n * GWEI],
    ["dailyGas", 0n, 200_000_000n],
  ];
  for (const [setting, least, most] of LIMITS) {
    it(`refuses a ${setting} below ${least} or above ${most}, and takes both ends`, async () => {
      for (const value of [least - 1n, most + 1n]) {
        if (value < 0n) continue;
        await expect(jobs.setPaymentRules({ ...rules, [setting]: value }))
          .to.be.revertedWithCustomError(jobs, "SettingOutOfBounds")
          .withArgs(encodeBytes32String(setting), value, least, most);
      }
      expect(await rulesOf({ jobs })).to.deep.equal(rules);
      for (const value of [least, most]) {
        await expect(jobs.setPaymentRules({ ...rules, [setting]: value })).to.emit(jobs, "PaymentRulesSet");
        expect((await rulesOf({ jobs }))[setting]).to.equal(value);
      }
    });
  }

  it("starts with 20 % that become 100 % in six hours, and fifty million gas a day", () => {
    expect(rules).to.deep.equal({
      basePremium: WAD / 5n,
      maxPremium: WAD,
      riseSec: 6n * HOUR,
      maxGas: 2_000_000n,
      maxGasPrice: 200n * GWEI,
      dailyGas: 50_000_000n,
    });
  });

  it("bounds the coin's feed, its age and the fallback", async () => {
    const good = { coinFeed: ZeroAddress, maxCoinAge: HOUR, fallbackRate: FTNS };
    const refuses = (sources: Partial<typeof good>, setting: string) =>
      expect(jobs.setRateSources({ ...good, ...sources }))
        .to.be.revertedWithCustomError(jobs, "SettingOutOfBounds")
        .withArgs(encodeBytes32String(setting), ...Array(3).fill(() => true));
    for (const maxCoinAge of [599n, 48n * HOUR + 1n]) await refuses({ maxCoinAge }, "maxCoinAge");
    for (const fallbackRate of [10n ** 12n - 1n, 10n ** 27n + 1n]) await refuses({ fallbackRate }, "fallbackRate");
    const fine = await ethers.deployContract("MockFeed", [19]);
    await refuses({ coinFeed: await fine.getAddress() }, "decimals");
    await expect(jobs.setRateSources({ ...good, coinFeed: w.people.users[0]!.address })).to.be.revertedWithCustomError(
      jobs,
      "NotAContract",
    );
    await expect(jobs.setRateSources(good)).to.emit(jobs, "RateSourcesSet");
    const { coinFeed, maxCoinAge, fallbackRate } = await jobs.rateSources();
    expect({ coinFeed, maxCoinAge, fallbackRate }).to.deep.equal(good);
  });

  it("bounds the fee for data, which nobody tells at first", async () => {
    expect(await jobs.dataFees()).to.deep.equal([ZeroAddress, 0n]);
    const oracle = await ethers.deployContract("DataFeeTold");
    const most = 10n ** 17n;
    await expect(jobs.setDataFees({ oracle, maxFee: most + 1n }))
      .to.be.revertedWithCustomError(jobs, "SettingOutOfBounds")
      .withArgs(encodeBytes32String("maxFee"), most + 1n, 0n, most);
    await expect(jobs.setDataFees({ oracle: w.people.users[0]!, maxFee: 0n })).to.be.revertedWithCustomError(
      jobs,
      "NotAContract",
    );
    for (const maxFee of [0n, most]) {
      await expect(jobs.setDataFees({ oracle, maxFee })).to.emit(jobs, "DataFeesSet");
      expect(await jobs.dataFees()).to.deep.equal([await oracle.getAddress(), maxFee]);
    }
    await jobs.setDataFees({ oracle: ZeroAddress, maxFee: 0n });
    expect(await jobs.dataFees()).to.deep.equal([ZeroAddress, 0n]);
  });

  it("are not a stranger's to set", async () => {
    const stranger = jobs.connect(w.people.users[0]!);
    const sources = { coinFeed: ZeroAddress, maxCoinAge: HOUR, fallbackRate: FTNS };
    for (const call of [
      stranger.setPaymentRules(rules),
      stranger.setRateSources(sources),
      stranger.setDataFees({ oracle: ZeroAddress, maxFee: 0n }),
      stranger.setForwarder(ZeroAddress, ZeroAddress),
    ]) {
      await expect(call).to.be.revertedWithCustomError(jobs, "AccessManagedUnauthorized");
    }
  });

  it("cannot be made about contracts that are not there", async () => {
    const { manager, pool, breaker, governor, controller } = w.addresses;
    const nobody = w.people.users[0]!.address;
    const made = (...args: [string, string, string, string]) =>
      ethers.deployContract("KeeperJobs", [manager, ...args, ZeroAddress, 2_000n * FTNS]);
    for (const args of [
      [nobody, breaker, governor, controller],
      [pool, nobody, governor, controller],
      [pool, breaker, nobody, controller],
      [pool, breaker, governor, nobody],
    ] as const) {
      await expect(made(...args))
        .to.be.revertedWithCustomError(jobs, "NotAContract")
        .withArgs(nobody);
    }
    const unborn = await ethers.deployContract("CircuitBreaker", [
      manager,
      w.addresses.token,
      controller,
      w.addresses.registry,
      governor,
      ZeroAddress,
      w.vault,
      5n,
    ]);
    await expect(made(pool, await unborn.getAddress(), governor, controller))
      .to.be.revertedWithCustomError(jobs, "NotAContract")
      .withArgs(ZeroAddress);
  });
});
