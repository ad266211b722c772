// The Solidity sources as they were compiled last: syntax trees of files, and the code of all contracts that a changed file is part of.
import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { namedMutants, type Mutant } from "./mutant.ts";
import { solidityDrafts, type SolNode } from "./solidity.ts";
import { SolcClient } from "./solc-client.ts";
import type { Code, SolcInput, SolcOutput } from "./solc-process.ts";

interface BuildInfo {
  id: string;
  input: SolcInput;
}

interface Artifact {
  contractName: string;
  sourceName: string;
  inputSourceName: string;
  buildInfoId: string;
  bytecode: string;
  deployedBytecode: string;
}

/** An artifact file with what to write into it. */
export interface NewArtifact {
  path: string;
  text: string;
}

export type Compiled = { status: "invalid" | "same"; why: string } | { status: "changed"; artifacts: NewArtifact[] };

const CODE_LIMIT_BYTES = 24_576;
const CODE_PARTS = [
  "evm.bytecode.object",
  "evm.bytecode.linkReferences",
  "evm.deployedBytecode.object",
  "evm.deployedBytecode.linkReferences",
  "evm.deployedBytecode.immutableReferences",
];

export class SolidityProject {
  readonly #root: string;
  readonly #solc = new SolcClient();
  readonly #buildInfos: BuildInfo[];
  readonly #artifacts: { path: string; artifact: Artifact }[];

  /** @param root A project that is built. */
  constructor(root: string) {
    this.#root = root;
    this.#artifacts = globSync("artifacts/**/*.json", { cwd: root, exclude: ["artifacts/build-info"] })
      .sort()
      .map((path) => ({ path, artifact: JSON.parse(readFileSync(join(root, path), "utf8")) as Artifact }));
    const ids = new Set(this.#artifacts.map(({ artifact }) => artifact.buildInfoId));
    this.#buildInfos = [...ids].map(
      (id) => JSON.parse(readFileSync(join(root, `artifacts/build-info/${id}.json`), "utf8")) as BuildInfo,
    );
  }

  close(): void {
    this.#solc.close();
  }

