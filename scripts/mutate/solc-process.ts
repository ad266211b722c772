// The compiler in a process of its own: loaded once, and whoever waits for it can do other things meanwhile.
import { createRequire } from "node:module";

interface Solc {
  compile(input: string): string;
}

export interface SolcInput {
  language: string;
  settings: Record<string, unknown>;
  sources: Record<string, { content: string }>;
}

export interface SolcOutput {
  errors?: { severity: string; formattedMessage: string; message: string }[];
  sources?: Record<string, { ast?: unknown }>;
  contracts?: Record<string, Record<string, { evm: { bytecode: Code; deployedBytecode: Code } }>>;
}

export interface Code {
  object: string;
  linkReferences?: object;
  immutableReferences?: object;
}

export interface SolcRequest {
  id: number;
  input: SolcInput;
}

export interface SolcReply {
  id: number;
  output: SolcOutput;
}

/** The compiler of hardhat.config.ts. */
export function loadSolc(): Solc {
  return createRequire(import.meta.url)("solc") as Solc;
}

// Whoever imports this file has no such argument.
if (process.argv[2] === "serve-solc") {
  const solc = loadSolc();
  process.on("message", ({ id, input }: SolcRequest) => {
    const output = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput;
    process.send?.({ id, output } satisfies SolcReply);
  });
  process.on("disconnect", () => process.exit());
}
