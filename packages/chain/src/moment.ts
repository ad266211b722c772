import { toBeHex, toQuantity } from "ethers";
import type { RpcRequest } from "./replies.ts";

/**
 * A block as of a later time than its own, for chains that make blocks only with transactions: what the next block would see.
 * Ethers takes a tag of 32 bytes as it is, so that it travels as one, and becomes a block and an override of its time on the way
 * to a node.
 */
const MARK = "6674"; // "ft"
const MARK_BYTES = 16;

export function momentTag(number: number, time: bigint): string {
  const half = (value: number | bigint) => toBeHex(value, 8).slice(2);
  return `0x${MARK.repeat(MARK_BYTES / 2)}${half(number)}${half(time)}`;
}

const IS_MOMENT = new RegExp(`^0x(?:${MARK}){${MARK_BYTES / 2}}([0-9a-f]{16})([0-9a-f]{16})$`);
/** Methods that run code, and take the time as an override. */
const RUNS = new Set(["eth_call", "eth_estimateGas"]);

/** `request` as a node understands it. */
export function plainOf(request: RpcRequest): RpcRequest {
  const { method, params } = request;
  const found = IS_MOMENT.exec(String(params[1]));
  if (!found) return request;
  const [number, time] = [BigInt(`0x${found[1]}`), BigInt(`0x${found[2]}`)].map((value) => toQuantity(value));
  const overrides = RUNS.has(method) ? [{}, { time }] : [];
  return { ...request, params: [params[0], number, ...overrides] };
}
