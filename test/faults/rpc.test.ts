// Endpoints that hang, refuse, drop, cut short and lie. A keeper with such an endpoint alone may be late, never wrong;
// with two healthy ones beside it, it is not even late.
import { expect } from "chai";
import { Wallet } from "ethers";
import type { RunReport } from "@ftns/keeper";
import { Random } from "../helpers/random.ts";
import type { FaultName } from "./catalogue.ts";
import {
  type Fault,
  type FaultProxy,
  type Plan,
  aheadBy,
  always,
  lyingCalls,
  stoppedAt,
  swallow,
  twice,
} from "./harness/proxy.ts";
import { SECRETS } from "./harness/secrets.ts";
import { exactlyOnce } from "./harness/once.ts";
import { SCALE, tryAll } from "./harness/tally.ts";
import { JOBS, type PriceJob, type World, useWorld } from "./harness/world.ts";

/** Patience with an endpoint; one that hangs is given up sooner, so that the suite stays short. */
const TIMEOUT_MS = 3_000;
const SHORT_TIMEOUT_MS = 400;
const SEND = "eth_sendRawTransaction";

/** Faults of transport, each tried at every method that a job uses. */
const TRANSPORT: [FaultName, Fault[]][] = [
  ["endpoint hangs", [{ kind: "hang" }]],
  ["endpoint is slow", [{ kind: "delay", ms: 40 }]],
  ["endpoint answers 429 with Retry-After", [{ kind: "status", status: 429, retryAfterSec: 1 }]],
  ["endpoint answers 500 or 503", [500, 503].map((status) => ({ kind: "status", status }))],
  [
    "endpoint drops the connection",
    [
      { kind: "drop", when: "before" },
      { kind: "drop", when: "after" },
    ],
  ],
  ["endpoint cuts its answer short", [{ kind: "truncate" }]],
  ["endpoint answers with a web page", [{ kind: "body", text: "<html><h1>502 Bad Gateway</h1></html>" }]],
  [
    "endpoint answers with an error",
    [
      { kind: "error", message: "internal error", forwarded: false },
      { kind: "error", message: "internal error", forwarded: true },
    ],
  ],
];

