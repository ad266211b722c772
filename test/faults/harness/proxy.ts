// A JSON-RPC endpoint that stands before the local chain and misbehaves as it is told, the same way in every run.
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { keccak256 } from "ethers";
import type { Random } from "../../helpers/random.ts";

export type Forward = (method: string, params: unknown[]) => Promise<unknown>;

/** One call that the endpoint is asked for; a batch is taken apart. */
export interface Call {
  method: string;
  params: unknown[];
  /** Counted from 1: among all calls, and among those of its method. */
  nth: number;
  nthOfMethod: number;
}

export type Moment = "before" | "after";

export type Fault =
  | { kind: "hang" }
  | { kind: "delay"; ms: number }
  | { kind: "status"; status: number; retryAfterSec?: number }
  /** Breaks the connection, before or after the chain has heard the call. */
  | { kind: "drop"; when: Moment }
  /** The same, and for ever: nothing gets through any more. `onCut` is told at that very moment. */
  | { kind: "cut"; when: Moment }
  /** A part of the answer, or something else in its place. */
  | { kind: "truncate" }
  | { kind: "body"; text: string }
  /** A JSON-RPC error, whether or not the chain has heard the call. */
  | { kind: "error"; message: string; code?: number; forwarded: boolean }
  /** Any answer that `from` makes. */
  | { kind: "answer"; from: (forward: Forward, call: Call) => Promise<unknown> };

/** What goes wrong with a call; nothing when it is answered as it should be. */
export type Plan = (call: Call) => Fault | undefined;

export interface FaultProxy {
  readonly url: string;
  /** Host and port alone: the path is a secret, as with most providers. */
  readonly host: string;
  /** Every call that came, in order. */
  readonly calls: Call[];
  /** How many of them were answered wrongly or not at all. */
  readonly faults: number;
  plan: Plan;
  onCut: () => void;
  close(): Promise<void>;
}

interface Request {
  id: unknown;
  method: string;
  params?: unknown[];
}

const faultless: Plan = () => undefined;

