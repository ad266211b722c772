/** A contract call, ready to be simulated and signed. */
export interface Call {
  to: string;
  data: string;
}
