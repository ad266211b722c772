// A job that is done and paid for, on time or late, and what can be made to go wrong with the payment.
import { FTNS } from "../helpers/economy.ts";
import { HOUR, type Connection } from "../helpers/time.ts";
import { doneIn, GWEI, JOB, NOBODY, WORK, type KeepersWorld } from "./fixture.ts";

export const WAD = 10n ** 18n;
/** FTNS for a coin, as long as no feed says otherwise. */
export const FALLBACK = 2_000n * FTNS;
/** Contracts that are put in the place of one that works. */
export const BROKEN = ["Reverting", "BurningGas", "DataBomb", "Garbage", "Silent"];

/** `world` is the present one. */
export const payingIn = (connection: Connection, world: () => KeepersWorld) => {
  const { ethers, networkHelpers } = connection;
  /** Does a job that is due, with `tip`. */
  const record = async (tip = GWEI) => {
    const { baseFeePerGas } = (await ethers.provider.getBlock("latest"))!;
    const fee = { maxFeePerGas: 3n * baseFeePerGas! + tip, maxPriorityFeePerGas: tip };
    const w = world();
    const { receipt, done } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", NOBODY, fee));
    const { baseFeePerGas: baseFee } = (await ethers.provider.getBlock(receipt.blockNumber))!;
    return { receipt, done: done[0]!, baseFee: baseFee! };
  };
  /** That job is due for `seconds` in the next block. */
  const late = async (seconds: bigint) => {
    const { history, clock, report } = world();
    const { knownUntil } = await history.lastRecord();
    await clock.to(knownUntil + HOUR + seconds - 20n);
    await report();
    await clock.nextBlockAt(knownUntil + HOUR + seconds);
  };
  const govern = () => world().jobs.connect(world().people.governor);
  const breakContract = async (address: string, name: string) => {
    const mock = await ethers.deployContract(name);
    await networkHelpers.setCode(address, await ethers.provider.getCode(mock));
  };
  return { record, late, govern, breakContract };
};
