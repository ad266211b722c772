/** The table that the command prints. */
import Table from "cli-table3";
import type { Summary } from "../summary.ts";

export function textOf({ volatilities, runs, seeds }: Summary): string {
  const parts = volatilities.map(({ volatility, rules, bounds }) => {
    const table = new Table({
      head: [`volatility ${volatility}`, "in band", "path less this", "retention", "daily step", "supply", "poor", "waiting"],
      style: { head: [], border: [] },
    });
    for (const { label, all, pathLess } of rules) {
      table.push([
        label,
        `${all.inBand.mean.toFixed(3)} ± ${all.inBand.error.toFixed(3)}`,
        `${pathLess.inBand.mean.toFixed(3)} ± ${pathLess.inBand.error.toFixed(3)}`,
        `${all.retention.mean.toFixed(3)} ± ${all.retention.error.toFixed(3)}`,
        all.step.mean.toFixed(4),
        all.supply.mean.toFixed(2),
        all.poor.mean.toFixed(3),
        all.timing.mean.toFixed(3),
      ]);
    }
    const bare = bounds.map(
      ({ impact, bound, rules: own }) =>
        `bare plant, impact ${impact}: bound ${bound.toFixed(3)}, ${Object.entries(own)
          .map(([id, share]) => `${id} ${share.toFixed(3)}`)
          .join(", ")}`,
    );
    return [table.toString(), ...bare].join("\n");
  });
  return [...parts, `${runs} runs, ${seeds} seeds a regime`].join("\n");
}
