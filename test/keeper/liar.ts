// A door to a real node that lies on its way.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Reply, RpcRequest } from "@ftns/chain/replies.ts";

/** Changes what the node said to a call; gives it back as it is where it has nothing to lie about. */
export type Lie = (request: RpcRequest, reply: Reply) => Reply;

export const honest: Lie = (_, reply) => reply;

export async function doorTo(url: string, lie: Lie = honest) {
  const door = {
    url: "",
    lie,
    /** Methods that were asked for. */
    asked: [] as string[],
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const body = JSON.parse(text) as RpcRequest | RpcRequest[];
      const requests = new Map((Array.isArray(body) ? body : [body]).map((one) => [one.id, one]));
      door.asked.push(...[...requests.values()].map(({ method }) => method));
      try {
        const answer = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: text,
        });
        const said = (await answer.json()) as (Reply & { id: number }) | (Reply & { id: number })[];
        const bend = (one: Reply & { id: number }) => ({
          jsonrpc: "2.0",
          id: one.id,
          ...door.lie(requests.get(one.id)!, only(one)),
        });
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(Array.isArray(said) ? said.map(bend) : bend(said)));
      } catch {
        response.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  door.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return door;
}

const only = (reply: Reply): Reply => ("error" in reply ? { error: reply.error } : { result: reply.result });
