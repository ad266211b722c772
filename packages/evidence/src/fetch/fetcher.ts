/**
 * The one way in which evidence is fetched: https (or http), no redirects, no compression, no private addresses unless configured, and
 * hard limits of bytes and time. The address is judged when the connection is made, so that a name cannot point elsewhere by then.
 */
import { lookup as resolve, type LookupAddress } from "node:dns";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { asFault, EvidenceFault } from "../common/fault.ts";
import { isPublicAddress } from "./addresses.ts";

export interface FetchLimits {
  maxBytes: number;
  /** From the first step to the last byte. */
  timeoutMs: number;
}

export interface Fetched {
  bytes: Uint8Array;
  /** Milliseconds from the first step to the last byte. */
  ms: number;
  /** Address that answered. */
  ip: string;
}

/** What checks are given to fetch with. Everything that goes wrong is an EvidenceFault. */
export type Fetcher = (url: string, limits: FetchLimits, accept?: string) => Promise<Fetched>;

export interface FetcherSettings {
  /** For tests and networks of one's own; also allows http. */
  allowPrivate: boolean;
  resolve?: typeof resolve;
}

const MAX_HEADER_BYTES = 16_384;

export function createFetcher({ allowPrivate, resolve: ask = resolve }: FetcherSettings): Fetcher {
  const lookup: LookupFunction = (hostname, options, callback) => {
    ask(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, []);
      // One private address among several is a trap already.
      const bad = allowPrivate ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
      if (bad !== undefined) return callback(new EvidenceFault("PRIVATE_ADDRESS", `${hostname} is ${bad.address}`), []);
      if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };

  return async (url, limits, accept = "*/*") => {
    const target = judge(url, allowPrivate);
    const started = performance.now();
    const signal = AbortSignal.timeout(limits.timeoutMs);
    try {
      const response = await new Promise<IncomingMessage>((done, fail) => {
        const request = (target.protocol === "https:" ? httpsRequest : httpRequest)(
          target,
          { lookup, signal, agent: false, maxHeaderSize: MAX_HEADER_BYTES, headers: { accept, "accept-encoding": "identity" } },
          done,
        );
        request.once("error", fail).end();
      });
      const ip = response.socket.remoteAddress ?? "";
      try {
        return { bytes: await readAll(response, limits), ms: performance.now() - started, ip };
      } finally {
        response.destroy();
      }
    } catch (error) {
      if (signal.aborted) throw new EvidenceFault("TOO_SLOW", `${target.host} gave no whole answer in ${limits.timeoutMs} ms`);
      throw asFault("UNREACHABLE", error);
    }
  };
}

function judge(url: string, allowPrivate: boolean): URL {
  const target = URL.parse(url);
  if (target === null || target.username !== "" || target.password !== "") throw new EvidenceFault("BAD_URL", url);
  if (target.protocol !== "https:" && !(allowPrivate && target.protocol === "http:")) throw new EvidenceFault("BAD_URL", url);
  const host = target.hostname.replace(/^\[|\]$/g, "");
  // No look-up happens for an address that is written as one.
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) throw new EvidenceFault("PRIVATE_ADDRESS", host);
  return target;
}

async function readAll(response: IncomingMessage, { maxBytes }: FetchLimits): Promise<Uint8Array> {
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400) throw new EvidenceFault("REDIRECT", headers.location ?? `status ${statusCode}`);
  if (statusCode !== 200) throw new EvidenceFault("HTTP_STATUS", `status ${statusCode}`);
  if ((headers["content-encoding"] ?? "identity") !== "identity")
    throw new EvidenceFault("ENCODED", headers["content-encoding"]!);
  const announced = Number(headers["content-length"] ?? 0);
  if (announced > maxBytes) throw new EvidenceFault("TOO_LARGE", `${announced} bytes where ${maxBytes} are the most`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new EvidenceFault("TOO_LARGE", `more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new EvidenceFault("UNREACHABLE", "the answer was cut off");
  return Buffer.concat(chunks, size);
}
