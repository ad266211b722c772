import { keccak256 } from "ethers";
import { type Reply, type RpcError, type RpcRequest, isAccepted, isHex, isRevert, rankOfRefusal, revertData } from "./replies.ts";

/** What several endpoints said to one call, and what of it counts. Nothing here talks to anyone. */

/**
 * How answers to a call are put together. same: `quorum` of them must be equal. known: likewise, but what fewer know counts as
 * not known yet. logs: likewise, but that there are none must be said by two, where a second one is well: it is the cheapest lie,
 * and what a node says that forgot. number: the quorum-th highest, so that fewer than `quorum` can push it neither up nor, once
 * `2 * quorum - 1` have answered, down. head: the block at the quorum-th highest height, equal for `quorum`.
 * send: one acceptance is enough. any: one answer is enough.
 */
export type Rule = "same" | "known" | "logs" | "number" | "head" | "send" | "any";

export interface Vote<Source> {
  from: Source;
  reply: Reply;
}

export type Verdict<Source> = { kind: "open" } | { kind: "settled"; reply: Reply; dissenters: Source[] };

/** Position of the block tag among the parameters of methods that take one. */
const TAG_AT: Record<string, number> = {
  eth_call: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getStorageAt: 2,
  eth_getTransactionCount: 1,
};

export function ruleOf({ method, params }: Pick<RpcRequest, "method" | "params">): Rule {
  const moving = (tag: unknown) => typeof tag !== "object" && !isHex(tag) && tag !== "earliest";
  switch (method) {
    case "eth_sendRawTransaction":
      return "send";
    case "eth_blockNumber":
    case "eth_estimateGas":
    case "eth_gasPrice":
    case "eth_maxPriorityFeePerGas":
      return "number";
    case "eth_getBalance":
    case "eth_getTransactionCount":
      return moving(params[TAG_AT[method]!]) ? "number" : "same";
    case "eth_getBlockByNumber":
      return params[0] === "pending" ? "any" : moving(params[0]) ? "head" : "same";
    case "eth_getTransactionByHash":
    case "eth_getTransactionReceipt":
      return "known";
    case "eth_getLogs":
      return "logs";
    case "eth_feeHistory":
      return moving(params[1]) ? "any" : "same";
    default:
      return /^eth_(call|get)/.test(method) ? "same" : "any";
  }
}

/** How many answers a call is asked for at first, of endpoints that are well. */
export function widthOf(rule: Rule, quorum: number): number {
  if (rule === "send") return Infinity;
  if (rule === "any") return 1;
  return rule === "number" || rule === "head" ? 2 * quorum - 1 : quorum;
}

/** What counts. `more`: further answers can still come. */
export function verdictOf<Source>(
  request: Pick<RpcRequest, "method" | "params">,
  votes: readonly Vote<Source>[],
  quorum: number,
  more: boolean,
): Verdict<Source> {
  const rule = ruleOf(request);
  const settled = (reply: Reply): Verdict<Source> => ({ kind: "settled", reply, dissenters: [] });
  switch (rule) {
    case "any":
      return votes[0] ? settled(votes[0].reply) : { kind: "open" };
    case "send": {
      // Whatever a node calls it, a transaction's hash is its own.
      if (votes.some(({ reply }) => isAccepted(reply))) return settled({ result: keccak256(String(request.params[0])) });
      const refusal = more ? undefined : mostTelling(votes);
      return refusal ? settled({ error: refusal }) : { kind: "open" };
    }
    case "number": {
      if (more && votes.length < widthOf(rule, quorum)) return { kind: "open" };
      const number = nthHighest(votes, quorum);
      return number ? settled(number) : alike(request.method, votes, quorum);
    }
    case "head":
      // With one endpoint to believe there is nothing to compare; otherwise see `heightsOf`.
      return quorum === 1 && votes[0] ? settled(votes[0].reply) : { kind: "open" };
    case "known": {
      const verdict = alike(
        request.method,
        votes.filter(({ reply }) => !isNothing(reply)),
        quorum,
      );
      if (verdict.kind === "settled") return verdict;
      const nothings = votes.filter(({ reply }) => isNothing(reply));
      const enough = nothings.length >= quorum || (!more && nothings.length > 0 && votes.length >= quorum);
      return enough ? settled({ result: null }) : verdict;
    }
    case "logs": {
      const empty = votes.filter(({ reply }) => isEmptyList(reply));
      const enough = empty.length >= (more ? Math.max(quorum, 2) : quorum);
      const told = votes.filter(({ reply }) => "result" in reply && !isEmptyList(reply));
      const verdict = alike(request.method, told.length > 0 || empty.length > 0 ? told : votes, quorum);
      if (verdict.kind === "settled")
        return { ...verdict, dissenters: [...verdict.dissenters, ...empty.map(({ from }) => from)] };
      const dissenters = told.map(({ from }) => from);
      return enough ? { kind: "settled", reply: { result: [] }, dissenters } : verdict;
    }
    case "same":
      return alike(request.method, votes, quorum);
  }
}

/** The answer that `quorum` gave, if any; whoever gave another dissents. */
function alike<Source>(method: string, votes: readonly Vote<Source>[], quorum: number): Verdict<Source> {
  // One answer agrees with itself; it may be a long one to compare.
  if (quorum === 1 && votes[0]) return { kind: "settled", reply: votes[0].reply, dissenters: [] };
  for (const group of groupsOf(method, votes)) {
    if (group.length < quorum) continue;
    const { reply } = group[0]!;
    const dissenters = votes.filter((vote) => !group.includes(vote)).map(({ from }) => from);
    // What was not compared is not handed on.
    const result = "result" in reply && quorum > 1 ? { result: essence(method, reply.result) } : reply;
    return { kind: "settled", reply: result, dissenters };
  }
  return { kind: "open" };
}

