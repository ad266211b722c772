// npm start: an FTNS economy lives through months of real prices on a local chain.
import { closeSync, existsSync, mkdirSync, openSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import pc from "picocolors";
import { parseArgs } from "./args.ts";
import { assertPortFree } from "./chain/port.ts";
import { UserError } from "./errors.ts";
import { loadSeries } from "./prices/series.ts";
import { REPORT_FILES } from "./report/files.ts";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseArgs(argv);
  if (parsed.kind === "help") {
    process.stdout.write(parsed.text);
    return 0;
  }
  const { options } = parsed;
  // Whatever can be wrong is found before anything is built or started.
  const series = loadSeries(options);
  await assertPortFree(options.port);
  const out = prepareFolder(options.out);

  // Nobody here reads Solidity's lines (scripts/quiet-traces.ts).
  process.env["FTNS_TRACES"] ??= "0";
  // The contracts' TypeScript types come out of the build, so what uses them is loaded after it.
  const { build } = await import("@ftns/deploy/build.ts");
  const startedAt = performance.now();
  process.stdout.write("Building the contracts; the first time that takes some minutes…\n");
  await build({ quiet: true });
  const { run } = await import("./run.ts");
  return run(options, series, out, startedAt);
}

function prepareFolder(folder: string): string {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true });
    for (const name of REPORT_FILES) tryWriting(join(path, name));
  } catch (error) {
    throw new UserError(
      `I cannot write the report to ${path} (${(error as NodeJS.ErrnoException).code}). Choose another folder with --out.`,
    );
  }
  return path;
}

/** Opens a file for writing and leaves it as it was. */
function tryWriting(file: string): void {
  const there = existsSync(file);
  closeSync(openSync(file, "a"));
  if (!there) rmSync(file);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UserError) console.error(`${pc.red("Error:")} ${error.message}`);
  else console.error(error);
  process.exit(1);
}
