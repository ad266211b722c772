/** After the work is over, what still hangs on the network may not hold the process. */
const LAST_WAIT_MS = 1_000;

try {
  const { runCli } = await import("./cli.ts");
  process.exitCode = await runCli(process.argv.slice(2));
} catch (error) {
  // The contract bindings are made by the build; without them the keeper's own modules cannot be loaded.
  const unbuilt = error instanceof Error && /typechain-types/.test(error.message);
  console.error(unbuilt ? "The contracts are not compiled. Run: npm run build" : error);
  process.exitCode = 2;
}
setTimeout(() => process.exit(), LAST_WAIT_MS).unref();
