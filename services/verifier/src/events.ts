import type { TransactionEvent } from "@ftns/chain/transactions/types.ts";
import type { EngineEvent } from "./claims/engine.ts";

/** What happens in a verifier, for its log and its metrics. */
export type VerifierEvent =
  | EngineEvent
  | { type: "request"; route: string; status: number; ms: number }
  | { type: "peer"; peer: string; outcome: string }
  | { type: "fault"; route: string; reason: string }
  | { type: "transaction"; event: TransactionEvent };
export type VerifierListener = (event: VerifierEvent) => void;
