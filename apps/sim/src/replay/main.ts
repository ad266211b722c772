// npm run simulate-replay: one run in 500 again, in the bit-exact model. Ends with 1 where a band, tier, refusal or factor differs.
import { commandLine, wholeNumber } from "../args.ts";
import { workOff } from "../crew.ts";
import { planOf } from "../plan.ts";
import { progressOn } from "../progress.ts";
import type { Deviations } from "./model.ts";
import { type Run, sampleOf } from "./sample.ts";

const { every, seeds } = commandLine(
  "simulate-replay",
  "Lives through one run in 500 of the report again in the bit-exact model, and fails on any difference.",
)
  .option("--every <number>", "one run in so many", wholeNumber(1_000_000), 499)
  .option("--seeds <number>", "seeds a regime of the report", wholeNumber(1_000), 100)
  .parse()
  .opts<{ every: number; seeds: number }>();

const runs = sampleOf(planOf("report", seeds), every);
const progress = progressOn(process.stderr, runs.length);
const failures: string[] = [];
const total: Deviations = { factor: 0, amount: 0, days: 0, bands: 0, tiers: 0, factors: 0, refusals: 0 };
let done = 0;
await workOff<Run, { worst?: Deviations; failure?: string }>(
  new URL("./worker.ts", import.meta.url),
  {},
  runs,
  ({ worst, failure }) => {
    if (failure !== undefined) failures.push(failure);
    if (worst !== undefined) {
      for (const key of ["days", "bands", "tiers", "factors", "refusals"] as const) total[key] += worst[key];
      for (const key of ["factor", "amount"] as const) total[key] = Math.max(total[key], worst[key]);
    }
    progress.show((done += 1), 0);
  },
);
progress.end();
for (const failure of failures) console.error(failure);
console.log(
  `${runs.length} runs again, ${failures.length} of them different. The same in ${total.days} days: ${total.bands} bands, ${total.tiers} tiers, ` +
    `${total.refusals} refusals, ${total.factors} factors (off by ${total.factor.toExponential(1)} at most), amounts within ${total.amount.toExponential(1)}.`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
