// Random inputs that can be repeated. One seed (FUZZ_SEED) fixes every input of a run; a failing case names the
// two variables that bring it back alone.

const DEFAULT_SEED = 20_240_229;

export const FUZZ_SEED = readSeed(process.env.FUZZ_SEED);
const ONLY_CASE = process.env.FUZZ_CASE === undefined ? undefined : readCount("FUZZ_CASE", process.env.FUZZ_CASE);

/**
 * Number of cases a property test tries: `usual`, or `long` with FUZZ_LONG=1 (`FUZZ_LONG=1 npm test`), unless the variable FUZZ_CASES
 * says otherwise.
 */
export function fuzzCases(usual: number, long = usual): number {
  if (process.env.FUZZ_CASES !== undefined) return readCount("FUZZ_CASES", process.env.FUZZ_CASES);
  return process.env.FUZZ_LONG === "1" ? long : usual;
}

/**
 * Runs `check` on `cases` independent streams of random numbers. A failure is thrown on with the seed and case added,
 * so that `FUZZ_SEED=... FUZZ_CASE=...` repeats just that one.
 */
export async function forCases(cases: number, check: (random: Random, index: number) => void | Promise<void>): Promise<void> {
  const first = ONLY_CASE ?? 0;
  const end = ONLY_CASE === undefined ? cases : ONLY_CASE + 1;
  for (let index = first; index < end; index++) {
    try {
      await check(new Random(FUZZ_SEED, index), index);
    } catch (error) {
      throw annotated(error, `[repeat this case with FUZZ_SEED=${FUZZ_SEED} FUZZ_CASE=${index}]`);
    }
  }
}

/** `error` with `note` at the end of its message. Mocha would print a diff in the message's place. */
export function annotated(error: unknown, note: string): unknown {
  return error instanceof Error ? Object.assign(error, { message: `${error.message}\n${note}`, showDiff: false }) : error;
}

/** A stream of random numbers (sfc32: small, fast, passes PractRand). Not for secrets. */
export class Random {
  #a: number;
  #b: number;
  #c = 1;
  #counter = 1;

  constructor(seed = FUZZ_SEED, stream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    for (let i = 0; i < 15; i++) this.uint32();
  }

  /** 0 to 2^32 - 1. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** An integer between `min` and `max`, both included. */
  int(min: number, max: number): number {
    return Number(this.bigint(BigInt(min), BigInt(max)));
  }

  /** A bigint between `min` and `max`, both included, all equally likely (to one part in 2^64). */
  bigint(min: bigint, max: bigint): bigint {
    if (max < min) throw new RangeError(`empty range ${min}..${max}`);
    const size = max - min + 1n;
    let drawn = 0n;
    for (let bits = size.toString(2).length + 64; bits > 0; bits -= 32) drawn = (drawn << 32n) | BigInt(this.uint32());
    return min + (drawn % size);
  }

  /** Like `bigint`, but every order of magnitude is equally likely; `min` and `max` themselves come up often. */
  magnitude(min: bigint, max: bigint): bigint {
    if (this.chance(0.02)) return min;
    if (this.chance(0.02)) return max;
    const shift = BigInt(this.int(0, (max - min).toString(2).length));
    const top = min + (1n << shift);
    return this.bigint(min, top < max ? top : max);
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.uint32() < p * 2 ** 32;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.int(0, items.length - 1)] as T;
  }

  /** A copy of `items` in random order. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  }

  /** `length` random bytes as 0x-prefixed hex: 32 for a hash, 20 for an address. */
  hex(length: number): string {
    return `0x${this.bigint(0n, (1n << BigInt(8 * length)) - 1n)
      .toString(16)
      .padStart(2 * length, "0")}`;
  }
}

function readSeed(text: string | undefined): number {
  if (text === undefined) return DEFAULT_SEED;
  return text === "random" ? Math.floor(Math.random() * 2 ** 31) : readCount("FUZZ_SEED", text);
}

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`${name} must be a whole number, not "${text}"`);
  return count;
}
