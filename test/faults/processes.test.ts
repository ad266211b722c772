// Real processes and real signals: a few of the steps that kill.test.ts goes through one by one, and disks that are full.
import { cpSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ServiceError, loadConfig } from "@ftns/keeper";
import { configFor } from "../keeper/chain.ts";
import { exactlyOnce } from "./harness/once.ts";
import { startProcess } from "./harness/processes.ts";
import type { Moment } from "./harness/proxy.ts";
import { printed } from "./harness/secrets.ts";
import { SCALE, tryAll } from "./harness/tally.ts";
import { JOBS, type PriceJob, type World, useWorld } from "./harness/world.ts";

const SEND = "eth_sendRawTransaction";
const RECEIPT = "eth_getTransactionReceipt";

interface Step {
  job: PriceJob;
  method: string;
  when: Moment;
  automine: boolean;
}

const STEPS: readonly Step[] = [
  { job: "record-price", method: SEND, when: "before", automine: false },
  { job: "record-price", method: SEND, when: "after", automine: false },
  { job: "adjust-supply", method: SEND, when: "after", automine: true },
];

const ALL_STEPS: readonly Step[] = JOBS.flatMap((job) =>
  [SEND, RECEIPT, "eth_estimateGas", "eth_call"].flatMap((method) =>
    (["before", "after"] as const).flatMap((when) => [true, false].map((automine) => ({ job, method, when, automine }))),
  ),
);

