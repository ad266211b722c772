/**
 * Makes of a WebAssembly module one that does the same everywhere: with a budget of instructions that is part of it, at most 16 MB of
 * memory, no imports but `env.abort`, and nothing whose result the machine may choose. What is not known to be safe is refused.
 */
import { EvidenceFault } from "../../common/fault.ts";
import { type Helpers, meterBody } from "./body.ts";
import { Reader, s64, u32, vector } from "./bytes.ts";
import { engine } from "./engine.ts";

export const MAX_MODULE_BYTES = 2 ** 20;
/** 64 kB each. */
export const MAX_PAGES = 256;
const MAX_TABLE = 10_000;
/** Calls within calls. */
const MAX_DEPTH = 256;
/** An instruction of bulk memory costs one more for every 8 bytes. */
const BULK_SHIFT = 3;

/** Name under which the runner finds what is left of the budget. */
const GAS_EXPORT = "ftns:gas";

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const TYPE = 1;
const IMPORT = 2;
const FUNCTION = 3;
const TABLE = 4;
const MEMORY = 5;
const GLOBAL = 6;
const EXPORT = 7;
const CODE = 10;
const KNOWN = 12;
/** The order in which sections must come; the count of data segments (12) lies before the code. */
const ORDER = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];

export function meter(module: Uint8Array, budget: bigint): Uint8Array {
  if (module.length > MAX_MODULE_BYTES) throw new EvidenceFault("TOO_LARGE", `a module of ${module.length} bytes`);
  if (budget < 1n || budget >= 2n ** 62n) throw new RangeError(`a budget of ${budget}`);
  const sections = sectionsOf(module);
  if (!engine.validate(module)) throw new EvidenceFault("BAD_MODULE", "it is not valid");

  const imported = checkImports(sections.get(IMPORT));
  const types = listOf(sections.get(TYPE));
  const functions = listOf(sections.get(FUNCTION));
  const globals = listOf(sections.get(GLOBAL));
  const first = imported + functions.count;
  const helpers: Helpers = {
    charge: first,
    enter: first + 1,
    leave: first + 2,
    bulk: first + 3,
    canon32: first + 4,
    canon64: first + 5,
  };
  const gas = u32(globals.count);
  const depth = u32(globals.count + 1);
  const helperTypes = [TYPES.charge, TYPES.none, TYPES.bulk, TYPES.canon32, TYPES.canon64];
  const [charge, none, bulk, canon32, canon64] = helperTypes.map((_, index) => u32(types.count + index)) as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];

  sections.set(TYPE, vector(types.count + helperTypes.length, types.items, ...helperTypes));
  sections.set(FUNCTION, vector(functions.count + 6, functions.items, charge, none, none, bulk, canon32, canon64));
  sections.set(GLOBAL, vector(globals.count + 2, globals.items, [0x7e, 1, 0x42, ...s64(budget), 0x0b], [0x7f, 1, 0x41, 0, 0x0b]));
  checkTable(sections.get(TABLE));
  sections.set(MEMORY, capMemory(sections.get(MEMORY)));
  sections.set(EXPORT, withExport(sections.get(EXPORT), gas));
  const code = listOf(sections.get(CODE));
  sections.set(CODE, meterCode(code, helpers, gas, depth));

  const parts = ORDER.flatMap((id) => {
    const content = sections.get(id);
    return content === undefined ? [] : [Uint8Array.from([id, ...u32(content.length)]), content];
  });
  const metered = Buffer.concat([Uint8Array.from(MAGIC), ...parts]);
  if (!engine.validate(metered)) throw new EvidenceFault("BAD_MODULE", "it is not valid with its budget");
  return metered;
}

/** Sections by number; what tools add for people is left out. */
function sectionsOf(module: Uint8Array): Map<number, Uint8Array> {
  const reader = new Reader(module);
  if (MAGIC.some((byte) => reader.byte() !== byte))
    throw new EvidenceFault("BAD_MODULE", "it does not begin as one of version 1");
  const sections = new Map<number, Uint8Array>();
  while (!reader.done) {
    const id = reader.byte();
    const content = reader.take(reader.u32());
    if (id > KNOWN) throw new EvidenceFault("FORBIDDEN_CODE", `section ${id}`);
    if (id !== 0 && sections.has(id)) throw new EvidenceFault("BAD_MODULE", `section ${id} twice`);
    if (id !== 0) sections.set(id, content);
  }
  return sections;
}

function listOf(content: Uint8Array | undefined): { count: number; items: Uint8Array } {
  if (content === undefined) return { count: 0, items: new Uint8Array() };
  const reader = new Reader(content);
  const count = reader.u32();
  return { count, items: content.subarray(reader.at) };
}

