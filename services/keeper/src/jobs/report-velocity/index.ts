import { join } from "node:path";
import { z } from "zod/v4";
import { contracts } from "@ftns/sdk/contracts.ts";
import type { Chain } from "@ftns/chain/connect.ts";
import { readState, writeState, writeText } from "@ftns/service/state/file.ts";
import type { Job } from "../job.ts";
import { decideVelocity, dueAfter } from "./decide.ts";
import { type VelocityLimits, type VelocitySnapshot, readFacts } from "./read.ts";
import type { VelocityReport } from "./report.ts";
import { markdownOf } from "./words.ts";

export interface VelocityRules extends VelocityLimits {
  /** Cron pattern of the times for which reports are made. */
  reportAt: string;
}

const lastShape = z.object({
  madeAt: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(BigInt),
  velocity: z
    .string()
    .regex(/^\d{1,78}$/)
    .transform(BigInt)
    .optional(),
});

/** What the last report says of the whole, for whoever watches: FTNS move so often a month (WAD). */
export interface LastVelocity {
  madeAt: bigint;
  velocity?: bigint | undefined;
}

/** Sends nothing. Reports go to the log and, with a folder for state, into files. */
export function reportVelocityJob(
  chain: Chain,
  { token, controller }: { token: string; controller?: string | undefined },
  rules: VelocityRules,
  stateDir?: string,
  tell?: (last: LastVelocity) => void,
): Job<VelocitySnapshot, VelocityReport> {
  const ftns = contracts.token(token, chain.provider);
  const supply = controller === undefined ? undefined : contracts.controller(controller, chain.provider);
  const folder = stateDir === undefined ? undefined : join(stateDir, "reports");
  const last = folder === undefined ? undefined : join(folder, `latest-${chain.chainId}-${token.toLowerCase()}.json`);
  let madeAt: bigint | undefined;
  let known = last === undefined;
  let prepared: VelocitySnapshot | undefined;
  const look = async (): Promise<VelocitySnapshot> => {
    const head = await chain.latest();
    if (!known) {
      const { value } = await readState(last!, lastShape);
      madeAt = value?.madeAt;
      if (value) tell?.(value);
    }
    known = true;
    // A clock that was set back, or another chain: what was made in the future was not made.
    const dueAt = dueAfter(madeAt !== undefined && madeAt > head.timestamp ? undefined : madeAt, rules.reportAt);
    return { head, dueAt, ...(head.timestamp >= dueAt && { facts: await readFacts(chain, ftns, supply, head, rules) }) };
  };
  return {
    name: "report-velocity",
    async prepare() {
      prepared = undefined;
      prepared = await look();
    },
    read: async () => prepared ?? look(),
    decide: decideVelocity,
    async keep(report) {
      madeAt = report.madeAt;
      prepared = undefined;
      const { velocity } = report.economy;
      tell?.({ madeAt, velocity });
      if (folder === undefined) return undefined;
      const day = new Date(Number(report.madeAt) * 1_000).toISOString().slice(0, 10);
      const path = join(folder, `velocity-${day}`);
      const warnings = [
        await writeState(`${path}.json`, report),
        await writeText(`${path}.md`, markdownOf(report)),
        await writeState(last!, { madeAt, ...(velocity !== undefined && { velocity }) }),
      ];
      return warnings.find((warning) => warning !== undefined);
    },
  };
}
