// The in-memory chain of a fixture behind a JSON-RPC door, so that a keeper works on it as on any node.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Connection } from "../helpers/time.ts";

interface Request {
  id: unknown;
  method: string;
  params?: unknown[];
}

export async function bridgeTo(connection: Connection) {
  /** Methods that were asked for, and what a test lets fail. */
  const asked: string[] = [];
  let failing: (method: string, params: unknown[]) => boolean = () => false;
  let delaying: (method: string) => Promise<void> | undefined = () => undefined;
  const answer = async ({ id, method, params = [] }: Request) => {
    asked.push(method);
    await delaying(method);
    try {
      if (failing(method, params)) throw new Error("the node has trouble");
      return { jsonrpc: "2.0", id, result: await connection.provider.request({ method, params }) };
    } catch (error) {
      const { code = -32_000, message, data } = error as { code?: number; message: string; data?: unknown };
      return { jsonrpc: "2.0", id, error: { code, message, ...(data !== undefined && { data }) } };
    }
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Request | Request[];
      void (Array.isArray(body) ? Promise.all(body.map(answer)) : answer(body)).then((result) =>
        response.setHeader("content-type", "application/json").end(JSON.stringify(result)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** Lets requests fail until told otherwise. */
    fail(which: typeof failing = () => false) {
      failing = which;
    },
    /** Lets requests wait for something until told otherwise. */
    delay(which: typeof delaying = () => undefined) {
      delaying = which;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Bridge = Awaited<ReturnType<typeof bridgeTo>>;