  async mutants(files: string[]): Promise<Mutant[]> {
    const mutants = new Map<string, Mutant[]>();
    const present = new Map(files.map((file) => [file, readFileSync(join(this.#root, file), "utf8")]));
    for (const { input } of this.#buildInfos) {
      // Where Hardhat compiled only what had changed, the build before still holds others' code, beside an older form of this.
      const here = files.filter((file) => !mutants.has(file) && input.sources[compiled(file)]?.content === present.get(file));
      if (here.length === 0) continue;
      const outputSelection = Object.fromEntries(here.map((file) => [compiled(file), { "": ["ast"] }]));
      const output = await this.#solc.compile({ ...input, settings: { ...input.settings, outputSelection } });
      for (const file of here) {
        const source = present.get(file)!;
        const tree = output.sources?.[compiled(file)]?.ast as SolNode | undefined;
        if (tree === undefined) throw new Error(`${file} does not compile: ${firstError(output) ?? "no syntax tree"}`);
        mutants.set(file, namedMutants(file, source, solidityDrafts(source, tree)));
      }
    }
    return files.flatMap((file) => {
      const found = mutants.get(file);
      if (found === undefined) throw new Error(`${file} is not part of the build, or changed since.`);
      return found;
    });
  }

  /** Compiles every contract that has the file among its sources, and compares. */
  async compile(file: string, mutated: string): Promise<Compiled> {
    const artifacts: NewArtifact[] = [];
    for (const { id, input } of this.#buildInfos) {
      const name = compiled(file);
      if (input.sources[name] === undefined) continue;
      const importers = importersOf(input, name);
      const targets = this.#artifacts.filter(
        ({ artifact }) => artifact.buildInfoId === id && importers.has(artifact.inputSourceName) && artifact.bytecode !== "0x",
      );
      if (targets.length === 0) continue;
      const output = await this.#solc.compile(
        reducedInput(
          input,
          name,
          mutated,
          targets.map(({ artifact }) => artifact),
        ),
      );
      const error = firstError(output);
      if (error !== undefined) return { status: "invalid", why: error };
      for (const { path, artifact } of targets) {
        const { bytecode, deployedBytecode } = output.contracts![artifact.inputSourceName]![artifact.contractName]!.evm;
        if (sameCode(artifact.bytecode, bytecode.object)) continue;
        const tooLong = deployedBytecode.object.length / 2 > CODE_LIMIT_BYTES && !artifact.sourceName.includes("test/");
        if (tooLong) return { status: "invalid", why: `${artifact.contractName} would have too much code` };
        artifacts.push({ path, text: JSON.stringify({ ...artifact, ...codeParts(bytecode, deployedBytecode) }) });
      }
    }
    return artifacts.length === 0 ? { status: "same", why: "the same bytecode" } : { status: "changed", artifacts };
  }
}

/** The name that Hardhat gives the compiler for a file of ours. */
function compiled(file: string): string {
  return `project/${file}`;
}

/** Warnings do not count: a bug may well come with one. */
function firstError(output: SolcOutput): string | undefined {
  return output.errors?.find(({ severity }) => severity === "error")?.message;
}

function codeParts(bytecode: Code, deployedBytecode: Code): object {
  return {
    bytecode: `0x${bytecode.object}`,
    deployedBytecode: `0x${deployedBytecode.object}`,
    linkReferences: bytecode.linkReferences ?? {},
    deployedLinkReferences: deployedBytecode.linkReferences ?? {},
    immutableReferences: deployedBytecode.immutableReferences ?? {},
  };
}

/** Code ends with a hash of its sources, and so does the code of others within it; both differ for the same instructions. */
function sameCode(artifactBytecode: string, bytecode: string): boolean {
  const plain = (code: string) => code.replaceAll(/(?<=a264697066735822)1220[0-9a-f]{64}(?=64736f6c6343)/g, "");
  return plain(artifactBytecode) === `0x${plain(bytecode)}`;
}

/** Only the contracts asked for, with only the sources they need. */
function reducedInput(input: SolcInput, changed: string, content: string, targets: Artifact[]): SolcInput {
  const outputSelection: Record<string, Record<string, string[]>> = {};
  for (const { inputSourceName, contractName } of targets) (outputSelection[inputSourceName] ??= {})[contractName] = CODE_PARTS;
  const needed = new Set<string>();
  const take = (name: string) => {
    if (needed.has(name)) return;
    needed.add(name);
    importsOf(input, name).forEach(take);
  };
  targets.forEach(({ inputSourceName }) => take(inputSourceName));
  const sources = Object.fromEntries([...needed].map((name) => [name, name === changed ? { content } : input.sources[name]!]));
  return { ...input, sources, settings: { ...input.settings, outputSelection } };
}

/** The source itself and all that import it, over others too. */
function importersOf(input: SolcInput, source: string): Set<string> {
  const importers = new Set([source]);
  for (let before = 0; before < importers.size; ) {
    before = importers.size;
    for (const name of Object.keys(input.sources)) if (importsOf(input, name).some((i) => importers.has(i))) importers.add(name);
  }
  return importers;
}

const imports = new WeakMap<SolcInput, Map<string, string[]>>();

/** Read off the text: an import in a comment would at most make the compiler read a file too many. */
function importsOf(input: SolcInput, source: string): string[] {
  const known = imports.get(input) ?? new Map<string, string[]>();
  imports.set(input, known);
  const before = known.get(source);
  if (before !== undefined) return before;
  const paths = input.sources[source]!.content.matchAll(/^\s*(?:import|\}\s*from|.*\bfrom)\s*["']([^"']+)["']/gm);
  const found = [...paths]
    .map(([, path = ""]) => resolved(input, source, path))
    .filter((name) => input.sources[name] !== undefined);
  known.set(source, found);
  return found;
}

/** Remappings are "context:prefix=target"; the longest context, then the longest prefix wins. */
function resolved(input: SolcInput, from: string, path: string): string {
  if (path.startsWith(".")) return posix.join(posix.dirname(from), path);
  const [best] = ((input.settings["remappings"] as string[] | undefined) ?? [])
    .map((remapping) => /^(?:(.*?):)?(.*?)=(.*)$/.exec(remapping) ?? [])
    .map(([, context = "", prefix = "", target = ""]) => ({ context, prefix, target }))
    .filter(({ context, prefix }) => from.startsWith(context) && path.startsWith(prefix))
    .sort((a, b) => b.context.length - a.context.length || b.prefix.length - a.prefix.length);
  return best === undefined ? path : best.target + path.slice(best.prefix.length);
}