describe("endpoints with faults", function () {
  this.timeout(300_000);
  let world: World;
  /** The calls of each job in a run without faults. */
  const methods = new Map<PriceJob, string[]>();
  useWorld((one) => (world = one));
  before(async () => {
    for (const job of JOBS) {
      await world.reset();
      const proxy = await world.proxy();
      const keeper = await world.open({ through: [proxy], jobs: [job] });
      const from = proxy.calls.length;
      await keeper.runOnce();
      methods.set(job, [...new Set(proxy.calls.slice(from).map(({ method }) => method))]);
    }
  });

  /** One endpoint; it has the fault once, or through the whole first look. */
  async function alone(job: PriceJob, plan: Plan, { lasting = false, timeoutMs = TIMEOUT_MS } = {}): Promise<RunReport[]> {
    await world.reset();
    const proxy = await world.proxy();
    const keeper = await world.open({ through: [proxy], jobs: [job], timeoutMs });
    const since = (await world.blockNumber()) + 1;
    proxy.plan = lasting ? plan : onceOnly(plan);
    const between = () => (proxy.plan = () => undefined);
    return exactlyOnce(world, job, () => keeper.runOnce(), { most: 6, since, between, faulty: 1 });
  }

  /** The preferred endpoint has the fault all the time. */
  async function oneOfThree(job: PriceJob, plan: Plan, timeoutMs = TIMEOUT_MS): Promise<void> {
    await world.reset();
    const through: FaultProxy[] = [await world.proxy(), await world.proxy(), await world.proxy()];
    const keeper = await world.open({ through, jobs: [job], timeoutMs });
    const since = (await world.blockNumber()) + 1;
    through[0]!.plan = plan;
    const [first] = await exactlyOnce(world, job, () => keeper.runOnce(), { most: 2, since });
    expect(first!.outcome, first!.reason).to.equal("done");
  }

  for (const [index, [fault, kinds]] of TRANSPORT.entries()) {
    describe(fault, () => {
      const timeoutMs = fault === "endpoint hangs" ? SHORT_TIMEOUT_MS : TIMEOUT_MS;
      // The jobs take turns; at night each is tried with each fault.
      for (const job of SCALE >= 3 ? JOBS : [JOBS[index % JOBS.length]!]) {
        it(`P161: alone, at any call of ${job}: late at most, done exactly once`, async () => {
          const cases = methods.get(job)!.flatMap((method) => kinds.map((kind) => ({ method, kind })));
          await tryAll(fault, cases, nameOf, async ({ method, kind }) => {
            await alone(job, always(kind, method), { timeoutMs });
          });
        });
      }
      it("P161: one of three, all the time: every job is done in its first look", async () => {
        const cases = JOBS.flatMap((job) => kinds.map((kind) => ({ method: job, kind })));
        await tryAll(fault, cases, nameOf, ({ method, kind }) => oneOfThree(method, always(kind), timeoutMs));
      });
    });
  }

  describe("endpoints that lie", () => {
    let lie = 0;
    const old = (blocks: number) => async () => stoppedAt((await world.blockNumber()) - blocks);
    const lies: [FaultName, string, () => Promise<Plan>][] = [
      ["endpoint stopped at an old block", "one block behind", old(1)],
      ["endpoint stopped at an old block", "thirty blocks behind", old(30)],
      ["endpoint names a block of the future", "one block ahead", async () => aheadBy(1)],
      ["endpoint names a block of the future", "a thousand blocks and a day ahead", async () => aheadBy(1_000, 86_400)],
      [
        "endpoint lies about what contracts say",
        "ten times a number",
        async () => always(lyingCalls(new Random(++lie)), "eth_call"),
      ],
    ];
    for (const [fault, name, planOf] of lies) {
      it(`P162: ${fault} (${name}), alone: nothing wrong is done, and the job exactly once`, async () => {
        await tryAll(fault, JOBS, String, async (job) => {
          await world.reset();
          await alone(job, await planOf(), { lasting: true });
        });
      });
      it(`P162: ${fault} (${name}), one of three: done in the first look`, async () => {
        await tryAll(fault, JOBS, String, async (job) => {
          await world.reset();
          await oneOfThree(job, await planOf());
        });
      });
    }
  });

  describe("sending", () => {
    it("P161: endpoint swallows the transaction: one of three, done", async () => {
      await tryAll("endpoint swallows the transaction", JOBS, String, (job) => oneOfThree(job, always(swallow, SEND)));
    });
    it("P161: endpoint passes the transaction on twice: done exactly once", async () => {
      await tryAll("endpoint passes the transaction on twice", JOBS, String, async (job) => {
        const [first] = await alone(job, always(twice, SEND));
        expect(first!.outcome).to.equal("done");
      });
    });
  });

  it("P162: all endpoints are down: broken, nothing sent, done once they are back", async () => {
    const fault: FaultName = "all endpoints are down";
    const kinds: Fault[] = [{ kind: "hang" }, { kind: "drop", when: "before" }, { kind: "status", status: 503 }];
    await tryAll(fault, kinds, JSON.stringify, async (kind) => {
      await world.reset();
      const through = [await world.proxy(), await world.proxy(), await world.proxy()];
      const keeper = await world.open({ through, timeoutMs: SHORT_TIMEOUT_MS });
      const account = new Wallet(SECRETS["ACCOUNT_0"]!).address;
      const before = await world.provider.getTransactionCount(account, "pending");
      for (const one of through) one.plan = always(kind);
      for (const { outcome, reason } of await keeper.runOnce()) {
        expect(outcome, reason).to.equal("broken");
        expect(reason).to.include(through[0]!.host);
      }
      expect(await world.provider.getTransactionCount(account, "pending")).to.equal(before);
      for (const one of through) one.plan = () => undefined;
      const since = (await world.blockNumber()) + 1;
      for (const job of JOBS) await exactlyOnce(world, job, () => keeper.runOnce([job]), { most: 3, since });
    });
  });

  it("P161: random faults at all three endpoints: done exactly once within a few looks", async () => {
    const fault: FaultName = "random faults at all three endpoints";
    const kinds = TRANSPORT.flatMap(([name, faults]) => (name === "endpoint hangs" ? [] : faults));
    const seeds = Array.from({ length: Math.round(12 * SCALE) }, (_, index) => index);
    await tryAll(fault, seeds, String, async (seed) => {
      await world.reset();
      const through = [await world.proxy(), await world.proxy(), await world.proxy()];
      const keeper = await world.open({ through, timeoutMs: TIMEOUT_MS });
      for (const [index, one] of through.entries()) {
        const random = new Random(seed, index);
        one.plan = () => (random.chance(0.04) ? random.pick(kinds) : undefined);
      }
      const since = (await world.blockNumber()) + 1;
      for (const job of JOBS) await exactlyOnce(world, job, () => keeper.runOnce([job]), { most: 10, since });
    });
  });
});

/** The plan's first fault alone. */
function onceOnly(plan: Plan): Plan {
  let over = false;
  return (call) => {
    const fault = over ? undefined : plan(call);
    if (fault) over = true;
    return fault;
  };
}

const nameOf = ({ method, kind }: { method: string; kind: Fault }) => `${JSON.stringify(kind)} at ${method}`;
