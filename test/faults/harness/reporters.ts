// Five reporters, each with a keeper of its own that serves its signed reports and gathers the others'; any of them can be
// somebody who serves whatever they like.
import { type Server, createServer } from "node:http";
import { Wallet } from "ethers";
import type { Keeper, MarketData, MarketSource } from "@ftns/keeper";
import { signReports } from "@ftns/keeper/reporter/signed.ts";
import { encodeReports } from "@ftns/keeper/reporter/wire.ts";
import { freePorts } from "../../keeper/ports.ts";
import { CHAIN_ID } from "../../keeper/chain.ts";
import { SECRETS, notePrinted } from "./secrets.ts";
import type { Opening, World } from "./world.ts";

export const REPORTERS = 5;

export type Reporters = Awaited<ReturnType<typeof reportersOf>>;

export async function reportersOf(world: World) {
  const ports = await freePorts(REPORTERS);
  const servers: Server[] = [];
  const id = { chainId: CHAIN_ID, feed: world.chain.addresses.feed };
  const urlOf = (index: number) => `http://127.0.0.1:${ports[index]}`;

  return {
    id,
    ports,
    urlOf,
    wallet: (index: number) => new Wallet(SECRETS[`REPORTER_${index}`]!),
    /** The keeper of reporter `index`, honest unless its sources say otherwise. */
    open(index: number, opening: Opening = {}): Promise<Keeper> {
      return world.open({
        key: `ACCOUNT_${index}`,
        jobs: ["report-price"],
        ...opening,
        change(config) {
          const changed = opening.change?.(config) ?? config;
          const report = changed.jobs["report-price"]!;
          const peers = ports.flatMap((port, other) =>
            other === index ? [] : [{ name: `reporter ${other}`, url: `http://127.0.0.1:${port}` }],
          );
          const exchange = { listen: { port: ports[index]! }, peers, timeoutMs: 500 };
          return {
            ...changed,
            jobs: { ...changed.jobs, "report-price": { ...report, reporters: [{ env: `REPORTER_${index}` }], exchange } },
          };
        },
      });
    },
    /** In the place of reporter `index`, somebody who answers whatever `answer` gives, another thing to each who asks. */
    async impostor(index: number, answer: (asked: number) => Promise<string>): Promise<void> {
      let asked = 0;
      const server = createServer((_, response) => void answer(++asked).then((text) => response.end(text)));
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(ports[index], "127.0.0.1", resolve));
      servers.push(server);
    },
    /** Signed by reporter `index`, as it is served. */
    async signed(index: number, ...markets: MarketData[]): Promise<string> {
      const wallet = new Wallet(SECRETS[`REPORTER_${index}`]!);
      const reports = await Promise.all(
        markets.map((market) => signReports({ ...market, since: 0n, meanPrice: 0n }, [wallet], id)),
      );
      return encodeReports(id, reports.flat());
    },
    /** What everybody serves at the moment is kept with the rest of the outputs. */
    async noteServed(): Promise<void> {
      for (const port of ports) {
        const answer = await fetch(`http://127.0.0.1:${port}/v1/report`).catch(() => undefined);
        if (answer) notePrinted("served reports", await answer.text());
      }
    },
    async closeImpostors(): Promise<void> {
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

/** What `source` sees, changed. */
export const distorted = (source: MarketSource, name: string, change: (seen: MarketData) => MarketData): MarketSource => ({
  name,
  read: async () => change((await source.read()) as MarketData),
});

export const timesPrice =
  (factor: number) =>
  (seen: MarketData): MarketData => ({ ...seen, price: BigInt(Math.round(Number(seen.price) * factor)) });