function checkImports(content: Uint8Array | undefined): number {
  if (content === undefined) return 0;
  const reader = new Reader(content);
  const count = reader.u32();
  for (let i = 0; i < count; i++) {
    const name = `${reader.name()}.${reader.name()}`;
    if (name !== "env.abort" || reader.byte() !== 0) throw new EvidenceFault("FORBIDDEN_CODE", `import ${name}`);
    reader.u32();
  }
  return count;
}

function checkTable(content: Uint8Array | undefined): void {
  if (content === undefined) return;
  const reader = new Reader(content);
  for (let tables = reader.u32(); tables > 0; tables--) {
    if (reader.byte() !== 0x70) throw new EvidenceFault("FORBIDDEN_CODE", "a table of something else than functions");
    const flags = reader.byte();
    const least = reader.u32();
    if (flags > 1 || least > MAX_TABLE) throw new EvidenceFault("FORBIDDEN_CODE", `a table of ${least}`);
    if (flags === 1) reader.u32();
  }
}

function capMemory(content: Uint8Array | undefined): Uint8Array {
  const reader = new Reader(content ?? Uint8Array.of(0));
  if (reader.u32() !== 1) throw new EvidenceFault("BAD_MODULE", "it needs one memory");
  const flags = reader.byte();
  if (flags > 1) throw new EvidenceFault("FORBIDDEN_CODE", "a shared memory, or one of 64 bits");
  const least = reader.u32();
  const most = flags === 1 ? reader.u32() : MAX_PAGES;
  if (least > MAX_PAGES) throw new EvidenceFault("FORBIDDEN_CODE", `a memory of ${least} pages`);
  return Uint8Array.from([1, 1, ...u32(least), ...u32(Math.min(most, MAX_PAGES))]);
}

function withExport(content: Uint8Array | undefined, gas: number[]): Uint8Array {
  const { count, items } = listOf(content);
  const reader = new Reader(items);
  for (let i = 0; i < count; i++) {
    const name = reader.name();
    if (name.startsWith("ftns:")) throw new EvidenceFault("FORBIDDEN_CODE", `export ${name}`);
    reader.byte();
    reader.u32();
  }
  return vector(count + 1, items, [...u32(GAS_EXPORT.length), ...Buffer.from(GAS_EXPORT), 3, ...gas]);
}

const TYPES = {
  charge: [0x60, 1, 0x7e, 0],
  none: [0x60, 0, 0],
  bulk: [0x60, 1, 0x7f, 1, 0x7f],
  canon32: [0x60, 1, 0x7d, 1, 0x7d],
  canon64: [0x60, 1, 0x7c, 1, 0x7c],
};

function meterCode(code: { count: number; items: Uint8Array }, helpers: Helpers, gas: number[], depth: number[]): Uint8Array {
  const reader = new Reader(code.items);
  const bodies = Array.from({ length: code.count }, () => meterBody(reader.take(reader.u32()), helpers));
  const added = helperBodies(helpers, gas, depth).map((body) => Uint8Array.from([0, ...body, 0x0b]));
  const sized = [...bodies, ...added].map((body) => Buffer.concat([Uint8Array.from(u32(body.length)), body]));
  return vector(sized.length, ...sized);
}

/** In the order of their numbers, without locals and end. */
function helperBodies({ charge }: Helpers, gas: number[], depth: number[]): number[][] {
  const trapIf = (test: readonly number[]) => [...test, 0x04, 0x40, 0x00, 0x0b];
  const addDepth = (by: number) => [0x23, ...depth, 0x41, ...s64(BigInt(by)), 0x6a, 0x24, ...depth];
  const canon = (equal: number, constant: readonly number[]) => [0x20, 0, ...constant, 0x20, 0, 0x20, 0, equal, 0x1b];
  return [
    // gas = gas - cost; trap if gas < 0
    [0x23, ...gas, 0x20, 0, 0x7d, 0x24, ...gas, ...trapIf([0x23, ...gas, 0x42, 0, 0x53])],
    // depth = depth + 1; trap if depth > MAX_DEPTH
    [...addDepth(1), ...trapIf([0x23, ...depth, 0x41, ...s64(BigInt(MAX_DEPTH)), 0x4a])],
    addDepth(-1),
    // charge(length >> BULK_SHIFT); length
    [0x20, 0, 0xad, 0x42, BULK_SHIFT, 0x88, 0x10, ...u32(charge), 0x20, 0],
    // value equal to itself ? value : the canonical NaN
    canon(0x5b, [0x43, 0x00, 0x00, 0xc0, 0x7f]),
    canon(0x61, [0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]),
  ];
}
