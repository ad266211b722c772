// How every command of package.json reads its line: --help tells what it does, and what nobody knows is refused with advice.
import { Command, Help, type Option } from "commander";

/**
 * A command with its description; add options and arguments, then `read`. On --help, and on a line that can't be read, the
 * program ends here.
 */
export function commandLine(name: string, description: string): Command {
  const usage = name === "test" ? "npm test --" : `npm run ${name} --`;
  return new Command(usage)
    .description(description)
    .helpOption("-h, --help", "tells this")
    .showHelpAfterError(`See ${usage} --help.`)
    .configureHelp({ helpWidth: 110, optionDescription });
}

/** A switch that is off needs no word about it. */
function optionDescription(option: Option): string {
  return new Help().optionDescription(option).replace(/ ?\(default: false\)/, "");
}

/** Reads the line of this process. */
export function read<T extends object>(command: Command): { options: T; args: string[] } {
  const parsed = command.parse();
  return { options: parsed.opts<T>(), args: parsed.args };
}

/** Ends the program with what is wrong and where to look. */
export function refuse(command: Command, why: string): never {
  return command.error(`error: ${why}`, { exitCode: 1 });
}
