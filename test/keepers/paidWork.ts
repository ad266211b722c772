// Work that is due, and that is paid.
import type { Connection } from "../helpers/time.ts";
import { HOUR } from "../helpers/time.ts";
import { doneIn, GWEI, JOB, WORK, type KeepersWorld } from "./fixture.ts";

/** `world` is the present one. */
export function paidWork(connection: Connection, world: () => KeepersWorld) {
  const { ethers, networkHelpers } = connection;
  /** Does a job that is due, at `gasPrice`. */
  const record = async (tip = GWEI) => {
    const w = world();
    const { baseFeePerGas } = (await ethers.provider.getBlock("latest"))!;
    const fee = { maxFeePerGas: 3n * baseFeePerGas! + tip, maxPriorityFeePerGas: tip };
    const { receipt, done } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", fee));
    const { baseFeePerGas: baseFee } = (await ethers.provider.getBlock(receipt.blockNumber))!;
    return { receipt, done: done[0]!, baseFee: baseFee! };
  };
  /** The next block comes `seconds` after a record was due. */
  const late = async (seconds: bigint) => {
    const w = world();
    const { recordedAt } = await w.history.lastRecord();
    await w.clock.to(recordedAt + HOUR + seconds - 20n);
    await w.report();
    await w.clock.nextBlockAt(recordedAt + HOUR + seconds);
  };
  /** The contract at `address` becomes one that fails in the way of `name`. */
  const breakContract = async (address: string, name: string) => {
    const mock = await ethers.deployContract(name);
    await networkHelpers.setCode(address, await ethers.provider.getCode(mock));
  };
  return { record, late, breakContract };
}
