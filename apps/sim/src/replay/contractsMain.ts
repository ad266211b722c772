// npm run simulate-contracts: five years of each regime again on the contracts. Ends with 1 where something differs.
import { build } from "@ftns/deploy/build.ts";
import { startOfDay } from "@ftns/model";
import { InvalidArgumentError } from "commander";
import { commandLine, wholeNumber } from "../args.ts";
import { DAYS, REPORT_SEEDS, TRAINING_REGIMES, type Regime, WORLDS } from "../assumptions.ts";
import { progressOn } from "../progress.ts";
import { ruleOf } from "../rules.ts";
import { LAUNCH_DAY } from "./prices.ts";
import { seedWithoutEarlyOutage } from "./sample.ts";

const regimesOf = (value: string): Regime[] => {
  const known = TRAINING_REGIMES.find((one) => one === value);
  if (known === undefined) throw new InvalidArgumentError(`It must be one of ${TRAINING_REGIMES.join(", ")}.`);
  return [known];
};
const { days, regime: regimes } = commandLine(
  "simulate-contracts",
  "Lives through one run of each regime again on the contracts, under both rules, and fails on any difference.",
)
  .option("--days <number>", "days of each run", wholeNumber(DAYS), DAYS)
  .option("--regime <name>", "one regime only", regimesOf, [...TRAINING_REGIMES])
  .parse()
  .opts<{ days: number; regime: Regime[] }>();

await build({ quiet: true });
const [{ network }, { playOnContracts }] = await Promise.all([import("hardhat"), import("./contracts.ts")]);
for (const [k, regime] of regimes.entries()) {
  const world = WORLDS[(2 * k + 1) % WORLDS.length]!;
  const rule = ruleOf(k % 2 === 0 ? "path" : "roadmap");
  const { seed, shocks } = seedWithoutEarlyOutage(regime, REPORT_SEEDS.first, 0.8);
  const initialDate = new Date(Number(startOfDay(LAUNCH_DAY - 2n) * 1000n));
  const connection = await network.create({ override: { initialDate } });
  const progress = progressOn(process.stderr, days);
  try {
    const played = await playOnContracts(connection, world, rule, shocks, days, (day) => progress.show(day + 1, 0));
    progress.end();
    console.log(
      `${regime}, ${world.label}, seed ${seed}, ${rule.label}: ${played.days} days and ${played.transactions} transactions again, the same in ` +
        `${played.factors} factors (off by ${played.factorOff.toExponential(1)}), ${played.refusals} refusals, ` +
        `${played.balances} balances and tiers (off by ${played.balanceOff.toExponential(1)})`,
    );
  } catch (error) {
    progress.end();
    console.error(`${regime}, ${world.label}, seed ${seed}, ${rule.label}: ${(error as Error).message}`);
    process.exitCode = 1;
  } finally {
    await connection.close();
  }
}
