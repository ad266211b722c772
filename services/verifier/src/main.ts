import { runCli } from "./cli.ts";

/** After the work is over, what still hangs on the network may not hold the process. */
const LAST_WAIT_MS = 1_000;

try {
  process.exitCode = await runCli(process.argv.slice(2));
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
setTimeout(() => process.exit(), LAST_WAIT_MS).unref();
