import { createRequire } from "node:module";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";
import compilerWarnings from "./scripts/compiler-warnings.ts";

// The compiler comes from npm, so that building needs no download beyond the installation.
const solcPath = createRequire(import.meta.url).resolve("solc/soljson.js");

// Code that counts its own steps must never be taken for the real one, so it has folders of its own.
const built = process.argv.includes("--coverage") ? "coverage/build/" : "";

export default defineConfig({
  plugins: [toolbox, compilerWarnings],
  solidity: {
    compilers: [
      {
        version: "0.8.37",
        path: solcPath,
        settings: {
          evmVersion: "cancun",
          optimizer: { enabled: true, runs: 100_000 },
        },
      },
    ],
    overrides: {
      // The registry is the one contract near the size limit: fewer runs make it smaller, at some 700 gas a proof.
      "contracts/contributors/ContributorRegistry.sol": {
        version: "0.8.37",
        path: solcPath,
        settings: {
          evmVersion: "cancun",
          optimizer: { enabled: true, runs: 1_000 },
        },
      },
    },
    npmFilesToBuild: [
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/governance/TimelockController.sol",
    ],
  },
  paths: {
    artifacts: `${built}artifacts`,
    cache: `${built}cache`,
    ignition: "deploy",
    tests: { mocha: "test", solidity: "test" },
  },
  typechain: { outDir: `${built}typechain-types` },
  test: {
    mocha: { timeout: 120_000 },
    solidity: { fuzz: { runs: Number(process.env.FUZZ_RUNS ?? 1_000) } },
  },
  networks: {
    local: { type: "http", chainType: "l1", url: process.env.LOCAL_RPC_URL ?? "http://127.0.0.1:8545" },
    // The two values come from the environment, or from Hardhat's keystore: npx hardhat keystore set SEPOLIA_PRIVATE_KEY
    sepolia: {
      type: "http",
      chainType: "l1",
      url: configVariable("SEPOLIA_RPC_URL"),
      accounts: [configVariable("SEPOLIA_PRIVATE_KEY")],
    },
  },
});
