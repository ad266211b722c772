// Modules from their text.
import { readFileSync } from "node:fs";
import wabt from "wabt";

const tools = await wabt();

export const binaryOf = (text: string): Uint8Array =>
  tools.parseWat("module.wat", text, { bulk_memory: true, simd: true, threads: true, memory64: true }).toBinary({}).buffer;

export const binaryOfFile = (name: string): Uint8Array => binaryOf(readFileSync(new URL(name, import.meta.url), "utf8"));
