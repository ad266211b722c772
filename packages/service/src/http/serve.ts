import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { ServiceError } from "../errors.ts";

/** What is served at a path; worked out at each request and never kept. */
export type Page = () => Promise<Answer> | Answer;

export interface Answer {
  status?: 200 | 503;
  type?: string;
  body: string;
}

export interface WebServer {
  readonly url: string;
  close(): Promise<void>;
}

const PATIENCE_MS = 5_000;
/** How often the server looks for those that are late: Node's own 30 s would make a patience of 5 s one of 35 s. */
const CHECK_MS = 1_000;
const MAX_CONNECTIONS = 128;
/** Of one address: a peer asks once a minute over one or two, and whoever holds more keeps others from asking. */
const MAX_PER_ADDRESS = 8;
const JSON_TYPE = "application/json";

/**
 * Serves pages to anyone who can reach the port, bounded in time and connections. `setting` names the setting at fault when
 * it cannot.
 */
export async function serve(
  host: string,
  port: number,
  pages: Readonly<Record<string, Page>>,
  setting: string,
): Promise<WebServer> {
  const app = new Hono();
  for (const [path, page] of Object.entries(pages)) {
    app.get(path, async (context) => {
      const { status = 200, type = JSON_TYPE, body } = await page();
      return context.body(body, status, { "content-type": type, "cache-control": "no-store" });
    });
    app.all(path, (context) => context.json({ error: "only GET is answered here" }, 405, { allow: "GET, HEAD" }));
  }
  app.notFound((context) => context.json({ error: `there is only ${Object.keys(pages).join(", ")}` }, 404));
  app.onError((_, context) => context.json({ error: "this page cannot be made now" }, 500));

  return listen(app.fetch, { host, port, setting });
}

/** How a server is bounded; what is left out is for pages that somebody looks at now and then. */
export interface Listening {
  host: string;
  port: number;
  /** The setting at fault when nothing can be served there. */
  setting: string;
  /** For a whole request to come (milliseconds). */
  patienceMs?: number;
  /** For an answer to be made and read (milliseconds). */
  answerMs?: number;
  maxConnections?: number;
  maxPerAddress?: number;
}

/** Serves whatever `fetch` answers. */
export async function listen(
  fetch: (request: Request, env?: unknown) => Response | Promise<Response>,
  {
    host,
    port,
    setting,
    patienceMs = PATIENCE_MS,
    answerMs = 2 * PATIENCE_MS,
    maxConnections = MAX_CONNECTIONS,
    maxPerAddress = MAX_PER_ADDRESS,
  }: Listening,
): Promise<WebServer> {
  const server = createAdaptorServer({
    fetch: fetch as Parameters<typeof createAdaptorServer>[0]["fetch"],
    serverOptions: { connectionsCheckingInterval: CHECK_MS, headersTimeout: PATIENCE_MS, requestTimeout: patienceMs },
  }) as Server;
  // Also for those that ask and then do not read the answer.
  server.setTimeout(answerMs);
  server.maxConnections = maxConnections;
  limitPerAddress(server, maxPerAddress);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new ServiceError(
          `Nothing can be served at ${host}:${port} (${error.code ?? "unknown error"}).`,
          `Choose another ${setting}, or stop what uses it.`,
        ),
      );
    });
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Closes what one address opens beyond its share. */
function limitPerAddress(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.on("connection", (socket) => {
    const place = placeOf(socket.remoteAddress ?? "");
    const count = (open.get(place) ?? 0) + 1;
    open.set(place, count);
    socket.once("close", () => {
      const left = open.get(place)! - 1;
      if (left === 0) open.delete(place);
      else open.set(place, left);
    });
    if (count > most) socket.destroy();
  });
}

/** What one party can have as its own: an address of IPv4, or the first half of one of IPv6. */
export function placeOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - front.length - back.length }, () => "0");
  return [...front, ...zeros, ...back].slice(0, 4).join(":");
}
