// What checks are made with: files of the operator, the chain, and the way to fetch.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type AttesterRole,
  COMPUTE_RULES,
  type ComputeRules,
  createFetcher,
  type Fetcher,
  type HeldOut,
  type Job,
  type ModelTask,
  STORAGE_RULES,
  type StorageRules,
  workHash,
} from "@ftns/evidence";
import { ServiceError } from "@ftns/service/errors.ts";
import { getAddress } from "ethers";
import { z } from "zod/v4";
import type { Economy } from "../chain/economy.ts";
import type { VerifierConfig } from "../config/schema.ts";

export interface CheckParts {
  economy: Economy;
  fetcher: Fetcher;
  /** What choices are drawn with. */
  secret: Uint8Array;
  storage: StorageRules;
  compute: ComputeRules;
  benchmarkTurns: number;
  jobs: ReadonlyMap<string, Job>;
  tasks: ReadonlyMap<string, ModelTask>;
  heldOut(task: string): Promise<{ set: HeldOut; salt: Uint8Array }>;
  roleOf(account: string): AttesterRole | undefined;
}

const GB = 2 ** 30;

export async function openParts(
  config: VerifierConfig,
  baseDir: string,
  economy: Economy,
  secret: Uint8Array,
): Promise<CheckParts> {
  const roles = new Map(config.attesters.map(({ address, role }) => [getAddress(address), role]));
  const files = new Map(config.models.tasks.map(({ name, heldOut }) => [name, resolve(baseDir, heldOut)]));
  return {
    economy,
    fetcher: createFetcher({ allowPrivate: config.fetch.allowPrivate }),
    secret,
    storage: { ...STORAGE_RULES, fullQualityBytes: BigInt(Math.ceil(config.storage.fullQualityGb * GB)) },
    compute: { ...COMPUTE_RULES, instructionsPerWorkUnit: BigInt(config.compute.instructionsPerWorkUnit) },
    benchmarkTurns: config.compute.benchmarkTurns,
    jobs: await openJobs(config, baseDir),
    tasks: new Map(
      config.models.tasks.map(({ name, width, classes, epochEndsAt, baseline, commitment }) => [
        name,
        { width, classes, epochEndsAt, baseline: BigInt(baseline), commitment },
      ]),
    ),
    heldOut: async (task) => readHeldOut(files.get(task)!),
    roleOf: (account) => roles.get(account),
  };
}

/** A job goes by the digest of all that decides its results. */
export function jobName({ module, input, units, budget }: Job): string {
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  return workHash("JOB", [`module ${sha256(module)}`, `input ${sha256(input)}`, `units ${units}`, `budget ${budget}`]);
}

export async function openJobs({ compute }: Pick<VerifierConfig, "compute">, baseDir: string): Promise<Map<string, Job>> {
  const jobs = new Map<string, Job>();
  for (const [index, { module, input, units, budget }] of compute.jobs.entries()) {
    const read = (field: string, path: string) => readBytes(`compute.jobs.${index}.${field}`, resolve(baseDir, path));
    const job = { module: await read("module", module), input: await read("input", input), units, budget: BigInt(budget) };
    jobs.set(jobName(job), job);
  }
  return jobs;
}

async function readBytes(field: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw new ServiceError(`${field}: the file ${path} cannot be read.`, "Check the path and the file's permissions.");
  }
}

const heldOutFile = z.strictObject({
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  inputs: z.array(z.number()),
  labels: z.array(z.number().int().min(0).max(255)),
});

async function readHeldOut(path: string): Promise<{ set: HeldOut; salt: Uint8Array }> {
  const result = heldOutFile.safeParse(JSON.parse(await readFile(path, "utf8")));
  // What stands in it is secret, so that no part of it is repeated.
  if (!result.success) throw new ServiceError(`${path} holds no held-out set.`, "See models.tasks in the settings.");
  const { salt, inputs, labels } = result.data;
  return { set: { inputs: Float32Array.from(inputs), labels: Uint8Array.from(labels) }, salt: Buffer.from(salt, "hex") };
}
