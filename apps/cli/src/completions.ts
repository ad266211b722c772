import type { Command } from "commander";

/** A script for the shell, made of the commands themselves: `source <(ftns completions bash)`. */
export function completionsFor(shell: "bash" | "zsh", program: Command): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long])),
  }));
  const common = program.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
  return shell === "bash" ? bash(commands, common) : zsh(commands, common);
}

interface Completed {
  name: string;
  description: string;
  flags: string[];
}

function bash(commands: readonly Completed[], common: readonly string[]): string {
  const cases = commands.map(({ name, flags }) => `    ${name}) words="${[...flags, ...common].join(" ")}" ;;`);
  return `_ftns() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="${[...commands.map(({ name }) => name), ...common].join(" ")}" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
${cases.join("\n")}
    esac
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _ftns ftns
`;
}

function zsh(commands: readonly Completed[], common: readonly string[]): string {
  const quoted = (text: string) => text.replaceAll("'", "’").replaceAll(":", "\\:");
  const names = commands.map(({ name, description }) => `    '${name}:${quoted(description)}'`);
  const cases = commands.map(({ name, flags }) => `    ${name}) compadd -- ${[...flags, ...common].join(" ")}; _files ;;`);
  return `#compdef ftns
_ftns() {
  local -a commands
  commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
  esac
}
compdef _ftns ftns
`;
}
