export { createKeeper, type Keeper, type KeeperOptions } from "./keeper.ts";
export { type LoadedConfig, loadConfig, parseConfig } from "./config/load.ts";
export { JOB_NAMES, type JobName, type KeeperConfig, type KeeperConfigInput } from "./config/schema.ts";
export { ServiceError } from "@ftns/service/errors.ts";
export type { TransactionEvent } from "@ftns/chain/transactions/types.ts";
export type { RunReport } from "./jobs/run.ts";
export type { MarketData, MarketSource, Observation } from "./market/source.ts";
export { Secrets } from "@ftns/service/secrets.ts";
export { openService, type Service } from "./service/service.ts";
