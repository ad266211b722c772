import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";
import compilerWarnings from "./scripts/compiler-warnings.ts";
import npmCompiler from "./scripts/npm-compiler.ts";
import quietTraces from "./scripts/quiet-traces.ts";

// Code that counts its own steps must never be taken for the real one, so it has folders of its own.
const built = process.argv.includes("--coverage") ? "coverage/build/" : "";

/** The more runs, the less gas and the more code. */
const compiler = (runs: number) => ({
  version: "0.8.37",
  path: "solc/soljson.js",
  settings: { evmVersion: "cancun", optimizer: { enabled: true, runs } },
});

export default defineConfig({
  plugins: [toolbox, compilerWarnings, npmCompiler, quietTraces],
  solidity: {
    compilers: [compiler(100_000)],
    // These are near the limit of a contract's size. What the token is measured against is compiled like it.
    overrides: {
      "contracts/token/FTNSToken.sol": compiler(10_000),
      "contracts/test/PlainERC20.sol": compiler(10_000),
      "contracts/contributors/ContributorRegistry.sol": compiler(200),
      "contracts/staking/StakingVault.sol": compiler(1_000),
      "contracts/governance/FTNSGovernor.sol": compiler(1_000),
      "contracts/safety/CircuitBreaker.sol": compiler(100),
      "contracts/keepers/KeeperJobs.sol": compiler(200),
      "contracts/safety/EmergencyGovernor.sol": compiler(1_000),
    },
    npmFilesToBuild: [
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/governance/TimelockController.sol",
      // Forwarders that the keepers' jobs are tested with.
      "@chainlink/contracts/src/v0.8/automation/AutomationForwarder.sol",
      "@chainlink/contracts/src/v0.8/automation/AutomationForwarderLogic.sol",
      "@chainlink/contracts/src/v0.8/keystone/KeystoneForwarder.sol",
    ],
  },
  paths: {
    artifacts: `${built}artifacts`,
    cache: `${built}cache`,
    ignition: "deploy",
    tests: { mocha: "test", solidity: "test" },
  },
  typechain: { outDir: `${built}typechain-types` },
  coverage: { skipFiles: ["contracts/test/**", "test/**"] },
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
