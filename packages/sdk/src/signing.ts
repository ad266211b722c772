/**
 * What people sign for FTNS contracts: the EIP-712 types and domains, in the shape that ethers and viem take. One place for
 * keepers, services, web apps and tests.
 */

/** Where a signature is good: one contract on one chain. */
export interface SigningPlace {
  chainId: bigint;
  verifyingContract: string;
}

/** A verifier's statement: see `Contribution` in IContributorRegistry.sol. */
export const CONTRIBUTION_TYPES = {
  Contribution: [
    { name: "contributor", type: "address" },
    { name: "kind", type: "uint8" },
    { name: "proofHash", type: "bytes32" },
    { name: "units", type: "uint256" },
    { name: "quality", type: "uint256" },
    { name: "confidence", type: "uint256" },
    { name: "impact", type: "uint256" },
    { name: "observedAt", type: "uint256" },
    { name: "expiresAt", type: "uint256" },
    { name: "evidenceRoot", type: "bytes32" },
    { name: "evidenceURI", type: "string" },
  ],
};

/** A peer's review of a proof. */
export const REVIEW_TYPES = {
  Review: [
    { name: "proofHash", type: "bytes32" },
    { name: "reviewer", type: "address" },
    { name: "rating", type: "uint8" },
    { name: "reviewedAt", type: "uint256" },
  ],
};

/** A contributor's consent that somebody else submits a contribution. */
export const CONSENT_TYPES = {
  Consent: [
    { name: "contributionHash", type: "bytes32" },
    { name: "submitter", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

/** What a price reporter saw: see `MarketReport` in IMedianFeed.sol. */
export const MARKET_REPORT_TYPES = {
  MarketReport: [
    { name: "price", type: "uint256" },
    { name: "volume6h", type: "uint256" },
    { name: "meanVolume6h", type: "uint256" },
    { name: "txTotal", type: "uint256" },
    { name: "txFailed", type: "uint256" },
    { name: "observedAt", type: "uint256" },
  ],
};

export function registryDomain(place: SigningPlace) {
  return { name: "FTNS ContributorRegistry", version: "1", ...place };
}

export function medianFeedDomain(place: SigningPlace) {
  return { name: "FTNS MedianFeed", version: "1", ...place };
}

/** -1 or 1: signers stand in the ascending order of their addresses, so that a duplicate shows. */
export function compareAddresses(a: string, b: string): number {
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
