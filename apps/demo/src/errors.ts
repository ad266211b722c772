/** An error whose message is meant for the person at the terminal: what is wrong and what to do. Shown without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";
}
