// What a test asks of the jobs: whether one is due, to do it, and who refuses it.
import { expect } from "chai";
import type { Interface } from "ethers";
import { NOBODY, WORK, WORKABLE, type KeepersWorld } from "./fixture.ts";

/** `world` is the present one. */
export const askingIn = (world: () => Pick<KeepersWorld, "jobs">) => {
  const statusOf = (job: bigint) => world().jobs[WORKABLE](job);
  const work = (job: bigint, args = "0x") => world().jobs[WORK](job, args, NOBODY);
  /** By its rules of pay. */
  const refuses = (job: bigint, args = "0x") =>
    expect(work(job, args)).to.be.revertedWithCustomError(world().jobs, "NotWorkable").withArgs(job);
  /** The contract that the job concerns, by its own rules. */
  const isRefused = (job: bigint, args: string, by: { interface: Interface }, error: string) =>
    expect(work(job, args)).to.be.revertedWithCustomError(by, error);
  return { statusOf, work, refuses, isRefused };
};
