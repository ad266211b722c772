// Remembers the hashes of short texts. Ethers hashes an address each time it reads one, and an event's name each time it looks for
// it: a twentieth of what most tests compute.
import { keccak256 } from "ethers";

/** Addresses, names of events and functions, keys of mappings. */
const SHORT_BYTES = 64;
/** Random inputs must not fill the memory. */
const MOST = 50_000;

export function rememberHashes(): void {
  const compute = keccak256._;
  const known = new Map<string, string | Uint8Array>();
  keccak256.register((data) => {
    if (data.length > SHORT_BYTES) return compute(data);
    const key = Buffer.from(data.buffer, data.byteOffset, data.length).toString("latin1");
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= MOST) known.clear();
    const hash = compute(data);
    known.set(key, hash);
    return hash;
  });
}