describe("processes and disks", function () {
  this.timeout(600_000);
  let world: World;
  useWorld((one) => (world = one));

  it("P160: a process killed with SIGKILL around its sending; the next one does the job exactly once", () =>
    tryAll(
      "process killed with SIGKILL",
      SCALE >= 3 ? ALL_STEPS : STEPS,
      JSON.stringify,
      async ({ job, method, when, automine }) => {
        await world.reset();
        await world.automine(automine);
        const since = (await world.blockNumber()) + 1;
        const stateDir = world.stateDir();
        const proxy = await world.proxy();
        const { child, end } = await startProcess(world, { job, through: proxy, stateDir });
        proxy.onCut = () => child.kill("SIGKILL");
        proxy.plan = (call) => (call.method === method && call.nthOfMethod === 1 ? { kind: "cut", when } : undefined);
        expect((await end).signal).to.equal("SIGKILL");

        const outcomes: string[] = [];
        const successor = await world.proxy();
        successor.plan = (call) =>
          !automine && call.method === RECEIPT && call.nthOfMethod % 2 === 0
            ? { kind: "answer", from: async (forward, { params }) => (await world.mine(), forward(RECEIPT, params)) }
            : undefined;
        const { end: over } = await startProcess(world, { job, through: successor, stateDir });
        const { code, outcomes: seen, stderr } = await over;
        outcomes.push(...seen);
        expect(code, stderr).to.equal(0);
        // In process, to be quick: whatever is left to do would be done now.
        const rest = await world.open({ jobs: [job], stateDir });
        await exactlyOnce(world, job, () => rest.runOnce(), { most: 3, since, between: () => world.mine() });
      },
    ));

  it("P233: a reporter killed with SIGKILL vouches for the mean price of the time before, too", async () => {
    await world.reset();
    const since = (await world.blockNumber()) + 1;
    const stateDir = world.stateDir();
    const proxy = await world.proxy();
    const first = 1.25;
    world.live.market.price = first;
    const { child, end } = await startProcess(world, { job: "report-price", through: proxy, stateDir });
    proxy.onCut = () => child.kill("SIGKILL");
    proxy.plan = (call) => (call.method === SEND ? { kind: "cut", when: "before" } : undefined);
    expect((await end).signal).to.equal("SIGKILL");

    // An hour at the first price, and only now a look at another.
    await world.chain.jumpTo((await world.chain.now()) + 3_600n);
    world.live.market.price = first * 1.1;
    const { end: over } = await startProcess(world, { job: "report-price", through: await world.proxy(), stateDir });
    const { code, stderr } = await over;
    expect(code, stderr).to.equal(0);
    const { feed } = world.chain;
    const [round] = await feed.queryFilter(feed.filters.RoundUpdated(), since);
    expect(round!.args.market.price).to.equal(BigInt(Math.round(first * 1.1 * 1e8)));
    expect(round!.args.meanPrice).to.equal(BigInt(Math.round(first * 1e8)));
  });

  it("P167: disk full: the job is done all the same, exactly once, and the loss is told", () =>
    tryAll("disk full", ["no byte can be written", "the folder cannot be made"], String, async (kind) => {
      await world.reset();
      const since = (await world.blockNumber()) + 1;
      const job = "adjust-supply";
      if (kind === "no byte can be written") {
        const through = await world.proxy();
        const { end } = await startProcess(world, { job, through, stateDir: world.stateDir(), maxFileBlocks: 0 });
        const { code, stdout, stderr } = await end;
        expect(code, `${stderr}${stdout}`).to.equal(0);
        expect(stdout).to.include("cannot be written");
      } else {
        const inTheWay = join(world.stateDir(), "file");
        writeFileSync(inTheWay, "");
        const lines = printed.get("log")!.length;
        const keeper = await world.open({ jobs: [job], stateDir: join(inTheWay, "state") });
        expect((await keeper.runOnce())[0]!.outcome).to.equal("done");
        expect(printed.get("log")!.slice(lines).join("")).to.include("cannot be written");
      }
      expect((await world.timesDone(since))[job]).to.equal(1);
    }));

  it("P167: state half written: the job is done exactly once, with a transaction still on its way", async () => {
    await world.reset();
    await world.automine(false);
    const job = "record-price";
    const ours = world.stateDir();
    const whole = world.stateDir();
    const proxy = await world.proxy(({ method }) => (method === SEND ? { kind: "cut", when: "after" } : undefined));
    proxy.onCut = () => cpSync(ours, whole, { recursive: true });
    const since = (await world.blockNumber()) + 1;
    await world.victim({ through: [proxy], jobs: [job], stateDir: ours });
    const files = readdirSync(whole).filter((file) => statSync(join(whole, file)).isFile());
    expect(files).to.have.length(1);
    const text = readFileSync(join(whole, files[0]!), "utf8");
    const pending = await world.forward("evm_snapshot", []);
    let snapshot = pending;

    const cases: [string, string][] = [
      ...[0, 1, 0.25, 0.5, 0.75, 0.95].map((part): [string, string] => {
        const length = part === 1 ? text.length - 2 : Math.floor(part * text.length);
        return [`the first ${length} characters`, text.slice(0, length)];
      }),
      ["zeros", "\0".repeat(text.length)],
      ["somebody else's", '{"nonce":"abc"}'],
    ];
    await tryAll(
      "state half written",
      cases,
      ([name]) => name,
      async ([, content]) => {
        await world.forward("evm_revert", [snapshot]);
        snapshot = await world.forward("evm_snapshot", []);
        const stateDir = world.stateDir();
        writeFileSync(join(stateDir, files[0]!), content);
        const keeper = await world.open({
          jobs: [job],
          stateDir,
          through: [
            await world.proxy(({ method, nthOfMethod }) =>
              method === "eth_getTransactionCount" && nthOfMethod % 4 === 0
                ? { kind: "answer", from: async (forward, { params }) => (await world.mine(), forward(method, params)) }
                : undefined,
            ),
          ],
        });
        await exactlyOnce(world, job, () => keeper.runOnce(), { most: 5, since, between: () => world.mine() });
      },
    );
  });

  it("P167: configuration half written: refused at whatever byte it ends", () => {
    const text = JSON.stringify(configFor(world.chain), null, 2);
    const file = join(world.stateDir(), "keeper.json");
    const lengths = Array.from({ length: Math.floor(text.length / 8) }, (_, index) => index * 8);
    return tryAll("configuration half written", lengths, String, async (length) => {
      writeFileSync(file, text.slice(0, length));
      let refusal: unknown;
      try {
        loadConfig(file);
      } catch (error) {
        refusal = error;
      }
      expect(refusal).to.be.instanceOf(ServiceError);
      expect((refusal as ServiceError).advice)
        .to.include("is not valid JSON")
        .and.include("Correct it and start again");
    });
  });
});
