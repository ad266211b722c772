// Made-up JSON-RPC nodes behind real HTTP servers, each of which can be told to misbehave in its own way.
import { type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { id as hashOf } from "ethers";
import { Endpoints, type EndpointsSettings } from "@ftns/chain/endpoints.ts";
import type { RpcRequest } from "@ftns/chain/replies.ts";

export const NODE_CHAIN_ID = 7;
/** A part of every node's URL that must never be printed. */
export const NODE_KEY = "f00dfeedc0ffee-key";

/** What honest nodes know. */
export interface World {
  height: number;
  /** Unix seconds of the newest block. */
  time: number;
}

export const newWorld = (): World => ({ height: 1_000, time: Math.floor(Date.now() / 1_000) - 5 });

export function blockAt(height: number, time: number, branch = "") {
  return {
    number: `0x${height.toString(16)}`,
    hash: hashOf(`block ${height}${branch}`),
    parentHash: hashOf(`block ${height - 1}${branch}`),
    timestamp: `0x${time.toString(16)}`,
    baseFeePerGas: "0x7",
    transactions: [],
  };
}

type Item = { id: number; result?: unknown; error?: unknown };
/** A way to answer an HTTP request; gets what an honest node would say. */
export type Way = (response: ServerResponse, items: Item[], isBatch: boolean) => void;

const honest: Way = (response, items, isBatch) => {
  const body = items.map((item) => ({ jsonrpc: "2.0", ...item }));
  response.setHeader("content-type", "application/json").end(JSON.stringify(isBatch ? body : body[0]));
};

export const ways = {
  hang: (() => undefined) as Way,
  drop: ((response) => response.destroy()) as Way,
  html: ((response) => response.end("<html>welcome</html>")) as Way,
  status:
    (code: number, headers: Record<string, string> = {}): Way =>
    (response) =>
      response.writeHead(code, headers).end("no"),
  truncate: ((response, items, isBatch) => {
    const text = JSON.stringify(isBatch ? items : items[0]);
    response.end(text.slice(0, text.length - 3));
  }) as Way,
  /** Says how much it will send, and closes the connection halfway. */
  cut: ((response) => {
    response.writeHead(200, { "content-length": "1000" }).write('{"jsonrpc":');
    setTimeout(() => response.destroy(), 5);
  }) as Way,
  wrongId: ((response, items, isBatch) =>
    honest(
      response,
      items.map((item) => ({ ...item, id: item.id + 1_000 })),
      isBatch,
    )) as Way,
  reverse: ((response, items, isBatch) => honest(response, [...items].reverse(), isBatch)) as Way,
  /** Two answers to one call. */
  twice: ((response, items, isBatch) =>
    honest(response, [...items, ...items.map(({ id }) => ({ id, result: "0x66" }))], isBatch)) as Way,
  omitLast: ((response, items, isBatch) => honest(response, isBatch ? items.slice(0, -1) : [], isBatch)) as Way,
  oneError: ((response) =>
    response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32_005, message: "slow down" } }))) as Way,
  error:
    (error: { code: number; message: string; data?: unknown }): Way =>
    (response, items, isBatch) =>
      honest(
        response,
        items.map(({ id }) => ({ id, error })),
        isBatch,
      ),
};

export type FakeNode = Awaited<ReturnType<typeof startNode>>;

export async function startNode(world: World) {
  const node = {
    host: "",
    url: "",
    /** The methods of every HTTP request. */
    asked: [] as string[][],
    /** How it answers; requests for its chain id too. */
    way: honest,
    chainId: NODE_CHAIN_ID,
    /** Blocks by which it is behind (or ahead, when negative), or a height at which it froze. */
    lag: 0,
    frozen: undefined as World | undefined,
    /** Answers of its own to some methods. */
    lies: {} as Record<string, (params: readonly unknown[]) => unknown>,
    heal() {
      node.way = honest;
      node.chainId = NODE_CHAIN_ID;
      node.lag = 0;
      node.frozen = undefined;
      node.lies = {};
      node.asked.length = 0;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
  const view = (): World => node.frozen ?? { height: world.height - node.lag, time: world.time - node.lag };
  const known = (tag: unknown): number => (typeof tag === "string" && /^0x/.test(tag) ? Number(tag) : view().height);
  const answerTo = ({ method, params }: RpcRequest): unknown => {
    if (node.lies[method]) return node.lies[method](params);
    switch (method) {
      case "eth_chainId":
        return `0x${node.chainId.toString(16)}`;
      case "eth_blockNumber":
        return `0x${view().height.toString(16)}`;
      case "eth_getBlockByNumber": {
        const height = known(params[0]);
        return height > view().height ? null : blockAt(height, view().time - (view().height - height));
      }
      case "eth_call":
        return hashOf(`call ${JSON.stringify(params)}`);
      case "eth_getTransactionCount":
        return "0x5";
      case "eth_estimateGas":
        return "0x186a0";
      case "eth_getTransactionReceipt":
        return null;
      case "eth_sendRawTransaction":
        return hashOf("any");
      default:
        return "0x1234";
    }
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as RpcRequest | RpcRequest[];
      const requests = Array.isArray(body) ? body : [body];
      node.asked.push(requests.map(({ method }) => method));
      const items = requests.map((one): Item => {
        const answer = answerTo(one);
        return answer instanceof NodeError ? { id: one.id, error: answer.error } : { id: one.id, result: answer };
      });
      node.way(response, items, Array.isArray(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  node.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  node.url = `http://${node.host}/v3/${NODE_KEY}`;
  return node;
}

/** What a lie may return to answer with an error. */
export class NodeError {
  readonly error: { code: number; message: string; data?: unknown };

  constructor(code: number, message: string, data?: unknown) {
    this.error = { code, message, ...(data !== undefined && { data }) };
  }
}

/** Waits, for five seconds at most, until something is so. */
export async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 250 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  if (!what()) throw new Error("it did not come to pass");
}

/** Endpoints over `nodes` that have proven themselves, and the lines that they logged. */
export async function endpointsOver(nodes: readonly FakeNode[], change: Partial<EndpointsSettings> = {}) {
  const lines: string[] = [];
  const note = (_: unknown, line: string) => lines.push(line);
  const settings = { chainId: NODE_CHAIN_ID, timeoutMs: 1_500, quorum: 1, maxClockSkewSec: 300, ...change };
  const rpc = new Endpoints({ rpcUrls: nodes.map(({ url }) => url), ...settings }, { info: note, warn: note } as never);
  try {
    await rpc.prove();
  } catch (error) {
    rpc.destroy();
    throw error;
  }
  for (const node of nodes) node.asked.length = 0;
  return { rpc, lines };
}
