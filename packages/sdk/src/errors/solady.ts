/** Errors that Solady's mathematics throws by their selectors alone, so that no ABI names them. */
export const SOLADY = [
  "error ExpOverflow()",
  "error FactorialOverflow()",
  "error RPowOverflow()",
  "error MantissaOverflow()",
  "error MulWadFailed()",
  "error SMulWadFailed()",
  "error DivWadFailed()",
  "error SDivWadFailed()",
  "error MulDivFailed()",
  "error DivFailed()",
  "error FullMulDivFailed()",
  "error LnWadUndefined()",
  "error OutOfDomain()",
];

export const SOLADY_WORDS =
  "a number is too large, or a division is by zero; use smaller numbers, or report it as a fault of the contract";
