/** A failure that an operator can act on: what happened, and what to do next. */
export class ServiceError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "ServiceError";
    this.hint = hint;
  }

  /** One sentence for the log, one for the operator. */
  get advice(): string {
    return this.message.endsWith("\n") ? this.message + this.hint : `${this.message} ${this.hint}`;
  }
}

/** Any thrown value as words for the operator. */
export function wordsOf(error: unknown): string {
  if (error instanceof ServiceError) return error.advice;
  if (error instanceof Error) return firstLine((error as { shortMessage?: string }).shortMessage ?? error.message);
  return firstLine(String(error));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.slice(0, 500);
}
