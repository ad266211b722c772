// What rollups take for data: who tells it, what is paid of it, and what a liar gets.
import { expect } from "chai";
import { network } from "hardhat";
import type { BaseContract } from "ethers";
import { amountOf, DATA_OVERHEAD, premiumOf } from "@ftns/model";
import { FTNS } from "../helpers/economy.ts";
import { HOUR } from "../helpers/time.ts";
import { doneIn, GWEI, JOB, keepersOn, NOBODY, rulesOf, WORK, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const { ethers } = connection;
const world = async () => keepersOn(connection);
const FALLBACK = 2_000n * FTNS;
const WAD = 10n ** 18n;
const OP_ORACLE = "0x420000000000000000000000000000000000000F";
const ARB_GAS_INFO = "0x000000000000000000000000000000000000006C";
const MAX_FEE = 10n ** 15n;

describe("KeeperJobs and the data fees of rollups (P243)", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const govern = () => w.jobs.connect(w.people.governor);
  const use = async (oracle: BaseContract | string, maxFee = MAX_FEE) => {
    await govern().setDataFees({ oracle: await ethers.resolveAddress(oracle), maxFee });
  };
  const placed = async (name: string, at: string) => {
    const mock = await ethers.deployContract(name);
    await connection.networkHelpers.setCode(at, await ethers.provider.getCode(mock));
    return mock.attach(at) as BaseContract;
  };
  const recordDue = async () => {
    await w.clock.pass(HOUR);
    await w.report();
    await connection.networkHelpers.setNextBlockBaseFeePerGas(GWEI / 100n);
  };
  /** Does a job, and holds what it paid against the model. */
  const record = async () => {
    await recordDue();
    const sent = w.jobs[WORK](JOB.record, "0x", NOBODY, { maxFeePerGas: GWEI, maxPriorityFeePerGas: 0n });
    const [done] = (await doneIn(w, sent)).done;
    const { gas, baseFee, tip, dataFee, lateSec, rate, paid } = done!;
    const premium = premiumOf(lateSec, await rulesOf(w));
    expect(paid).to.equal(amountOf(gas, baseFee, tip, dataFee, premium, rate));
    return done!;
  };

  it("are not paid as long as nobody tells them", async () => {
    expect((await record()).dataFee).to.equal(0n);
  });

  it("are paid back as they are told, without a premium, for the arguments and what is around them", async () => {
    const oracle = await ethers.deployContract("DataFeeTold");
    await oracle.getFunction("set").send(1_000n, 7n);
    const before = await record();
    await use(oracle);
    const done = await record();
    expect(done.dataFee).to.equal(1_000n * DATA_OVERHEAD + 7n);
    // The fee at the rate, and nothing more, beside what the gas for asking adds.
    const gasPart = amountOf(done.gas, done.baseFee, 0n, 0n, premiumOf(done.lateSec, await rulesOf(w)), FALLBACK);
    expect(done.paid - gasPart).to.be.within((done.dataFee * FALLBACK) / WAD, (done.dataFee * FALLBACK) / WAD + 1n);
    expect(done.gas - before.gas).to.be.lessThan(15_000n);

    await w.clock.pass(HOUR);
    const reports = await w.reports();
    const [report] = (await doneIn(w, w.jobs[WORK](JOB.report, reports, NOBODY))).done;
    expect(report!.dataFee).to.equal(1_000n * (BigInt((reports.length - 2) / 2) + DATA_OVERHEAD) + 7n);
  });

  it("are paid once in a transaction", async () => {
    const oracle = await ethers.deployContract("DataFeeTold");
    await oracle.getFunction("set").send(0n, 5_000n);
    await use(oracle);
    const batcher = await ethers.deployContract("Batcher", w.keeper);
    await w.clock.pass(HOUR);
    await w.report();
    await w.clock.pass(HOUR);
    const reports = await w.reports();
    const both = batcher.getFunction("both").send(w.jobs, JOB.record, "0x", JOB.report, reports, { gasLimit: 3_000_000n });
    const { done } = await doneIn(w, both as never);
    expect(done.map(({ dataFee }) => dataFee)).to.deep.equal([5_000n, 0n]);
  });

  describe("of a liar", () => {
    it("are believed up to the highest that governance set, for each job", async () => {
      const oracle = await ethers.deployContract("DataFeeTold");
      await use(oracle, 12_345n);
      for (const flat of [12_344n, 12_345n, 12_346n, 2n ** 255n]) {
        await oracle.getFunction("set").send(0n, flat);
        expect((await record()).dataFee).to.equal(flat < 12_345n ? flat : 12_345n);
      }
    });

    it("bring nothing once the day's gas is used up", async () => {
      const oracle = await ethers.deployContract("DataFeeTold");
      await oracle.getFunction("set").send(0n, 2n ** 200n);
      await use(oracle);
      await govern().setPaymentRules({ ...(await rulesOf(w)), dailyGas: 100_000n });
      await w.clock.toDaysAhead(1n, HOUR);
      await w.report();
      await w.history.record();
      const first = await record();
      expect([first.gas, first.dataFee]).to.deep.equal([100_000n, MAX_FEE]);
      const second = await record();
      expect([second.gas, second.dataFee, second.paid]).to.deep.equal([0n, 0n, 0n]);
    });

    for (const broken of ["Reverting", "BurningGas", "DataBomb", "Silent"]) {
      it(`are none when it is ${broken}, and the job is done and paid`, async () => {
        const plain = await record();
        await use(await ethers.deployContract(broken));
        const done = await record();
        expect(done.dataFee).to.equal(0n);
        expect(done.paid).to.be.greaterThan(0n);
        expect(await w.history.hasNewRound()).to.equal(false);
        // What it burns is bounded, and is the only thing that it can make the pool pay for.
        expect(done.gas - plain.gas).to.be.lessThan(60_000n);
      });
    }
  });

  describe("of the OP Stack", () => {
    it("are its predeploy's bound for the transaction's size", async () => {
      const predeploy = await placed("GasPriceOraclePredeploy", OP_ORACLE);
      await predeploy.getFunction("set").send(20n * GWEI, GWEI);
      await use(await ethers.deployContract("OptimismDataFee"));
      const told = await predeploy.getFunction("getL1FeeUpperBound")(DATA_OVERHEAD);
      const { dataFee } = await record();
      expect(dataFee).to.equal(told);
      expect(dataFee).to.be.greaterThan(0n);
    });

    it("are none on a chain without the predeploy", async () => {
      await use(await ethers.deployContract("OptimismDataFee"));
      expect((await record()).dataFee).to.equal(0n);
    });
  });

  describe("of Arbitrum", () => {
    it("are what the transaction was charged, up to the price of the job's own bytes", async () => {
      const precompile = await placed("ArbGasInfoPrecompile", ARB_GAS_INFO);
      await use(await ethers.deployContract("ArbitrumDataFee"));
      const perByte = 2_000n;
      const own = perByte * DATA_OVERHEAD;
      // Whoever publishes megabytes of its own beside a job pays for them itself.
      for (const charged of [0n, own - 1n, own, own + 1n, 10n ** 17n]) {
        await precompile.getFunction("set").send(perByte, charged);
        expect((await record()).dataFee).to.equal(charged < own ? charged : own);
      }
    });
  });
});
