// A contributor's way through verifiers that really run, as the demo shows it after its report.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "@ftns/demo/chain/clock.ts";
import { CHAIN_ID, startChain, type LocalChain } from "@ftns/demo/chain/server.ts";
import { tellJourney, type JourneyParts } from "@ftns/demo/journey/journey.ts";
import { createCast } from "@ftns/demo/scenario/cast.ts";
import { launchEconomy } from "@ftns/demo/scenario/economy.ts";
import { Stage } from "@ftns/demo/scenario/stage.ts";
import { expect } from "chai";
import { JsonRpcProvider, Network } from "ethers";
import { freePort } from "./process.ts";

describe("demo: a contributor's journey", function () {
  this.timeout(240_000);
  let chain: LocalChain;
  let provider: JsonRpcProvider;
  let parts: JourneyParts;
  before(async () => {
    chain = await startChain(await freePort(), Math.floor(Date.now() / 1_000));
    const network = Network.from(CHAIN_ID);
    provider = new JsonRpcProvider(chain.url, network, { staticNetwork: network, batchStallTime: 0, cacheTimeout: -1 });
    const cast = createCast(provider, CHAIN_ID);
    const economy = await launchEconomy(chain.connection, provider, CHAIN_ID, cast);
    const clock = new Clock(provider);
    await clock.advanceTo((await clock.now()) + 120);
    await new Stage(economy, cast, clock, undefined as never, 35).prove(cast.ana, {
      kind: "COMPUTE",
      units: "400",
      quality: "0.9",
    });
    parts = { economy, cast, clock, rpcUrl: chain.url };
  });
  after(async () => {
    provider?.destroy();
    await chain?.close();
  });
  const told = async () => {
    const lines: string[] = [];
    await tellJourney(parts, (text) => lines.push(text));
    return lines.join("\n");
  };

  it("where the database cannot start, says so and goes on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ftns-long-"));
    const long = join(folder, "long".repeat(20));
    mkdirSync(long);
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = long;
    try {
      expect(await told())
        .to.include("It cannot be shown here")
        .and.include("too long for a socket");
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
      rmSync(folder, { recursive: true });
    }
  });

  it("leads from evidence to a tier and a reward, and prints no key and no hash", async () => {
    const text = await told();
    expect(text).to.include("worth 15 FTNS").and.include("she is BASIC now").and.include("35 FTNS are missing for ACTIVE");
    expect(text).to.not.match(/0x[0-9a-f]{64}/i);
    expect((await parts.economy.registry.statusOf(parts.cast.nora.address)).score).to.equal(15n * 10n ** 18n);
  });
});
