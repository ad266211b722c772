const FAULT = "this is a fault of the contract, report it";

/** What Solidity's panics mean, by their codes (docs.soliditylang.org, Panic via assert and Error via require). */
export const PANICS: ReadonlyMap<number, string> = new Map([
  [0x00, `the contract failed for no known reason; ${FAULT}`],
  [0x01, `the contract found itself in a state that cannot be; ${FAULT}`],
  [0x11, "a number became too large, or negative; use smaller numbers, or report it as a fault of the contract"],
  [0x12, "something would be divided by zero; check for zeros in what was sent"],
  [0x21, "a number stands for no choice that there is; check the numbers of kinds, tiers and classes in what was sent"],
  [0x22, `the contract's storage is damaged; ${FAULT}`],
  [0x31, `something would be taken out of an empty list; ${FAULT}`],
  [0x32, "a list is shorter than the place that was asked for; check the indexes and the lengths of lists in what was sent"],
  [0x41, "what was sent takes too much memory; send less at once"],
  [0x51, `the contract called a function that was never set; ${FAULT}`],
]);
