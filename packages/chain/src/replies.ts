/** A JSON-RPC request as it travels. */
export interface RpcRequest {
  id: number;
  method: string;
  params: readonly unknown[];
}

export interface RpcError {
  code?: number;
  message?: string;
  data?: unknown;
}

export type Reply = { result: unknown } | { error: RpcError };

/**
 * What one endpoint's reply is worth. answer: it tells something about the chain. unable: this node cannot tell (it does not
 * know the method or the block), another may. trouble: the node is not well; nothing may be concluded.
 */
export type Judgement =
  | { kind: "answer"; reply: Reply }
  | { kind: "unable"; reply: Reply }
  | { kind: "trouble"; reason: string; hint?: string };

export const isHex = (value: unknown): value is string => typeof value === "string" && /^0x[0-9a-f]+$/i.test(value);
const isBytes = (value: unknown) => typeof value === "string" && /^0x([0-9a-f]{2})*$/i.test(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Judges a reply by its form and, for errors, by what they mean. */
export function judge(request: RpcRequest, reply: Reply): Judgement {
  if ("error" in reply) return judgeError(request.method, reply);
  const fault = faultOf(request, reply.result);
  if (fault) return { kind: "trouble", reason: `${fault} (${request.method})` };
  const unknownBlock = reply.result === null && request.method.startsWith("eth_getBlockBy");
  return { kind: unknownBlock ? "unable" : "answer", reply };
}

// JSON-RPC and EIP-1474: internal error, resource not found, resource unavailable, limit exceeded, request limit.
const TROUBLE_CODES = new Set([-32_603, -32_001, -32_002, -32_005, -32_016, -32_029, 429]);
const TROUBLE_WORDS = new RegExp(
  [
    "header not found|missing trie node|unknown block|block .*(not found|out of range)|invalid block tag|blockoutofrange|state .*(not|un)\\s?available|pruned",
    "rate.?limit|too many requests|compute units|capacity|quota|throttl|limit exceeded|more than \\d+ results|block range",
    "time(d)?.?out|deadline exceeded|overload|temporar|try again|unavailable|not synced|syncing|upstream|bad gateway",
    "internal (server )?error|connection (refused|reset|closed)",
  ].join("|"),
  "i",
);
const UNABLE_WORDS = /method .*(not|does not|isn't) (found|supported|available|exist|allowed|whitelisted)/i;
const REVERT_WORDS = /revert|execution error|vm exception|invalid opcode|out of gas|stack (under|over)flow|always failing/i;

function judgeError(method: string, reply: { error: RpcError }): Judgement {
  const { code, message = "" } = reply.error;
  if (code === -32_601 || UNABLE_WORDS.test(message)) return { kind: "unable", reply };
  // First of all, because some nodes report reverts as internal errors.
  if (isRevert(reply.error) || (method === "eth_sendRawTransaction" && isRefusal(message))) {
    return { kind: "answer", reply };
  }
  if (TROUBLE_CODES.has(code ?? 0) || TROUBLE_WORDS.test(message)) {
    return { kind: "trouble", reason: `answered ${method} with "${message.split("\n", 1)[0]!.slice(0, 120)}"` };
  }
  return { kind: "answer", reply };
}

export function isRevert(error: RpcError): boolean {
  return error.code === 3 || revertData(error) !== "0x" || REVERT_WORDS.test(error.message ?? "");
}

/** The bytes that a contract reverted with, wherever a node put them; 0x when there are none. */
export function revertData({ data }: RpcError): string {
  if (typeof data === "string") return /^(?:Reverted )?(0x(?:[0-9a-f]{2})+)$/i.exec(data)?.[1]?.toLowerCase() ?? "0x";
  if (!isObject(data)) return "0x";
  for (const inner of [data["data"], data["result"], data["originalError"]]) {
    const found = revertData({ data: inner });
    if (found !== "0x") return found;
  }
  return "0x";
}

/** Why a transaction was not taken, the most telling first. */
const REFUSALS = [
  /insufficient (funds|balance)|base fee exceeds gas limit/i,
  /underpriced|fee too low|max fee per gas less than|gas price too low|feecap/i,
  /nonce.*too low|nonce.*already.*used|oldnonce/i,
  /nonce.*too high|intrinsic gas|exceeds block gas limit|gas limit|invalid (sender|signature)|exceeds the configured cap/i,
];
const ALREADY_KNOWN = /already known|known transaction|already imported|already exists|already in .*pool|alreadyknown/i;

const isRefusal = (message: string) => ALREADY_KNOWN.test(message) || REFUSALS.some((words) => words.test(message));

/** Whether a node has the transaction now, from its reply to being sent it. */
export function isAccepted(reply: Reply): boolean {
  return "result" in reply || ALREADY_KNOWN.test(reply.error.message ?? "");
}

/** Lower is more telling. */
export function rankOfRefusal({ message = "" }: RpcError): number {
  const rank = REFUSALS.findIndex((words) => words.test(message));
  return rank < 0 ? REFUSALS.length : rank;
}

const NUMBERS = new Set([
  "eth_blockNumber",
  "eth_chainId",
  "eth_estimateGas",
  "eth_gasPrice",
  "eth_getBalance",
  "eth_getTransactionCount",
  "eth_maxPriorityFeePerGas",
]);
const BYTES = new Set(["eth_call", "eth_getCode", "eth_getStorageAt"]);

/** Roots in headers of blocks without transactions: an empty trie's, and what some chains write in its place. */
const EMPTY_ROOTS: ReadonlySet<string> = new Set([
  "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
  "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
  `0x${"0".repeat(64)}`,
]);

/** What is wrong with the form of a result; a result that speaks of something else than asked is wrong as well. */
function faultOf({ method, params }: RpcRequest, result: unknown): string | undefined {
  const odd = "does not answer like an Ethereum node";
  if (NUMBERS.has(method)) return isHex(result) ? undefined : odd;
  if (BYTES.has(method)) return isBytes(result) ? undefined : odd;
  if (method === "eth_getLogs") return Array.isArray(result) && result.every(isLog) ? undefined : odd;
  if (method.startsWith("eth_getBlockBy")) {
    if (result === null) return undefined;
    if (!isObject(result) || !isHex(result["timestamp"]) || !Array.isArray(result["transactions"])) return odd;
    // A pending block has neither.
    if (params[0] === "pending") return undefined;
    if (!isHex(result["number"]) || !isHex(result["hash"])) return odd;
    const root = result["transactionsRoot"];
    const hides = result["transactions"].length === 0 && isHex(root) && !EMPTY_ROOTS.has(root.toLowerCase());
    if (hides) return "hides the transactions of a block";
    const asked = params[0];
    if (!isHex(asked)) return undefined;
    const found = result[method === "eth_getBlockByHash" ? "hash" : "number"] as string;
    return BigInt(found) === BigInt(asked) ? undefined : "answered with another block";
  }
  if (method === "eth_getTransactionReceipt" || method === "eth_getTransactionByHash") {
    if (result === null) return undefined;
    if (!isObject(result)) return odd;
    const isReceipt = method === "eth_getTransactionReceipt";
    if (isReceipt && !(isHex(result["blockNumber"]) && isHex(result["blockHash"]) && Array.isArray(result["logs"]))) {
      return odd;
    }
    const found = result[isReceipt ? "transactionHash" : "hash"];
    return String(found).toLowerCase() === String(params[0]).toLowerCase() ? undefined : "answered with another transaction";
  }
  return undefined;
}

const isLog = (log: unknown) => isObject(log) && isHex(log["address"]) && isBytes(log["data"]) && Array.isArray(log["topics"]);
