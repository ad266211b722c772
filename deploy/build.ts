// Compiles the contracts and writes their TypeScript types; does nothing when nothing has changed.
import hre from "hardhat";

export async function build({ quiet }: { quiet: boolean }): Promise<void> {
  await hre.tasks.getTask("build").run({ quiet });
}
