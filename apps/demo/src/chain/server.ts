import hre, { network } from "hardhat";
import { assertPortFree, HOST } from "./port.ts";

export const CHAIN_ID = 31_337;
/** Accounts with play ether: the first twenty are the ones that Hardhat has published for years. */
export const ACCOUNTS = 30;

type Connection = Awaited<ReturnType<typeof network.create>>;

export interface LocalChain {
  readonly url: string;
  /** The server's own connection, in process: what is deployed through it leaves no journal for the next, new chain. */
  readonly connection: Connection;
  close(): Promise<void>;
}

/** Starts a JSON-RPC chain (HTTP and WebSocket) that any wallet can connect to, with its clock at `startAt` (seconds). */
export async function startChain(port: number, startAt: number): Promise<LocalChain> {
  await assertPortFree(port);
  const params = {
    network: "node",
    override: { chainId: CHAIN_ID, initialDate: new Date(startAt * 1000), accounts: { count: ACCOUNTS }, loggingEnabled: false },
  };
  let connection: Connection | undefined;
  const handlers: Parameters<typeof hre.hooks.registerHandlers<"network">>[1] = {
    async newConnection(context, next) {
      const created = await next(context);
      connection = created as unknown as Connection;
      return created;
    },
  };
  hre.hooks.registerHandlers("network", handlers);
  const server = await network.createServer(params, HOST, port);
  hre.hooks.unregisterHandlers("network", handlers);
  if (connection === undefined) throw new Error("Hardhat's server opened no connection");
  await server.listen();
  return { url: `http://${HOST}:${port}`, connection, close: () => server.close() };
}
