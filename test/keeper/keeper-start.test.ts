import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Wallet } from "ethers";
import { type TestChain, chainOf, KEEPER_KEY, SECRET_ENV, configFor } from "./chain.ts";
import { refusalOf, stageOfKeepers } from "./stage.ts";

const ACCOUNT = new Wallet(KEEPER_KEY).address;

describe("a keeper that starts and stops", () => {
  const stage = stageOfKeepers();
  const { open, sentBy } = stage;
  let chain: TestChain;
  before(() => {
    chain = stage.chain;
  });

  describe("createKeeper", () => {
    const rpc = (rpcUrl: string, rest = {}) => ({ chain: { ...chainOf(rpcUrl), ...rest } });
    let impostor: Server;
    before(async () => {
      impostor = createServer((request, response) => {
        if (request.url === "/silent") return;
        if (request.url === "/busy-8472") response.writeHead(503).end();
        else response.end("<html>hello</html>");
      });
      await new Promise<void>((resolve) => impostor.listen(0, "127.0.0.1", resolve));
    });
    after(() => {
      impostor.closeAllConnections();
      impostor.close();
    });
    const impostorUrl = () => `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`;

    describe("given an endpoint where nobody listens", () => {
      it("says that it cannot be reached", async () => {
        expect(await refusalOf(open(rpc("http://127.0.0.1:9"))))
          .to.include("127.0.0.1:9 cannot be reached")
          .and.include("chain.rpcUrls");
      });
    });
    describe("given an endpoint that never answers", () => {
      it("gives up after the configured time", async () => {
        const start = performance.now();
        expect(await refusalOf(open(rpc(`${impostorUrl()}/silent`, { timeoutMs: 300 })))).to.include("did not answer in time");
        expect(performance.now() - start).to.be.lessThan(5_000);
      });
    });
    describe("given an endpoint that is no node", () => {
      it("says so, without the path of the URL", async () => {
        expect(await refusalOf(open(rpc(impostorUrl(), { timeoutMs: 1_000 }))))
          .to.include("RPC endpoint")
          .and.include("chain.rpcUrls");
        const busy = await refusalOf(open(rpc(`${impostorUrl()}/busy-8472`, { timeoutMs: 1_000 })));
        expect(busy).to.include("RPC endpoint").and.not.include("8472");
      });
    });
    describe("given another chain", () => {
      it("names both ids", async () => {
        const refusal = await refusalOf(open({ chain: { rpcUrls: [chain.url], chainId: 1 } }));
        expect(refusal).to.include("serves chain 31337, but the configuration says chain 1").and.include("Nothing was sent");
      });
    });
    describe("given an address without code", () => {
      it("names the setting and the address", async () => {
        const refusal = await refusalOf(open({ contracts: { ...chain.addresses, history: ACCOUNT } }));
        expect(refusal).to.include(`no contract at contracts.history (${ACCOUNT})`);
      });
    });
    describe("given a key that is not set", () => {
      it("names the variable", async () => {
        expect(await refusalOf(open({ account: { env: "NOT_SET_ANYWHERE" } }))).to.include("NOT_SET_ANYWHERE");
      });
    });
    describe("given one reporter key under two names", () => {
      it("refuses it", async () => {
        const env = { ...SECRET_ENV, REPORTER_1: SECRET_ENV.REPORTER_0.slice(2) };
        expect(await refusalOf(open({}, { env })))
          .to.include("reporters.1: this is the key of")
          .and.include("again");
      });
    });
    describe("given a job that is not configured", () => {
      it("refuses it", async () => {
        const config = configFor(chain);
        const jobs = { "record-price": config.jobs["record-price"] };
        expect(await refusalOf(open({ jobs }, { jobs: ["adjust-supply"] }))).to.include(
          "adjust-supply is not in the configuration",
        );
      });
    });
    it("P93: sends nothing", async () => {
      const before = await sentBy(ACCOUNT);
      await open();
      expect(await sentBy(ACCOUNT)).to.equal(before);
    });
  });

  describe("start and stop", () => {
    const everySecond = () => {
      const { jobs } = configFor(chain);
      return { "record-price": { ...jobs["record-price"], schedule: "* * * * * *" } };
    };

    it("looks at once, then on schedule, one run at a time, until stopped", async function () {
      this.timeout(10_000);
      await (await open()).runOnce(["report-price"]);
      const lines: string[] = [];
      const note = (_: unknown, message: string) => lines.push(message);
      const keeper = await open({ jobs: everySecond() }, { logger: { info: note, warn: note, error: note } as never });
      keeper.start();
      while (lines.length < 3) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await keeper.stop();
      const count = lines.length;
      expect(lines[0]).to.include("record-price nothing");
      expect(lines[1]).to.include("record-price nothing");
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect(lines).to.have.length(count);
    });

    it("stops at once while a look is delayed by its jitter", async () => {
      const { jobs } = configFor(chain);
      const keeper = await open({ jobs: { "record-price": { ...jobs["record-price"], jitterSec: 600 } } });
      keeper.start();
      const start = performance.now();
      await keeper.stop();
      expect(performance.now() - start).to.be.lessThan(1_000);
    });
  });
});
