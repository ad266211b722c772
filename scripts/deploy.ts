// Deploys the economy to a network and verifies it. Started again after an interruption, it goes on where it stopped.
import { commandLine, read } from "./commandLine.ts";
import type { DeployCommand } from "./deploying.ts";

const line = commandLine(
  "deploy",
  "Deploys an economy to a network and verifies it. After an interruption the same command goes on where it stopped; when all is " +
    "deployed it sends nothing.",
)
  .option("--network <name>", "network of hardhat.config.ts, such as local or sepolia")
  .option("--parameters <file.json>", "what is deployed (default: deploy/parameters.<network>.json)")
  .option("--anew", "sets the record of an earlier deployment aside, and deploys everything anew", false)
  .option("--verbose", "shows every check", false)
  .addHelpText("after", "\nExample:\n  npm run deploy -- --network sepolia");
const { options } = read<DeployCommand>(line);

// The contracts' types come out of the build, so what uses them is loaded after it.
const { build } = await import("@ftns/deploy/build.ts");
await build({ quiet: true });
const { deploying } = await import("./deploying.ts");
await deploying(options);
