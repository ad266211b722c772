import { AbiCoder, concat, dataLength } from "ethers";
import type { Reply, RpcRequest } from "./replies.ts";

/**
 * Many views in one `eth_call`: what contracts/reads/ReadMany.sol does, as it is compiled. It needs no address, and its answers
 * are all of one block.
 */
export const READ_MANY =
  "0x608060405234801561000f575f5ffd5b506040516104fe3803806104fe83398101604081905261002e91610324565b5f82516001600160401b" +
  "03811115610048576100486101d3565b60405190808252806020026020018201604052801561008d57816020015b604080518082019091525f81" +
  "52606060208201528152602001906001900390816100665790505b5090505f5f5b84518210156101a4575f5f8684815181106100b0576100b061" +
  "03f4565b60200260200101516001600160a01b031660025a6100ce9190610408565b8786815181106100e0576100e06103f4565b602002602001" +
  "01516040516100f59190610427565b5f604051808303818686fa925050503d805f811461012e576040519150601f19603f3d011682016040523d" +
  "82523d5f602084013e610133565b606091505b509150915060a08151610146919061043d565b610150908461043d565b92506155f08311156101" +
  "635750506101a4565b604051806040016040528083151581526020018281525085858151811061018c5761018c6103f4565b6020908102919091" +
  "0101525050600190910190610093565b508082525f826040516020016101ba9190610462565b6040516020818303038152906040529050805160" +
  "208201f35b634e487b7160e01b5f52604160045260245ffd5b604051601f8201601f191681016001600160401b038111828210171561020f5761" +
  "020f6101d3565b604052919050565b5f6001600160401b0382111561022f5761022f6101d3565b5060051b60200190565b5f82601f8301126102" +
  "48575f5ffd5b815161025b61025682610217565b6101e7565b8082825260208201915060208360051b86010192508583111561027c575f5ffd5b" +
  "602085015b8381101561031a5780516001600160401b0381111561029e575f5ffd5b8601603f810188136102ae575f5ffd5b6020810151600160" +
  "0160401b038111156102ca576102ca6101d3565b6102dd601f8201601f19166020016101e7565b8181526040838301018a10156102f1575f5ffd" +
  "5b8160408401602083015e5f60208383010152808652505050602083019250602081019050610281565b5095945050505050565b5f5f60408385" +
  "031215610335575f5ffd5b82516001600160401b0381111561034a575f5ffd5b8301601f8101851361035a575f5ffd5b80516103686102568261" +
  "0217565b8082825260208201915060208360051b850101925087831115610389575f5ffd5b6020840193505b828410156103bf57835160016001" +
  "60a01b03811681146103ae575f5ffd5b825260209384019390910190610390565b6020870151909550925050506001600160401b038111156103" +
  "de575f5ffd5b6103ea85828601610239565b9150509250929050565b634e487b7160e01b5f52603260045260245ffd5b5f8261042257634e487b" +
  "7160e01b5f52601260045260245ffd5b500490565b5f82518060208501845e5f920191825250919050565b8082018082111561045c57634e487b" +
  "7160e01b5f52601160045260245ffd5b92915050565b5f602082016020835280845180835260408501915060408160051b860101925060208601" +
  "5f5b828110156104f157603f19878603018452815180511515865260208101519050604060208701528051806040880152806020830160608901" +
  "5e5f606082890101526060601f19601f83011688010196505050602082019150602084019350600181019050610488565b509296955050505050" +
  "5056fe";

/** Bytes that a call without a receiver may carry (EIP-3860), and what is left of them for calls. */
export const MAX_CALL_BYTES = 49_152;
const MAX_BYTES = 45_000;
const MOST_CALLS = 100;

/** What a call takes in it beside its data. */
const HEAD_BYTES = 160;

interface Read {
  to: string;
  data: string;
}

/** The view that `request` reads, when it can be read together with others. */
export function readOf({ method, params }: Pick<RpcRequest, "method" | "params">): Read | undefined {
  if (method !== "eth_call" || params.length !== 2) return undefined;
  const { to, data, ...more } = params[0] as Record<string, unknown>;
  if (typeof to !== "string" || typeof data !== "string" || Object.keys(more).length > 0) return undefined;
  return { to, data };
}

/** Reads in groups that one call can carry each: of the same moment, not too many, and not too long. */
export function groupReads<T extends Pick<RpcRequest, "method" | "params">>(requests: readonly T[]): T[][] {
  const open = new Map<unknown, { group: T[]; bytes: number }>();
  const groups: T[][] = [];
  for (const request of requests) {
    const tag = request.params[1];
    const bytes = dataLength(readOf(request)!.data) + HEAD_BYTES;
    let last = open.get(tag);
    if (!last || last.group.length >= MOST_CALLS || last.bytes + bytes > MAX_BYTES) {
      last = { group: [], bytes: 0 };
      open.set(tag, last);
      groups.push(last.group);
    }
    last.group.push(request);
    last.bytes += bytes;
  }
  return groups;
}

const coder = AbiCoder.defaultAbiCoder();
const CALLS = ["address[]", "bytes[]"];
const ANSWERS = ["tuple(bool success, bytes data)[]"];

/** The data of a call that makes all of `reads`. */
export function encodeReads(reads: readonly Read[]): string {
  return concat([READ_MANY, coder.encode(CALLS, [reads.map(({ to }) => to), reads.map(({ data }) => data)])]);
}

/** The reads in the data of such a call; undefined when it is another. */
export function decodeReads(data: string): Read[] | undefined {
  if (!data.startsWith(READ_MANY)) return undefined;
  const [targets, calls] = coder.decode(CALLS, `0x${data.slice(READ_MANY.length)}`) as unknown as [string[], string[]];
  return targets.map((to, index) => ({ to, data: calls[index]! }));
}

/**
 * The answer to each of `count` reads, as a node would give it by itself. Undefined where it is not known: what lies beyond the
 * size of an answer, and what failed without a word, which may have lacked gas only here. Nothing at all when `result` is no answer.
 */
export function decodeAnswers(result: unknown, count: number): (Reply | undefined)[] | undefined {
  let answers: { success: boolean; data: string }[];
  try {
    [answers] = coder.decode(ANSWERS, result as string) as unknown as [{ success: boolean; data: string }[]];
    if (answers.length > count) return undefined;
    // A list of ethers throws where it has nothing.
    return Array.from({ length: count }, (_, index) => (index < answers.length ? replyOf(answers[index]!) : undefined));
  } catch {
    return undefined;
  }
}

function replyOf({ success, data }: { success: boolean; data: string }): Reply | undefined {
  if (success) return { result: data };
  return data === "0x" ? undefined : { error: { code: 3, message: "execution reverted", data } };
}

/** For those who stand in for a node: answers as the contract gives them. */
export function encodeAnswers(answers: readonly { success: boolean; data: string }[]): string {
  return coder.encode(ANSWERS, [answers]);
}
