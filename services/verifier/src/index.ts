export { type LoadedConfig, loadConfig, parseConfig } from "./config/load.ts";
export type { VerifierConfig, VerifierConfigInput } from "./config/schema.ts";
export { jobName } from "./checks/parts.ts";
export { createVerifier, type Verifier, type VerifierOptions } from "./verifier.ts";
