/** Why evidence was refused: a code for programs, and words for people. */
export const FAULT_CODES = {
  SCHEMA: "the claim does not have the documented form",
  TOO_LARGE: "more bytes, rows or parts than are looked at",
  TOO_SMALL: "too little to be counted",
  TOO_SLOW: "no whole answer in time",
  UNREACHABLE: "no answer",
  HTTP_STATUS: "an answer that is not 200",
  REDIRECT: "the server sends us elsewhere, and redirects are not followed",
  PRIVATE_ADDRESS: "the address is not a public one",
  BAD_URL: "the address is none that is asked",
  ENCODED: "the answer is compressed, which is refused",
  BAD_CID: "the content id is none",
  WRONG_CODEC: "the content id names data of another kind than files",
  WRONG_HASH_KIND: "the content id is not made with SHA-256",
  HASH_MISMATCH: "the bytes are not those that the hash names",
  BAD_BLOCK: "the block cannot be read",
  SIZE_MISMATCH: "sizes that are declared and found differ",
  BAD_MODULE: "the program is no WebAssembly module of the allowed kind",
  FORBIDDEN_CODE: "the program uses what is not deterministic or not allowed",
  OUT_OF_BUDGET: "the program used up its instructions",
  TRAPPED: "the program failed",
  WRONG_RESULT: "a result is not what the program gives",
  BAD_PROOF: "the result does not belong to the signed root",
  UNKNOWN_JOB: "nobody has asked for this work",
  BENCHMARK_FAILED: "the benchmark was answered wrongly or too late",
  NOT_ENOUGH_REVIEWS: "too few reviews that count",
  BAD_REVIEW: "a review is not valid",
  BAD_ATTESTATION: "an attestation is not valid",
  NOT_ENOUGH_ATTESTATIONS: "too few attestations that count",
  SEEN_BEFORE: "the same work was handed in before",
  BAD_MODEL: "the model cannot be run, or gives something else than the task asks for",
  BAD_DATA: "the data cannot be read",
  NOT_ANSWERED: "too few challenges were answered",
  NOT_DUE: "the time that the claim is about is not over",
} as const;

export type FaultCode = keyof typeof FAULT_CODES;

/** Evidence that is refused. `detail` says which part, and never holds more than a line. */
export class EvidenceFault extends Error {
  readonly code: FaultCode;
  readonly detail: string;

  constructor(code: FaultCode, detail: string) {
    const line = detail.replace(/\s+/g, " ").slice(0, 200);
    super(`${FAULT_CODES[code]}: ${line}`);
    this.name = "EvidenceFault";
    this.code = code;
    this.detail = line;
  }
}

/** What `work` gives; whatever it throws but a fault becomes a fault with `code`. */
export function faulty<T>(code: FaultCode, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asFault(code, error);
  }
}

export function asFault(code: FaultCode, error: unknown): EvidenceFault {
  return error instanceof EvidenceFault ? error : new EvidenceFault(code, error instanceof Error ? error.message : String(error));
}
