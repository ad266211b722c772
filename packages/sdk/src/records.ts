/** The record of a proof, which the registry keeps the digest of: whoever releases, challenges or cancels hands it in. */
import { dayOf } from "@ftns/model";
import { AbiCoder, keccak256 } from "ethers";

export interface ProofRecord {
  proofHash: string;
  contributor: string;
  kind: bigint;
  value: bigint;
  quality: bigint;
  countedKind: boolean;
  deferred: bigint;
  vesting: bigint;
  day: bigint;
  countedAt: bigint;
  verifiers: string[];
}

/** Those of the values of `ContributionAccepted` that stand in a record. */
export interface AcceptedProof {
  readonly contributor: string;
  readonly proofHash: string;
  readonly kind: bigint;
  readonly quality: bigint;
  readonly outcome: {
    readonly value: bigint;
    readonly deferred: bigint;
    readonly vesting: bigint;
    readonly countedAt: bigint;
    readonly countedKind: boolean;
  };
  readonly vouchers: { readonly verifiers: readonly string[] };
}

/** The record that follows from a proof's event and the time of its block (seconds). */
export function proofRecordOf(accepted: AcceptedProof, timestamp: bigint): ProofRecord {
  const { contributor, proofHash, kind, quality, outcome, vouchers } = accepted;
  const { value, deferred, vesting, countedAt, countedKind } = outcome;
  const verifiers = [...vouchers.verifiers];
  return {
    proofHash,
    contributor,
    kind,
    value,
    quality,
    countedKind,
    deferred,
    vesting,
    day: dayOf(timestamp),
    countedAt,
    verifiers,
  };
}

const TYPE =
  "tuple(bytes32 proofHash,address contributor,uint8 kind,uint256 value,uint256 quality,bool countedKind,uint256 deferred," +
  "uint256 vesting,uint256 day,uint256 countedAt,address[] verifiers)";

/** What the registry's `recordOf` holds for it until it is cancelled. */
export const hashProofRecord = (record: ProofRecord): string => keccak256(AbiCoder.defaultAbiCoder().encode([TYPE], [record]));
