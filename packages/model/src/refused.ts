/** What a contract would refuse: the name of its custom error, with the values that the error carries. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: string;
  readonly args: readonly (bigint | string)[];

  constructor(code: string, ...args: (bigint | string)[]) {
    super(`${code}(${args.join(", ")})`);
    this.code = code;
    this.args = args;
  }
}
