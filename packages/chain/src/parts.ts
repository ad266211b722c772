/** Calls that are asked together: a batch or two of most endpoints. */
const AT_ONCE = 200;

/** What `ask` gives for each, a bounded number at a time. */
export async function inParts<T, R>(all: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < all.length; start += AT_ONCE) {
    results.push(...(await Promise.all(all.slice(start, start + AT_ONCE).map(ask))));
  }
  return results;
}
