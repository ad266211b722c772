/**
 * One function's code, with what makes it deterministic added: it pays for its instructions when it is entered and at every turn of a
 * loop, counts how deep calls go, pays for the bytes that one instruction moves, and turns every computed NaN into one and the same.
 */
import { EvidenceFault } from "../../common/fault.ts";
import { Reader, s64, u32 } from "./bytes.ts";

/** Numbers of the functions that are added. */
export interface Helpers {
  charge: number;
  enter: number;
  leave: number;
  bulk: number;
  canon32: number;
  canon64: number;
}

/** Locals of a function that are allowed: they lie on a stack whose size differs between machines. */
const MAX_LOCALS = 500;
/** What growing the memory costs beside its own instruction: new pages are filled with zeros. */
const GROW_COST = 1_000;

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const END = 0x0b;
const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const GROW = 0x40;
const I64_CONST = 0x42;

/** Operators whose result can be a NaN of bits that the machine chooses. */
const isNan32 = (op: number) => (op >= 0x8d && op <= 0x97) || op === 0xb6;
const isNan64 = (op: number) => (op >= 0x9b && op <= 0xa5) || op === 0xbb;

/** Cost of the instructions between here and the next loop's head; known only at the end. */
interface Segment {
  cost: number;
}

export function meterBody(body: Uint8Array, helpers: Helpers): Uint8Array {
  const reader = new Reader(body);
  readLocals(reader);
  const pieces: (readonly number[] | Uint8Array | Segment)[] = [body.subarray(0, reader.at)];
  const entry: Segment = { cost: 1 };
  pieces.push(entry);
  const call = (helper: number) => pieces.push([CALL, ...u32(helper)]);

  // The segment of each open block; the function itself is the outermost.
  const open: Segment[] = [entry];
  while (open.length > 0) {
    const segment = open.at(-1)!;
    const start = reader.at;
    const op = reader.byte();
    const moves = skipImmediates(reader, op);
    segment.cost += op === GROW ? GROW_COST : 1;
    const isCall = op === CALL || op === CALL_INDIRECT;
    if (moves) call(helpers.bulk);
    if (isCall) call(helpers.enter);
    pieces.push(body.subarray(start, reader.at));
    if (isCall) call(helpers.leave);
    if (isNan32(op)) call(helpers.canon32);
    if (isNan64(op)) call(helpers.canon64);
    if (op === LOOP) {
      const turn: Segment = { cost: 1 };
      pieces.push(turn);
      open.push(turn);
    } else if (op === BLOCK || op === IF) open.push(segment);
    else if (op === END) open.pop();
  }
  if (!reader.done) throw new EvidenceFault("BAD_MODULE", "code behind the end of a function");
  return Buffer.concat(
    pieces.map((piece) =>
      "cost" in piece
        ? Uint8Array.from([I64_CONST, ...s64(BigInt(piece.cost)), CALL, ...u32(helpers.charge)])
        : Uint8Array.from(piece),
    ),
  );
}

function readLocals(reader: Reader): void {
  let locals = 0;
  for (let groups = reader.u32(); groups > 0; groups--) {
    locals += reader.u32();
    reader.byte();
    if (locals > MAX_LOCALS) throw new EvidenceFault("FORBIDDEN_CODE", `a function with more than ${MAX_LOCALS} locals`);
  }
}

/** Skips what follows the operator; says whether it moves as many bytes as the top of the stack tells. Refuses all that is not known. */
function skipImmediates(reader: Reader, op: number): boolean {
  if (op === BLOCK || op === LOOP || op === IF || op === 0x41 || op === I64_CONST) reader.skipSigned();
  else if (op === 0x0c || op === 0x0d || op === CALL || (op >= 0x20 && op <= 0x24)) reader.u32();
  else if (op === 0x0e) for (let targets = reader.u32() + 1; targets > 0; targets--) reader.u32();
  else if (op === CALL_INDIRECT) reader.u32(), reader.u32();
  else if (op === 0x1c) reader.skip(reader.u32());
  else if (op >= 0x28 && op <= 0x3e) {
    if (reader.u32() > 3) throw new EvidenceFault("FORBIDDEN_CODE", "a second memory");
    reader.u32();
  } else if (op === 0x3f || op === GROW) reader.byte();
  else if (op === 0x43) reader.skip(4);
  else if (op === 0x44) reader.skip(8);
  else if (op === 0xfc) return skipExtended(reader);
  else if (!isPlain(op)) throw new EvidenceFault("FORBIDDEN_CODE", `operator 0x${op.toString(16)}${nameOf(op)}`);
  return false;
}

/** Without immediates: control, parametric, numbers and the extension of signs. */
const isPlain = (op: number) => [0x00, 0x01, 0x05, END, 0x0f, 0x1a, 0x1b].includes(op) || (op >= 0x45 && op <= 0xc4);

function skipExtended(reader: Reader): boolean {
  const op = reader.u32();
  if (op <= 7) return false;
  if (op === 8) reader.u32(), reader.byte();
  else if (op === 9) return (reader.u32(), false);
  else if (op === 10) reader.skip(2);
  else if (op === 11) reader.byte();
  else throw new EvidenceFault("FORBIDDEN_CODE", `operator 0xfc ${op}`);
  return true;
}

function nameOf(op: number): string {
  if (op === 0xfd) return " (SIMD)";
  if (op === 0xfe) return " (threads)";
  return "";
}
