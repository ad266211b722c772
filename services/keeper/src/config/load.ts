import { dirname, resolve } from "node:path";
import { parseWith, readConfigFile } from "@ftns/service/config/load.ts";
import { configSchema, type KeeperConfig } from "./schema.ts";

export interface LoadedConfig {
  config: KeeperConfig;
  /** Folder of the file; paths inside the configuration are relative to it. */
  baseDir: string;
}

const GUIDE = { example: "services/keeper/config.example.json", settings: "docs/operating/settings.md" };

/** Reads and checks a configuration file. */
export function loadConfig(file: string): LoadedConfig {
  const path = resolve(file);
  return { config: parseConfig(readConfigFile(path, GUIDE), path), baseDir: dirname(path) };
}

/** Checks a configuration; every fault is listed with its field, what was found and what is expected. */
export function parseConfig(raw: unknown, origin = "the keeper's configuration"): KeeperConfig {
  return parseWith(configSchema, raw, origin, GUIDE);
}
