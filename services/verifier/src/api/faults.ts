// What an answer can be that is not the one asked for: a code for programs, words for people.

const STATUSES = {
  BAD_REQUEST: 400,
  BAD_SIGNATURE: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  TOO_LATE: 400,
  NONCE_USED: 409,
  SIGNED_OTHERWISE: 409,
  DISAGREES: 409,
  NOT_MEASURED: 409,
  BUSY: 409,
  NOT_COMPLETE: 409,
  TOO_LARGE: 413,
  REFUSED: 422,
  TOO_MANY: 429,
  NOT_NOW: 503,
} as const;

export type ApiCode = keyof typeof STATUSES;

export class ApiFault extends Error {
  readonly code: string;
  readonly status: (typeof STATUSES)[ApiCode];
  readonly more: Record<string, unknown>;

  constructor(code: ApiCode, message: string, more: Record<string, unknown> & { code?: string } = {}) {
    super(message);
    this.name = "ApiFault";
    const { code: inner, ...rest } = more;
    this.status = STATUSES[code];
    // Evidence has codes of its own.
    this.code = inner ?? code;
    this.more = rest;
  }
}
