// Verifies an economy on a network: roles, functions, references and code, all as the chain tells them.
import { CONTRACTS } from "@ftns/sdk/economy.ts";
import { commandLine, read } from "./commandLine.ts";
import type { VerifyCommand } from "./verifying.ts";

const line = commandLine(
  "verify-wiring",
  "Verifies an economy on a network by what the chain says: code, roles and their members, what each function answers to a stranger, " +
    "references, delays that are under way. Ends with 1 when a check fails.",
)
  .option("--network <name>", "network of hardhat.config.ts, such as local or sepolia")
  .option("--parameters <file.json>", "what should be there (default: deploy/parameters.<network>.json)")
  .option("--fresh", "also expects supply and balances as at launch", false)
  .option("--verbose", "shows every check", false)
  .optionsGroup("For an economy that was not deployed from here:")
  .option("--addresses <file.json>", `its addresses, by name: ${Object.keys(CONTRACTS).join(", ")}`)
  .option("--deployer <address>", "who deployed it")
  .option("--from-block <number>", "where its events begin (default: the record's first block, or 0)")
  .addHelpText("after", "\nExample:\n  npm run verify-wiring -- --network sepolia");
const { options } = read<VerifyCommand>(line);

// The contracts' types come out of the build, so what uses them is loaded after it.
const { build } = await import("@ftns/deploy/build.ts");
await build({ quiet: true });
const { verifying } = await import("./verifying.ts");
await verifying(options);
