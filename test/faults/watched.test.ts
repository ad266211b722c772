// A keeper with its pages and its receivers of alerts while things go wrong: what it tells is kept and searched for secrets.
import { type IncomingMessage, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { openService } from "@ftns/keeper/service/service.ts";
import { freePorts } from "../keeper/ports.ts";
import type { Fault, FaultProxy } from "./harness/proxy.ts";
import { ALERT_TOKEN, SECRETS, leaks, notePrinted, printed } from "./harness/secrets.ts";
import { tryAll } from "./harness/tally.ts";
import { JOBS, type World, useWorld } from "./harness/world.ts";

const KINDS = ["webhook", "slack", "discord", "email-webhook"] as const;
const DOWN: Fault = { kind: "body", text: "no such key: rpc-token" };

interface Trouble {
  name: string;
  /** How the receivers answer. */
  answer: "200" | "500" | "hang" | "drop";
  begin(proxy: FaultProxy): Promise<void>;
  outcome: string;
}

describe("a keeper that is watched", function () {
  this.timeout(300_000);
  let world: World;
  useWorld((one) => (world = one));

  const troubles: Trouble[] = [
    { name: "all is well", answer: "200", begin: async () => undefined, outcome: "done" },
    { name: "endpoint down", answer: "200", begin: async (proxy) => void (proxy.plan = () => DOWN), outcome: "broken" },
    { name: "wallet empty", answer: "500", begin: () => world.setBalance(SECRETS["ACCOUNT_0"]!, 0n).then(), outcome: "broken" },
    { name: "gas dear", answer: "hang", begin: () => world.baseFee(5_000), outcome: "broken" },
    {
      name: "endpoint drops",
      answer: "drop",
      begin: async (proxy) => void (proxy.plan = () => ({ kind: "drop", when: "after" })),
      outcome: "broken",
    },
  ];

  it("P92, P161: tells what is wrong on its pages and in its messages, nothing secret, whatever its receivers do", () =>
    tryAll(
      "receivers of alerts fail",
      troubles,
      ({ name }) => name,
      async ({ answer, begin, outcome }) => {
        await world.reset();
        let messages = 0;
        const receiver = createServer((request: IncomingMessage, response) => {
          messages++;
          const chunks: Buffer[] = [];
          request.on("data", (chunk: Buffer) => chunks.push(chunk));
          request.on("end", () => {
            notePrinted("alerts", Buffer.concat(chunks).toString("utf8"));
            if (answer === "drop") request.socket.destroy();
            else if (answer !== "hang") response.writeHead(Number(answer)).end();
          });
        });
        await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
        const target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/${ALERT_TOKEN}`;
        const [port] = await freePorts(1);
        const proxy = await world.proxy();
        const { keeper, watched } = await world.openAll({
          through: [proxy],
          timeoutMs: 2_000,
          env: { ALERT_URL: target, ALERT_KEY: ALERT_TOKEN },
          change: (config) => ({
            ...config,
            http: { port: port! },
            alerts: KINDS.map((type) => ({
              type,
              name: `our ${type}`,
              url: { env: "ALERT_URL" },
              minSeverity: "info" as const,
              ...(type === "email-webhook" && { to: "ops@example.org" }),
              ...(type === "webhook" && { token: { env: "ALERT_KEY" } }),
            })) as never,
          }),
        });
        const service = await openService(keeper, { ...watched, sending: true, retryMs: [10] });
        await begin(proxy);
        const reports = await keeper.runOnce();
        await service.readVitals();
        expect(reports.map((one) => one.outcome)).to.deep.equal(JOBS.map(() => outcome));
        for (const page of ["metrics", "healthz", "readyz"]) {
          const found = await fetch(`${service.url}/${page}`);
          notePrinted(page, await found.text());
          if (page === "metrics") expect(found.status).to.equal(200);
        }
        const started = performance.now();
        await service.stop();
        expect(performance.now() - started).to.be.lessThan(10_000);
        receiver.closeAllConnections();
        await new Promise((resolve) => receiver.close(resolve));
        expect(messages).to.be.at.least(KINDS.length);
        const page = printed.get("metrics")!.at(-1)!;
        expect(page).to.include("# HELP").and.include(keeper.address);
        expect(leaks()).to.deep.equal([]);
      },
    ));
});
