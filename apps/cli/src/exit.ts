/** How the command line ends. Programs read the code; people read the words. */
export const EXIT = {
  /** Done, or told. */
  ok: 0,
  /** The chain refused, or what was asked for is not there; nothing was sent, or what was sent had no effect. */
  refused: 1,
  /** Usage, settings, keys or the node; nothing was sent. */
  cannotStart: 2,
  /** Whoever was asked said no; nothing was sent. */
  declined: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A reason to end with a code; the message says what is the matter, the hint what to do. */
export class Ended extends Error {
  readonly code: ExitCode;
  readonly hint: string;

  constructor(code: ExitCode, message: string, hint = "") {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
