import { FetchRequest, JsonRpcProvider, Network, isError, toQuantity } from "ethers";
import { KeeperError } from "../errors.ts";
import { wordsOfFailure } from "./reasons.ts";

/** The block as of which a job looks and decides. Its timestamp is the only clock of a decision. */
export interface Head {
  number: number;
  timestamp: bigint;
  /** Wei per gas. */
  baseFee: bigint;
}

export interface ChainSettings {
  rpcUrl: string;
  chainId: number;
  timeoutMs: number;
}

/** A JSON-RPC endpoint that has proven to be the configured chain. */
export interface Chain {
  provider: JsonRpcProvider;
  chainId: number;
  latest(): Promise<Head>;
  /** Refuses addresses that hold no code. */
  requireCode(addresses: Record<string, string>): Promise<void>;
  /** Anything thrown by a request, in words for the operator. */
  explain(error: unknown): string;
  close(): void;
}

export async function connect({ rpcUrl, chainId, timeoutMs }: ChainSettings): Promise<Chain> {
  const request = new FetchRequest(rpcUrl);
  request.timeout = timeoutMs;
  // Nothing is cached: a decision on an old answer is a wrong decision. Calls made together travel in one batch.
  const network = Network.from(chainId);
  const provider = new JsonRpcProvider(request, network, {
    staticNetwork: network,
    cacheTimeout: -1,
    batchStallTime: 0,
  });

  let found: unknown;
  try {
    found = await provider.send("eth_chainId", []);
  } catch (error) {
    provider.destroy();
    throw unreachable(rpcUrl, error);
  }
  if (typeof found !== "string" || !/^0x[0-9a-f]+$/i.test(found)) {
    provider.destroy();
    throw new KeeperError(
      `The endpoint at ${hostOf(rpcUrl)} does not answer like an Ethereum node.`,
      "Check chain.rpcUrls.",
    );
  }
  if (BigInt(found) !== BigInt(chainId)) {
    provider.destroy();
    throw new KeeperError(
      `The endpoint at ${hostOf(rpcUrl)} serves chain ${BigInt(found)}, but the configuration says chain ${chainId}.`,
      "Correct chain.rpcUrls or chain.chainId. Nothing was sent.",
    );
  }

  return {
    provider,
    chainId,
    latest: async () => toHead(await provider.send("eth_getBlockByNumber", ["latest", false])),
    async requireCode(addresses) {
      const entries = Object.entries(addresses);
      const codes = await Promise.all(entries.map(([, address]) => provider.send("eth_getCode", [address, "latest"])));
      const empty = entries
        .filter((_, index) => codes[index] === "0x")
        .map(([field, address]) => `${field} (${address})`);
      if (empty.length === 0) return;
      throw new KeeperError(
        `There is no contract at ${empty.join(", ")} on chain ${chainId}.`,
        "Put the addresses that the deployment printed into the configuration, and check that the chain is the right one.",
      );
    },
    explain: (error) => (isNetworkFailure(error) ? unreachable(rpcUrl, error).advice : wordsOfFailure(error)),
    close: () => provider.destroy(),
  };
}

function isNetworkFailure(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return (
    typeof code === "string" &&
    (/^E[A-Z]{4,}$/.test(code) || ["TIMEOUT", "SERVER_ERROR", "NETWORK_ERROR"].includes(code))
  );
}

/** An RPC failure in words, without the URL, which may hold an API key. */
function unreachable(rpcUrl: string, error: unknown): KeeperError {
  const code = (error as { code?: string }).code;
  const reason =
    code === "TIMEOUT" || isError(error, "TIMEOUT")
      ? "did not answer in time"
      : isError(error, "SERVER_ERROR")
      ? "answered with an HTTP error"
      : `cannot be reached${code && /^E[A-Z]+$/.test(code) ? ` (${code})` : ""}`;
  return new KeeperError(
    `The RPC endpoint at ${hostOf(rpcUrl)} ${reason}.`,
    "Check that the node is running and chain.rpcUrls.",
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return "the configured address";
  }
}

export const blockTag = (head: Head) => toQuantity(head.number);

function toHead(block: { number: string; timestamp: string; baseFeePerGas?: string } | null): Head {
  if (!block) throw new KeeperError("The RPC endpoint knows no latest block.", "Check that the node is in sync.");
  return {
    number: Number(block.number),
    timestamp: BigInt(block.timestamp),
    baseFee: BigInt(block.baseFeePerGas ?? 0),
  };
}
