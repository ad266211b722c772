import type { JsonRpcApiProvider } from "ethers";
import type { Logger } from "pino";
import { ServiceError } from "@ftns/service/errors.ts";
import type { EndpointStatus } from "./endpoint.ts";
import { Endpoints, type EndpointsSettings } from "./endpoints.ts";
import type { Head } from "./head.ts";
import { wordsOfFailure } from "./reasons.ts";
import { Standstill } from "./standstill.ts";

export { type Head, blockTag } from "./head.ts";

/** A chain behind one or several JSON-RPC endpoints, of which at least the quorum has proven to serve it. */
export interface Chain {
  provider: JsonRpcApiProvider;
  chainId: number;
  latest(): Promise<Head>;
  /** Refuses addresses that hold no code. */
  requireCode(addresses: Record<string, string>): Promise<void>;
  /** How each endpoint does. */
  endpoints(): EndpointStatus[];
  /** Anything thrown by a request, in words for the operator. */
  explain(error: unknown): string;
  close(): void;
}

export async function connect(settings: EndpointsSettings, logger?: Pick<Logger, "info" | "warn">): Promise<Chain> {
  const provider = new Endpoints(settings, logger);
  const { chainId } = settings;
  const standstill = settings.blocksOnDemand ? new Standstill(provider, settings) : undefined;
  try {
    await provider.prove();
  } catch (error) {
    provider.destroy();
    throw error;
  }
  return {
    provider,
    chainId,
    async latest() {
      const head = toHead(await provider.send("eth_getBlockByNumber", ["latest", false]));
      return standstill ? standstill.presentOf(head) : head;
    },
    async requireCode(addresses) {
      const entries = Object.entries(addresses);
      const codes = await Promise.all(entries.map(([, address]) => provider.send("eth_getCode", [address, "latest"])));
      const empty = entries.filter((_, index) => codes[index] === "0x").map(([field, address]) => `${field} (${address})`);
      if (empty.length === 0) return;
      throw new ServiceError(
        `There is no contract at ${empty.join(", ")} on chain ${chainId}.`,
        entries.every(([field]) => field.startsWith("contracts."))
          ? "Put the addresses that the deployment printed into the configuration, and check that the chain is the right one."
          : "Put in an address of this chain, or take what you do not use out of the configuration. Check that the chain is the right one.",
      );
    },
    endpoints: () => provider.statuses,
    explain: wordsOfFailure,
    close: () => provider.destroy(),
  };
}

function toHead(block: { number: string; timestamp: string; baseFeePerGas?: string } | null): Head {
  if (!block) throw new ServiceError("The RPC endpoint knows no latest block.", "Check that the node is in sync.");
  return {
    number: Number(block.number),
    timestamp: BigInt(block.timestamp),
    baseFee: BigInt(block.baseFeePerGas ?? 0),
  };
}
