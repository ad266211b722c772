import { dirname, resolve } from "node:path";
import { parseWith, readConfigFile } from "@ftns/service/config/load.ts";
import { configSchema, type VerifierConfig } from "./schema.ts";

export interface LoadedConfig {
  config: VerifierConfig;
  /** Folder of the file; paths inside the configuration are relative to it. */
  baseDir: string;
}

const GUIDE = { example: "services/verifier/config.example.json", settings: "docs/operating/verifier-settings.md" };

/** Reads and checks a configuration file. */
export function loadConfig(file: string): LoadedConfig {
  const path = resolve(file);
  return { config: parseConfig(readConfigFile(path, GUIDE), path), baseDir: dirname(path) };
}

/** Checks a configuration; every fault is listed with its field, what was found and what is expected. */
export function parseConfig(raw: unknown, origin = "the verifier's configuration"): VerifierConfig {
  return parseWith(configSchema, raw, origin, GUIDE);
}
