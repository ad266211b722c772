// Sorting millions of 32-byte hashes without an object for each.
/** Length of a hash. */
export const HASH_BYTES = 32;

const RADIX = 1 << 16;

/** Numbers of the hashes in `flat` in ascending order: by their first four bytes in two counting passes, then ties by the rest. */
export function ascending(flat: Uint8Array): Uint32Array {
  const count = flat.length / HASH_BYTES;
  let order = Uint32Array.from({ length: count }, (_, index) => index);
  for (const at of [2, 0]) order = bySixteenBits(flat, order, at);
  settleTies(flat, order);
  return order;
}

/** A stable counting sort by the two bytes at `at`. */
function bySixteenBits(flat: Uint8Array, order: Uint32Array, at: number): Uint32Array<ArrayBuffer> {
  const digit = (index: number) => (flat[index * HASH_BYTES + at]! << 8) | flat[index * HASH_BYTES + at + 1]!;
  const next = new Uint32Array(RADIX + 1);
  for (let i = 0; i < order.length; i++) next[digit(order[i]!) + 1]!++;
  for (let i = 0; i < RADIX; i++) next[i + 1]! += next[i]!;
  const sorted = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[next[digit(order[i]!)]!++] = order[i]!;
  return sorted;
}

/** Hashes that begin alike are few, so an insertion sort puts them right. */
function settleTies(flat: Uint8Array, order: Uint32Array): void {
  for (let i = 1; i < order.length; i++) {
    const moved = order[i]!;
    let to = i;
    while (to > 0 && compareHashes(flat, order[to - 1]!, moved) > 0) order[to] = order[--to]!;
    order[to] = moved;
  }
}

export function compareHashes(flat: Uint8Array, a: number, b: number): number {
  for (let i = 0, x = a * HASH_BYTES, y = b * HASH_BYTES; i < HASH_BYTES; i++, x++, y++) {
    if (flat[x] !== flat[y]) return flat[x]! - flat[y]!;
  }
  return 0;
}