export async function startProxy(forward: Forward, path = ""): Promise<FaultProxy> {
  const calls: Call[] = [];
  const ofMethod = new Map<string, number>();
  let dead = false;
  let faults = 0;

  /** The answer to one call, or how the whole HTTP answer is spoilt. */
  const answer = async ({ id, method, params = [] }: Request): Promise<object | Fault> => {
    const nthOfMethod = (ofMethod.get(method) ?? 0) + 1;
    ofMethod.set(method, nthOfMethod);
    const call = { method, params, nth: calls.length + 1, nthOfMethod };
    calls.push(call);
    const fault = proxy.plan(call);
    if (fault) faults++;
    const wrap = (result: unknown) => ({ jsonrpc: "2.0", id, result });
    try {
      switch (fault?.kind) {
        case undefined:
          return wrap(await forward(method, params));
        case "delay":
          await sleep(fault.ms);
          return wrap(await forward(method, params));
        case "answer":
          return wrap(await fault.from(forward, call));
        case "error":
          if (fault.forwarded) await forward(method, params).catch(() => undefined);
          return { jsonrpc: "2.0", id, error: { code: fault.code ?? -32_000, message: fault.message } };
        case "drop":
        case "cut":
          if (fault.when === "after") await forward(method, params).catch(() => undefined);
          return fault;
        case "hang":
        case "status":
          return fault;
        case "truncate":
        case "body":
          await forward(method, params).catch(() => undefined);
          return fault;
      }
    } catch (error) {
      const { code = -32_000, message, data } = error as { code?: number; message: string; data?: unknown };
      return { jsonrpc: "2.0", id, error: { code, message, ...(data !== undefined && { data }) } };
    }
  };

  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void respond(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
    const respond = async (body: Request | Request[]) => {
      const answers: object[] = [];
      for (const one of Array.isArray(body) ? body : [body]) {
        if (dead) return request.socket.destroy();
        const result = await answer(one);
        if (!("kind" in result)) {
          answers.push(result);
          continue;
        }
        // One call of a batch that fails in transport fails the batch, and the calls behind it are never heard.
        const fault = result as Fault;
        switch (fault.kind) {
          case "cut":
            dead = true;
            proxy.onCut();
            for (const socket of sockets) socket.destroy();
            return;
          case "drop":
            return request.socket.destroy();
          case "hang":
            return;
          case "status": {
            const headers = fault.retryAfterSec === undefined ? {} : { "retry-after": String(fault.retryAfterSec) };
            return response.writeHead(fault.status, headers).end("trouble");
          }
          case "body":
            return response.end(fault.text);
          case "truncate":
            return response.setHeader("content-type", "application/json").end('{"jsonrpc":"2.0","id":1,"resu');
        }
      }
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
    };
  });
  server.on("connection", (socket: Socket) => {
    if (dead) return socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;

  const proxy: FaultProxy = {
    url: `http://${host}${path}`,
    host,
    calls,
    get faults() {
      return faults;
    },
    plan: faultless,
    onCut: () => undefined,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}

/** `fault` at the n-th call, and never again. */
export const atCall =
  (nth: number, fault: Fault): Plan =>
  (call) =>
    call.nth === nth ? fault : undefined;

/** `fault` at every call of these methods; without any, at every call. */
export const always =
  (fault: Fault, ...methods: string[]): Plan =>
  ({ method }) =>
    methods.length === 0 || methods.includes(method) ? fault : undefined;

/** Says that the transaction was taken, and tells nobody. */
export const swallow: Fault = { kind: "answer", from: async (_, { params }) => keccak256(String(params[0])) };

/** Hands every call on twice; the second answer is given. */
export const twice: Fault = {
  kind: "answer",
  async from(forward, { method, params }) {
    await forward(method, params);
    return forward(method, params);
  },
};

/** A node that stopped at block `number` and answers everything as of then. */
export function stoppedAt(number: number): Plan {
  const tag = `0x${number.toString(16)}`;
  const past = (value: unknown) => (value === "latest" || value === "pending" ? tag : value);
  return () => ({
    kind: "answer",
    async from(forward, { method, params }) {
      if (method === "eth_blockNumber") return tag;
      if (method === "eth_getTransactionReceipt") {
        const receipt = (await forward(method, params)) as { blockNumber: string } | null;
        return receipt && Number(receipt.blockNumber) <= number ? receipt : null;
      }
      return forward(method, params.map(past));
    },
  });
}

/** A node that names a block `ahead` blocks after the one it knows; what is asked of it as of that block, it answers. */
export function aheadBy(ahead: number, aheadSec = 0): Plan {
  const shifted = (hex: string) => `0x${(Number(hex) + ahead).toString(16)}`;
  const known = (value: unknown) => (typeof value === "string" && /^0x[0-9a-f]{1,12}$/.test(value) ? "latest" : value);
  return () => ({
    kind: "answer",
    async from(forward, { method, params }) {
      if (method === "eth_blockNumber") return shifted(String(await forward(method, params)));
      if (method === "eth_getBlockByNumber") {
        const block = (await forward(method, params.map(known))) as { number: string; timestamp: string } | null;
        const later = (hex: string) => `0x${(Number(hex) + aheadSec).toString(16)}`;
        return block && { ...block, number: shifted(block.number), timestamp: later(block.timestamp) };
      }
      return forward(method, ["eth_call", "eth_estimateGas"].includes(method) ? params.map(known) : params);
    },
  });
}

/** Lets calls through with one number of each answer ten times as large; addresses, offsets and small counts stay. */
export const lyingCalls = (random: Random): Fault => ({
  kind: "answer",
  async from(forward, { method, params }) {
    const result = String(await forward(method, params));
    const words = result.slice(2).match(/.{64}/g) ?? [];
    const numbers = [...words.keys()].filter((index) => /^0{32}(?!0{26})/.test(words[index]!));
    if (numbers.length === 0) return result;
    const lie = random.pick(numbers);
    words[lie] = (BigInt(`0x${words[lie]}`) * 10n).toString(16).padStart(64, "0");
    return `0x${words.join("")}`;
  },
});
