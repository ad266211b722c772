/** The contracts that the keeper talks to, by their interfaces alone; the bindings are made by the build. */
export { IMedianFeed__factory } from "../../../typechain-types/factories/contracts/interfaces/IMedianFeed__factory.ts";
export { IPriceHistory__factory } from "../../../typechain-types/factories/contracts/interfaces/IPriceHistory__factory.ts";
export { ISupplyController__factory } from "../../../typechain-types/factories/contracts/interfaces/ISupplyController__factory.ts";
export type { IMedianFeed, SignedReportStruct } from "../../../typechain-types/contracts/interfaces/IMedianFeed.ts";
export type { IPriceHistory } from "../../../typechain-types/contracts/interfaces/IPriceHistory.ts";
export type { ISupplyController } from "../../../typechain-types/contracts/interfaces/ISupplyController.ts";
