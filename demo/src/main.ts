// npm start: an FTNS economy lives through months of real prices on a local chain.
import pc from "picocolors";
import { parseArgs } from "./args.ts";
import { UserError } from "./errors.ts";
import { loadSeries } from "./prices/series.ts";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseArgs(argv);
  if (parsed.kind === "help") {
    process.stdout.write(parsed.text);
    return 0;
  }
  const { options } = parsed;
  const series = loadSeries(options);

  // The contracts' TypeScript types come out of the build, so what uses them is loaded after it.
  const { build } = await import("../../scripts/build.ts");
  const startedAt = performance.now();
  process.stdout.write("Building the contracts…\n");
  await build({ quiet: true });
  const { run } = await import("./run.ts");
  return run(options, series, startedAt);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UserError) console.error(`${pc.red("Error:")} ${error.message}`);
  else console.error(error);
  process.exit(1);
}
