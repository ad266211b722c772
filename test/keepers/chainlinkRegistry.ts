// Chainlink's own KeeperRegistry2_1, from its package. It wants solc 0.8.16 to the digit, which would be a second compiler for every
// build; so it is compiled here with ours, its pragmas aside.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";
import { Interface, type InterfaceAbi } from "ethers";
import type { Connection } from "../helpers/time.ts";

const require = createRequire(import.meta.url);
const CHAINLINK = dirname(require.resolve("@chainlink/contracts/package.json"));
const NAMES = ["KeeperRegistryLogicB2_1", "KeeperRegistryLogicA2_1", "KeeperRegistry2_1"] as const;
const fileOf = (name: string) => `automation/v2_1/${name}.sol`;

interface Compiled {
  abi: InterfaceAbi;
  evm: { bytecode: { object: string } };
}
interface Output {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<string, Record<string, Compiled>>;
}

/** All sources that `name` needs, by the names that they know each other by. */
function collect(name: string, sources: Record<string, { content: string }>): void {
  if (sources[name]) return;
  const file = name.startsWith("@")
    ? require.resolve(name.replace("contracts@", "contracts-"))
    : join(CHAINLINK, "src/v0.8", name);
  const content = readFileSync(file, "utf8").replace(/pragma solidity [^;]+;/, "pragma solidity ^0.8.0;");
  sources[name] = { content };
  for (const [, path] of content.matchAll(/^import\s+(?:[^"';]*from\s+)?["']([^"']+)["'];/gm)) {
    collect(path!.startsWith(".") ? posix.join(posix.dirname(name), path!) : path!, sources);
  }
}

function compile(): Record<(typeof NAMES)[number], Compiled> {
  const sources = {};
  for (const name of NAMES) collect(fileOf(name), sources);
  const outputSelection = Object.fromEntries(NAMES.map((name) => [fileOf(name), { [name]: ["abi", "evm.bytecode.object"] }]));
  const settings = { evmVersion: "cancun", optimizer: { enabled: true, runs: 200 }, outputSelection };
  const solc = require("solc") as { compile: (input: string) => string };
  const { errors = [], contracts } = JSON.parse(
    solc.compile(JSON.stringify({ language: "Solidity", sources, settings })),
  ) as Output;
  const fatal = errors.filter(({ severity }) => severity === "error");
  if (fatal.length > 0) throw new Error(fatal.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return Object.fromEntries(NAMES.map((name) => [name, contracts[fileOf(name)]![name]!])) as ReturnType<typeof compile>;
}

/** The registry with all that its parts can do, on a chain of the default kind. Four nodes sign, one of which may be false. */
export async function registryOn({ ethers }: Connection, signers: readonly string[], transmitters: readonly string[]) {
  const compiled = compile();
  const [owner] = await ethers.getSigners();
  const link = await ethers.deployContract("PlainERC20", [owner!, 10n ** 24n]);
  const linkPrice = await ethers.deployContract("ChainlinkFeed", [18n, 5n * 10n ** 15n]);
  const gasPrice = await ethers.deployContract("ChainlinkFeed", [9n, 10n ** 9n]);
  const forwarding = await ethers.deployContract("AutomationForwarderLogic");
  const made = async (name: (typeof NAMES)[number], args: unknown[]) => {
    const { abi, evm } = compiled[name];
    return new ethers.ContractFactory(abi, evm.bytecode.object, owner).deploy(...args);
  };
  const logicB = await made("KeeperRegistryLogicB2_1", [0n, link, linkPrice, gasPrice, forwarding]);
  const logicA = await made("KeeperRegistryLogicA2_1", [await logicB.getAddress()]);
  const registry = await made("KeeperRegistry2_1", [await logicA.getAddress()]);
  const fragments = NAMES.flatMap((name) =>
    new Interface(compiled[name].abi).fragments.filter(({ type }) => type !== "constructor"),
  );
  const abi = new Map(fragments.map((fragment) => [fragment.format("minimal"), fragment])).values();
  const all = new ethers.Contract(await registry.getAddress(), [...abi], owner);
  // As on Ethereum: ten million gas for a look, five for work.
  const config = {
    paymentPremiumPPB: 200_000_000n,
    flatFeeMicroLink: 0n,
    checkGasLimit: 10_000_000n,
    stalenessSeconds: 90_000n,
    gasCeilingMultiplier: 2n,
    minUpkeepSpend: 0n,
    maxPerformGas: 5_000_000n,
    maxCheckDataSize: 5_000n,
    maxPerformDataSize: 5_000n,
    maxRevertDataSize: 5_000n,
    fallbackGasPrice: 10n ** 9n,
    fallbackLinkPrice: 5n * 10n ** 15n,
    transcoder: ethers.ZeroAddress,
    registrars: [],
    upkeepPrivilegeManager: owner!.address,
  };
  await all.getFunction("setConfigTypeSafe")(signers, transmitters, 1n, config, 1n, "0x");
  return { registry: all, link };
}
