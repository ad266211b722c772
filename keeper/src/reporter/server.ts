import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KeeperError } from "../errors.ts";
import { REPORT_PATH } from "./wire.ts";

export interface ReportServer {
  readonly url: string;
  close(): Promise<void>;
}

const PATIENCE_MS = 5_000;
const MAX_CONNECTIONS = 128;

/** Serves what `answer` gives at GET /v1/report, to anyone: reports are signed, and no secret. */
export async function startReportServer(host: string, port: number, answer: () => string): Promise<ReportServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split("?", 1)[0];
    const known = path === REPORT_PATH;
    const readable = request.method === "GET" || request.method === "HEAD";
    response.setHeader("content-type", "application/json");
    response.setHeader("cache-control", "no-store");
    if (known && readable) response.end(answer());
    else if (known) response.writeHead(405, { allow: "GET, HEAD" }).end('{"error":"only GET is answered here"}');
    else response.writeHead(404).end(`{"error":"the latest report is at ${REPORT_PATH}"}`);
    // Nobody has anything to tell us: a body is not read.
    request.resume();
  });
  server.headersTimeout = PATIENCE_MS;
  server.requestTimeout = PATIENCE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new KeeperError(
          `Reports cannot be served at ${host}:${port} (${error.code ?? "unknown error"}).`,
          "Choose another jobs.report-price.exchange.listen, or stop what uses it.",
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
