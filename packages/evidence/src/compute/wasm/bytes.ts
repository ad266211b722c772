// Reading and writing WebAssembly's numbers.
import { EvidenceFault } from "../../common/fault.ts";

export class Reader {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new EvidenceFault("BAD_MODULE", "it ends too early");
    return value;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new EvidenceFault("BAD_MODULE", "a number is too long");
  }

  /** Skips a signed number of any length up to 64 bits. */
  skipSigned(): void {
    for (let i = 0; i < 10; i++) if (this.byte() < 0x80) return;
    throw new EvidenceFault("BAD_MODULE", "a number is too long");
  }

  skip(length: number): void {
    this.take(length);
  }

  take(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.bytes.length) throw new EvidenceFault("BAD_MODULE", "it ends too early");
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  name(): string {
    return Buffer.from(this.take(this.u32())).toString("utf8");
  }
}

export function u32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

export function s64(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** A vector's items behind their number. */
export const vector = (count: number, ...items: (readonly number[] | Uint8Array)[]): Uint8Array =>
  Buffer.concat([Uint8Array.from(u32(count)), ...items.map((item) => Uint8Array.from(item))]);
