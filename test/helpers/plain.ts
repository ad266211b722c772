/** A struct as ethers gives it, an array with names, as a plain object: for comparisons. */
export function plain<T extends object>(struct: T): Record<string, bigint | boolean | bigint[]> {
  return (struct as unknown as { toObject(): Record<string, bigint | boolean | bigint[]> }).toObject();
}