/** Votes by what they say, the largest group first. */
export function groupsOf<Source>(method: string, votes: readonly Vote<Source>[]): Vote<Source>[][] {
  const groups = new Map<string, Vote<Source>[]>();
  for (const vote of votes) {
    const key = keyOf(method, vote.reply);
    groups.set(key, [...(groups.get(key) ?? []), vote]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

function nthHighest<Source>(votes: readonly Vote<Source>[], n: number): Reply | undefined {
  const numbers = votes.flatMap(({ reply }) => ("result" in reply ? [BigInt(reply.result as string)] : []));
  const number = numbers.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0))[n - 1];
  return number === undefined ? undefined : { result: `0x${number.toString(16)}` };
}

/**
 * Heights at which the newest block may be, the likeliest first: the quorum-th highest, which `quorum` endpoints have reached by
 * their own word, and then what the others said below it, for when one of those lied.
 */
export function heightsOf<Source>(votes: readonly Vote<Source>[], quorum: number): number[] {
  const heights = votes.flatMap(({ reply }) => ("result" in reply ? [heightOf(reply.result)] : []));
  const descending = heights.sort((a, b) => b - a).slice(quorum - 1);
  return [...new Set(descending)];
}

export const heightOf = (block: unknown) => Number((block as { number: string }).number);

function mostTelling<Source>(votes: readonly Vote<Source>[]): RpcError | undefined {
  const refusals = votes.flatMap(({ reply }) => ("error" in reply ? [reply.error] : []));
  return refusals.sort((a, b) => rankOfRefusal(a) - rankOfRefusal(b))[0];
}

export const isEmptyList = (reply: Reply) => "result" in reply && Array.isArray(reply.result) && reply.result.length === 0;
const isNothing = (reply: Reply) => "result" in reply && reply.result === null;

/** Keys of long replies, such as whole blocks, are worked out once. */
const keys = new WeakMap<Reply, string>();

/** Two replies agree exactly when their keys are equal. Reverts go by their data: every client words them differently. */
export function keyOf(method: string, reply: Reply): string {
  const key = keys.get(reply) ?? freshKeyOf(method, reply);
  keys.set(reply, key);
  return key;
}

function freshKeyOf(method: string, reply: Reply): string {
  if ("result" in reply) return canonical(essence(method, reply.result));
  return isRevert(reply.error) ? `reverted with ${revertData(reply.error)}` : "refused";
}

// Clients differ in what they add of their own (sizes, total difficulty, timestamps in logs). These are what consensus fixes.
const LOG_FIELDS = "address topics data blockNumber blockHash transactionHash transactionIndex logIndex removed".split(" ");
const TRANSACTION_FIELDS = (
  "hash type blockHash blockNumber transactionIndex from to nonce value input gas gasPrice maxFeePerGas " +
  "maxPriorityFeePerGas accessList v r s"
).split(" ");
const RECEIPT_FIELDS = (
  "transactionHash transactionIndex type blockHash blockNumber from to contractAddress cumulativeGasUsed gasUsed " +
  "effectiveGasPrice status logs logsBloom"
).split(" ");
const BLOCK_FIELDS = (
  "number hash parentHash timestamp baseFeePerGas gasLimit gasUsed miner difficulty extraData mixHash nonce stateRoot " +
  "transactionsRoot receiptsRoot logsBloom transactions"
).split(" ");

/** The part of a result that is compared, and handed on when several must agree. */
export function essence(method: string, result: unknown): unknown {
  switch (method) {
    case "eth_getBlockByNumber":
    case "eth_getBlockByHash":
      return pick(result, BLOCK_FIELDS, { transactions: TRANSACTION_FIELDS });
    case "eth_getTransactionReceipt":
    case "eth_getBlockReceipts":
      return pick(result, RECEIPT_FIELDS, { logs: LOG_FIELDS });
    case "eth_getTransactionByHash":
      return pick(result, TRANSACTION_FIELDS);
    case "eth_getLogs":
      return pick(result, LOG_FIELDS);
    default:
      return result;
  }
}

function pick(value: unknown, fields: readonly string[], inner: Record<string, readonly string[]> = {}): unknown {
  if (Array.isArray(value)) return value.map((one) => pick(one, fields, inner));
  if (typeof value !== "object" || value === null) return value;
  const given = value as Record<string, unknown>;
  return Object.fromEntries(
    fields
      .filter((field) => given[field] !== undefined)
      .map((field) => [field, inner[field] ? pick(given[field], inner[field]) : given[field]]),
  );
}

/** JSON with sorted keys and hex digits in one case; a field that is null is as one that is missing. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
  }
  return JSON.stringify(isHex(value) ? value.toLowerCase() : (value ?? null));
}

/** A reply in a few words. */
export function shortly(method: string, reply: Reply): string {
  if ("error" in reply) return keyOf(method, reply).slice(0, 24);
  const { result } = reply;
  if (result === null) return "nothing";
  if (Array.isArray(result)) return `${result.length} entries`;
  if (typeof result === "object") {
    const { number, blockNumber, hash, blockHash } = result as Record<string, unknown>;
    return `block ${Number(number ?? blockNumber)} (${String(hash ?? blockHash).slice(0, 10)})`;
  }
  const text = String(result);
  return text.length > 26 ? `${text.slice(0, 10)}...${text.slice(-8)}` : text;
}
