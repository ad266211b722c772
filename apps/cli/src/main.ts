import { runCli } from "./cli.ts";

process.exitCode = await runCli(process.argv.slice(2));
// What still hangs on the network may not hold the process.
setTimeout(() => process.exit(), 1_000).unref();
