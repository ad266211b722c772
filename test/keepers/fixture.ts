// An economy with prices, reporters and voters, whose pool has funds, and the jobs of its keepers.
import { AbiCoder, ZeroAddress, type ContractTransactionResponse } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { PaymentRules } from "@ftns/model";
import { economyOn, FTNS, type TestEconomy } from "../helpers/economy.ts";
import { packedReports } from "../helpers/sign.ts";
import type { Connection } from "../helpers/time.ts";
import type { Proposal } from "../governance/fixture.ts";
import { CALM, lastRoundAt, safetyOn, type SafetyWorld } from "../safety/fixture.ts";

export const JOB = {
  trigger: 0n,
  emergency: 1n,
  opposed: 2n,
  report: 3n,
  record: 4n,
  adjust: 5n,
  queue: 6n,
  execute: 7n,
  anew: 8n,
  bond: 9n,
} as const;
export const WORK = "work(uint8,bytes,address)";
/** As payee: the caller of `work`, or nobody. */
export const NOBODY = ZeroAddress;
export const WORKABLE = "workable(uint8)";
export const GWEI = 10n ** 9n;

const coder = AbiCoder.defaultAbiCoder();
export const word = (value: bigint) => coder.encode(["uint256"], [value]);
/** What passes through the doors of the keeper networks. */
export const task = (job: bigint, args: string, payee: string = NOBODY) =>
  coder.encode(["uint8", "bytes", "address"], [job, args, payee]);
export const contentOf = ({ targets, values, calldatas, descriptionHash }: Proposal) =>
  coder.encode(["address[]", "uint256[]", "bytes[]", "bytes32"], [targets, values, calldatas, descriptionHash]);
export const idsOf = (args: string): bigint[] => [...(coder.decode(["uint256[]"], args)[0] as bigint[])];

const REPORT_TYPE = "tuple(uint256 first, uint256 second, bytes32 r, bytes32 vs)[]";

/**
 * With `walks` the history walks the feed's rounds, as it would those of a foreign feed, so that recording is a keeper's job;
 * otherwise the feed hands them over.
 */
export async function keepersOn(connection: Connection, walks = true) {
  const w = await safetyOn(connection);
  if (walks) await walk(w);
  const { people, token, pool, history, keeperJobs: jobs } = w;
  if (walks) await history.record();
  const keeper = people.users.at(-1)!;
  await token.connect(people.treasury).transfer(pool, 100_000n * FTNS);

  const reports = (signers: readonly HardhatEthersSigner[] = people.reporters, price = CALM.price) =>
    reportsArgs(w, signers, price);
  const hour = async (price: bigint) => {
    await w.hour(price);
    if (walks) await history.record();
  };
  const hours = async (count: number, price: bigint) => {
    for (let i = 0; i < count; i++) await hour(price);
  };
  return { ...w, jobs: jobs.connect(keeper), keeper, reports, hour, hours, walks };
}

/** Arguments of REPORT_PRICE: what `signers` see. */
export async function reportsArgs(
  w: Pick<SafetyWorld, "people" | "medianFeed" | "clock" | "addresses">,
  signers: readonly HardhatEthersSigner[] = w.people.reporters,
  price = CALM.price,
): Promise<string> {
  const report = { ...CALM, price, meanPrice: price, since: await lastRoundAt(w), observedAt: await w.clock.now() };
  const place = { chainId: 31_337n, verifyingContract: w.addresses.feed };
  const packed = await packedReports(
    signers.map((signer) => ({ signer, report })),
    place,
  );
  return coder.encode([REPORT_TYPE], [packed]);
}

/** From now on the history walks the feed's rounds. */
async function walk({ history, medianFeed, people }: TestEconomy): Promise<void> {
  await medianFeed.connect(people.governor).setHistory(ZeroAddress);
  await history.connect(people.governor).setFeed(medianFeed, false, 10_800n);
}

/** A new economy with a first round that nobody has walked yet, and a pool with funds. */
export async function youngOn(connection: Connection) {
  const economy = await economyOn(connection);
  await walk(economy);
  const { people, token, pool, medianFeed, keeperJobs, clock } = economy;
  const { chainId } = await connection.ethers.provider.getNetwork();
  const place = { chainId, verifyingContract: await medianFeed.getAddress() };
  const report = { ...CALM, meanPrice: CALM.price, since: 0n, observedAt: await clock.now() };
  await medianFeed.submit(
    await packedReports(
      people.reporters.map((signer) => ({ signer, report })),
      place,
    ),
  );
  await token.connect(people.treasury).transfer(pool, 100_000n * FTNS);
  return { ...economy, jobs: keeperJobs.connect(people.users.at(-1)!) };
}

export type KeepersWorld = Awaited<ReturnType<typeof keepersOn>>;

/** The rules in force, as the model knows them. */
export async function rulesOf({ jobs }: Pick<KeepersWorld, "jobs">): Promise<PaymentRules> {
  const { basePremium, maxPremium, riseSec, maxGas, maxGasPrice, dailyGas } = await jobs.paymentRules();
  return { basePremium, maxPremium, riseSec, maxGas, maxGasPrice, dailyGas };
}

/** What the events of a transaction say of the jobs done in it. */
export async function doneIn({ jobs }: Pick<KeepersWorld, "jobs">, sent: Promise<ContractTransactionResponse>) {
  const receipt = (await (await sent).wait())!;
  const address = await jobs.getAddress();
  const done = receipt.logs
    .filter((log) => log.address === address)
    .map((log) => jobs.interface.parseLog(log))
    .filter((log) => log?.name === "JobDone")
    .map((log) => {
      const { job, executor, payee, gas, baseFee, tip, dataFee, lateSec, rate, paid } = log!.args;
      return { job, executor, payee, gas, baseFee, tip, dataFee, lateSec, rate, paid } as Record<"executor" | "payee", string> &
        Record<"job" | "gas" | "baseFee" | "tip" | "dataFee" | "lateSec" | "rate" | "paid", bigint>;
    });
  return { receipt, done };
}

/** Lives on until the window of an adjustment is complete. */
export async function month({ clock, report, history, walks }: KeepersWorld): Promise<void> {
  for (let i = 0; i < 33 * 9; i++) {
    await clock.pass(9_600n);
    await report();
    if (walks) await history.record();
  }
}
