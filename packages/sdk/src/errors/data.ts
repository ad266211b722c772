/** The data of a revert. Nodes and libraries each hide it somewhere else in what they throw. */
export function revertDataOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { data, error: inner, info, cause } = error as Record<string, unknown>;
  if (typeof data === "string" && /^0x([0-9a-f]{2})*$/i.test(data)) return data;
  for (const nested of [data, inner, info, cause]) {
    const found = revertDataOf(nested);
    if (found !== undefined) return found;
  }
  return undefined;
}
