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
const MAX_CONNECTIONS = 128;
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

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.headersTimeout = PATIENCE_MS;
  server.requestTimeout = PATIENCE_MS;
  server.maxConnections = MAX_CONNECTIONS;
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
