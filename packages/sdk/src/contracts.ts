/** The contracts that the keeper talks to, by their interfaces alone; the bindings are made by the build. */
export { IMedianFeed__factory } from "../../../typechain-types/factories/contracts/interfaces/IMedianFeed__factory.ts";
export { IPriceHistory__factory } from "../../../typechain-types/factories/contracts/interfaces/IPriceHistory__factory.ts";
export { ISupplyController__factory } from "../../../typechain-types/factories/contracts/interfaces/ISupplyController__factory.ts";
export type { IMedianFeed, SignedReportStruct } from "../../../typechain-types/contracts/interfaces/IMedianFeed.ts";
export type { IPriceHistory } from "../../../typechain-types/contracts/interfaces/IPriceHistory.ts";
export type { ISupplyController } from "../../../typechain-types/contracts/interfaces/ISupplyController.ts";
export { IKeeperJobs__factory } from "../../../typechain-types/factories/contracts/interfaces/IKeeperJobs__factory.ts";
export type { IKeeperJobs } from "../../../typechain-types/contracts/interfaces/IKeeperJobs.ts";
/** KeeperJobs with the contracts that its jobs concern: no bytecode. */
export { JobConditions__factory } from "../../../typechain-types/factories/contracts/keepers/JobConditions__factory.ts";
export { IEmergencyGovernor__factory } from "../../../typechain-types/factories/contracts/interfaces/IEmergencyGovernor__factory.ts";
export type { IEmergencyGovernor } from "../../../typechain-types/contracts/interfaces/IEmergencyGovernor.ts";
/** The breaker's interface with the sources that it reads, and OpenZeppelin's governor with ours on top: no bytecode. */
export { TriggerSources__factory as Breaker__factory } from "../../../typechain-types/factories/contracts/safety/TriggerSources__factory.ts";
export type { TriggerSources as Breaker } from "../../../typechain-types/contracts/safety/TriggerSources.ts";
export { PinnedCode__factory as Governor__factory } from "../../../typechain-types/factories/contracts/governance/PinnedCode__factory.ts";
export type { PinnedCode as Governor } from "../../../typechain-types/contracts/governance/PinnedCode.ts";
export { IFTNSToken__factory } from "../../../typechain-types/factories/contracts/interfaces/IFTNSToken__factory.ts";
export type { IFTNSToken } from "../../../typechain-types/contracts/interfaces/IFTNSToken.ts";
export { IRewardPool__factory } from "../../../typechain-types/factories/contracts/interfaces/IRewardPool__factory.ts";
