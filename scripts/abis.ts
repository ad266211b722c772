// Writes packages/sdk/src/abi/ from what the compiler says, one file for each contract of an economy, and beside them what the
// contracts' comments say of their functions.
// Usage: npm run abis
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CONTRACTS } from "@ftns/sdk/economy.ts";
import { artifacts } from "hardhat";
import { build } from "@ftns/deploy/build.ts";
import { commandLine, read } from "./commandLine.ts";
import { functionWords, structWords } from "./natspec.ts";

/** Contracts that belong to no economy by themselves, but that programs talk to. */
const OTHERS: readonly string[] = [];

export const ABI_FOLDER = fileURLToPath(new URL("../packages/sdk/src/abi/", import.meta.url));

/** What stands in an ABI and means something; names of Solidity's own types and empty flags only make it longer. */
const KEPT = ["type", "name", "inputs", "outputs", "stateMutability", "indexed", "components"];

interface AbiValue {
  readonly type: string;
  readonly name?: string;
  readonly internalType?: string;
  readonly components?: AbiValue[];
}

interface AbiEntry {
  readonly stateMutability?: string;
  readonly type: string;
  readonly name?: string;
  readonly inputs?: AbiValue[];
  readonly outputs?: AbiValue[];
}

/** File name -> what must stand in it. The contracts must have been built. */
export async function abiFiles(): Promise<Map<string, string>> {
  const names = [...Object.values(CONTRACTS), ...OTHERS].sort();
  const files = new Map<string, string>();
  for (const name of names) {
    const entries = (await namedAbi(name)).map((entry) => `  ${literal(entry)},\n`);
    files.set(
      `${name}.ts`,
      `/** ${name}. Made by npm run abis. */\nexport const ${constantOf(name)} = [\n${entries.join("")}] as const;\n`,
    );
  }
  files.set("functions.ts", await wordsFile(names));
  files.set("index.ts", names.map((name) => `export { ${constantOf(name)} } from "./${name}.ts";\n`).join(""));
  return files;
}

/** Contract -> function that changes something -> the words of its comment. */
async function wordsFile(names: readonly string[]): Promise<string> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const structs = structWords(root);
  const lines: string[] = [];
  for (const name of names) {
    const words = functionWords(root, name);
    const writes = (await namedAbi(name)).filter(
      ({ type, stateMutability }) => type === "function" && stateMutability !== "view" && stateMutability !== "pure",
    );
    const said = writes.flatMap((entry) => {
      const found = words.get(`${entry.name}/${entry.inputs?.length ?? 0}`);
      if (found === undefined) return [];
      const fields = (entry.inputs ?? []).flatMap((input) => fieldWords(input, structs));
      const all = { ...found, values: { ...found.values, ...Object.fromEntries(fields) } };
      return [`    ${JSON.stringify(signatureOf(entry))}: ${JSON.stringify(all)},\n`];
    });
    if (said.length > 0) lines.push(`  ${name}: {\n${said.join("")}  },\n`);
  }
  return (
    "/** What the contracts' comments say of their functions that change something. Made by npm run abis. */\n" +
    "export const FUNCTION_WORDS: Readonly<\n" +
    "  Record<string, Readonly<Record<string, { readonly does: string; readonly values: Readonly<Record<string, string>> }>>>\n" +
    `> = {\n${lines.join("")}};\n`
  );
}

/** `terms.baseRate` -> what it is, for the fields of a value that is a struct. */
function fieldWords(
  { name, internalType, components = [] }: AbiValue,
  structs: Map<string, Map<string, string>>,
): [string, string][] {
  const fields = structs.get(/^struct (?:\w+\.)?(\w+)$/.exec(internalType ?? "")?.[1] ?? "");
  return components.flatMap((field): [string, string][] => {
    const said = fields?.get(field.name ?? "");
    return said === undefined ? [] : [[`${name}.${field.name}`, said]];
  });
}

/** `setBaseRate(uint8,uint256)`; structs are spelled out, as in selectors. */
function signatureOf({ name, inputs = [] }: AbiEntry): string {
  const spelled = (value: AbiValue): string =>
    value.type.startsWith("tuple") ? `(${(value.components ?? []).map(spelled).join()})${value.type.slice(5)}` : value.type;
  return `${name}(${inputs.map(spelled).join()})`;
}

/** The ABI of a contract. Values that only its interface, I<name>, gives names to have those. */
async function namedAbi(name: string): Promise<AbiEntry[]> {
  const { abi } = await artifacts.readArtifact(name);
  const described = (await artifacts.artifactExists(`I${name}`)) ? (await artifacts.readArtifact(`I${name}`)).abi : [];
  const typesOf = ({ inputs = [] }: AbiEntry) => inputs.map(({ type }) => type).join();
  return (abi as AbiEntry[]).map((entry) => {
    const same = (described as AbiEntry[]).find(
      (other) => other.type === "function" && other.name === entry.name && typesOf(other) === typesOf(entry),
    );
    return entry.type === "function" && same ? { ...entry, outputs: named(entry.outputs, same.outputs) } : entry;
  });
}

const named = (values: AbiValue[] = [], described: AbiValue[] = []): AbiValue[] =>
  values.map((value, index) => ({ ...value, name: value.name || (described[index]?.name ?? "") }));

/** FTNSToken -> ftnsTokenAbi, as other tools of the field have it. */
export function constantOf(name: string): string {
  const words = (name.match(/[A-Z]+(?![a-z])|[A-Z][a-z]*/g) ?? [name]).map((word) => word.toLowerCase());
  return `${words[0]}${words
    .slice(1)
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join("")}Abi`;
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = value as Record<string, unknown>;
  return `{ ${KEPT.filter((key) => key in fields)
    .map((key) => `${key}: ${literal(fields[key])}`)
    .join(", ")} }`;
}

export async function writeAbis(): Promise<number> {
  const files = await abiFiles();
  mkdirSync(ABI_FOLDER, { recursive: true });
  for (const stale of readdirSync(ABI_FOLDER).filter((file) => !files.has(file))) rmSync(join(ABI_FOLDER, stale));
  let changed = 0;
  for (const [file, text] of files) {
    if (readIfThere(join(ABI_FOLDER, file)) === text) continue;
    writeFileSync(join(ABI_FOLDER, file), text);
    changed++;
  }
  return changed;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  read(commandLine("abis", "Writes the contracts' ABIs into packages/sdk/src/abi/, after a change of a contract."));
  await build({ quiet: true });
  const changed = await writeAbis();
  console.log(changed === 0 ? "The ABIs are as the contracts." : `Wrote ${changed} files to packages/sdk/src/abi.`);
}
