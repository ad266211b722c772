// What still works while transfers are halted, in recovery mode, and while adjustments are paused: tried function by function,
// and written to docs/what-stops.md, which must say the same.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { FOR, proposalOf, propose } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { channelIdOf, claimOf, signVoucher } from "@ftns/sdk/usage.ts";
import { JOB, NOBODY, reportsArgs, WORK } from "../keepers/fixture.ts";
import { signContribution } from "../helpers/sign.ts";
import { proof } from "../contributors/fixture.ts";
import { lockStake } from "../verifiers/fixture.ts";
import { ACTION, DAY, HOUR, safetyOn } from "./fixture.ts";

const W = 10n ** 24n;
const FILE = new URL("../../docs/what-stops.md", import.meta.url);
const connection = await network.create();

/** Halfway out of the vault, with wrapped tokens, yield, a vote and something to claim. */
async function busy() {
  const w = await safetyOn(connection);
  const { token, wrapper, pool, vault, manager, people, voters, governor, registry } = w;
  const mine = token.connect(people.treasury);
  await mine.approve(wrapper, 10_000n * FTNS);
  await wrapper.connect(people.treasury).deposit(1_000n * FTNS, people.treasury);
  // Two channels of the treasury: with one it goes on, from the other it may take what is left.
  const { usageChannels: channels, usageRouter: router, contextPrices: prices } = w.economy;
  await wrapper.connect(people.treasury).approve(channels, 1_000n * W);
  for (const salt of [0n, 1n]) await channels.connect(people.treasury).deposit(channelOf(w, salt), 100n * W);
  await channels.connect(people.treasury).giveNotice(channelOf(w, 1n));
  await channels.claimMany(people.deployer, [await claimFor(w, 10n * W)]);
  await wrapper.connect(people.treasury).transfer(await router.tillOf(people.deployer), 10n * W);
  await mine.approve(prices, 10_000n * FTNS);
  await mine.approve(vault, 10_000n * FTNS);
  await mine.approve(people.deployer, 10_000n * FTNS);
  await vault.connect(voters[6]!).requestUnstake(100n * FTNS);
  await manager.connect(people.admin).grantRole(ROLES.REWARDER, people.admin, 0);
  await manager.connect(people.admin).grantRole(ROLES.MINTER, people.admin, 0);
  await pool.connect(people.governor).setEmissionShare(0n);
  await pool.connect(people.admin).reward(people.deployer, 0n, (await token.balanceOf(pool)) + 10_000n * FTNS, 1n);
  await w.clock.pass(7n * DAY);
  // Fees of a week are in the pool; a claim finds something to pay.
  await token.settle(people.treasury);
  for (const verifier of people.verifiers.slice(0, 2)) await lockStake(w.economy, verifier, 10_000n * FTNS);
  await registry.connect(people.governor).setVerifierStakes(w.economy.verifierStakes);
  await w.economy.verifierStakes.connect(people.verifiers[0]!).requestUnlock();
  const desk = await deskOf(w);
  await mine.transfer(desk, 100_000n * FTNS);
  const p = await proposalOf(w, registry, "setBaseRate", [2n, 11n * FTNS], "a vote");
  await propose(governor, voters[0]!, p);
  await w.hours(2, 10n ** 8n);
  await w.clock.pass(DAY + HOUR);
  return { w, p, desk };
}

/** A market desk whose path lies far below the market, so that it sells. */
async function deskOf({ economy }: Awaited<ReturnType<typeof safetyOn>>) {
  const { manager, token, history, breaker } = economy.addresses;
  const { ethers } = connection;
  const path = await ethers.deployContract("DeskPath", [1n]);
  await path.set(FTNS / 2n);
  const dollar = await ethers.deployContract("DeskDollar", [6n]);
  return ethers.deployContract("MarketDesk", [manager, token, dollar, history, breaker, path, FTNS / 1_000n]);
}

type World = Awaited<ReturnType<typeof busy>>;

type Safety = Pick<Awaited<ReturnType<typeof safetyOn>>, "people" | "economy">;

/** A channel of the treasury with the deployer. */
function channelOf({ people }: Safety, salt = 0n) {
  return { payer: people.treasury.address, operator: people.deployer.address, voucherKey: people.treasury.address, salt };
}

async function claimFor({ people, economy }: Safety, cumulative: bigint) {
  const { chainId } = await connection.ethers.provider.getNetwork();
  const place = { chainId, verifyingContract: economy.addresses.usageChannels };
  const terms = channelOf({ people, economy });
  return claimOf(terms, cumulative, await signVoucher(people.treasury, place, { channelId: channelIdOf(terms), cumulative }));
}

const ACTS: readonly [string, (world: World) => Promise<unknown>][] = [
  ["token.transfer, a little", ({ w }) => w.token.connect(w.people.treasury).transfer(w.outsiders[0]!, FTNS)],
  [
    "token.transfer, half of what one has",
    async ({ w }) =>
      w.token.connect(w.people.treasury).transfer(w.outsiders[0]!, (await w.token.balanceOf(w.people.treasury)) / 2n),
  ],
  ["token.transferFrom", ({ w }) => w.token.transferFrom(w.people.treasury, w.outsiders[0]!, FTNS)],
  ["token.burn", ({ w }) => w.token.connect(w.people.treasury).burn(FTNS)],
  ["token.approve", ({ w }) => w.token.connect(w.people.treasury).approve(w.outsiders[0]!, FTNS)],
  ["token.settle", ({ w }) => w.token.settle(w.people.treasury)],
  ["token.mint, by the pool", ({ w }) => w.token.connect(w.people.admin).mint(w.outsiders[0]!, FTNS)],
  ["wrapper.deposit", ({ w }) => w.wrapper.connect(w.people.treasury).deposit(FTNS, w.people.treasury)],
  ["wrapper.withdraw", ({ w }) => w.wrapper.connect(w.people.treasury).withdraw(FTNS, w.people.treasury, w.people.treasury)],
  ["wrapper.transfer", ({ w }) => w.wrapper.connect(w.people.treasury).transfer(w.outsiders[0]!, FTNS)],
  ["pool.reward, by the registry", ({ w }) => w.pool.connect(w.people.admin).reward(w.outsiders[0]!, 0n, FTNS, 1n)],
  ["pool.claim, from fees", ({ w }) => w.pool.connect(w.people.deployer).claim()],
  ["vault.stake", ({ w }) => w.vault.connect(w.people.treasury).stake(FTNS)],
  ["vault.requestUnstake", ({ w }) => w.vault.connect(w.voters[0]!).requestUnstake(FTNS)],
  ["vault.withdraw", ({ w }) => w.vault.connect(w.voters[6]!).withdraw()],
  ["vault.delegate", ({ w }) => w.vault.connect(w.voters[0]!).delegate(w.voters[1]!)],
  [
    "governor.propose",
    async ({ w }) =>
      propose(w.governor, w.voters[1]!, await proposalOf(w, w.registry, "setBaseRate", [2n, 12n * FTNS], "another")),
  ],
  ["verifierStakes.requestUnlock", ({ w }) => w.economy.verifierStakes.connect(w.people.verifiers[1]!).requestUnlock()],
  [
    "verifierStakes.presentEquivocation",
    async (world) => {
      const [liar, [first, second]] = await contradiction(world);
      await world.w.economy.verifierStakes.presentEquivocation(liar, [first, second]);
    },
  ],
  [
    "the 14 days of a verifier that leaves, and the 3 of a batch and of a reward that vests, go on",
    async ({ w }) => {
      const before = await w.token.restrictedSeconds();
      await w.clock.pass(HOUR);
      if ((await w.token.restrictedSeconds()) !== before) throw new Error("they stand still");
    },
  ],
  ["usageChannels.deposit", ({ w }) => w.economy.usageChannels.connect(w.people.treasury).deposit(channelOf(w), W)],
  [
    "usageChannels.claimMany, a little",
    async ({ w }) => w.economy.usageChannels.claimMany(w.people.deployer, [await claimFor(w, 11n * W)]),
  ],
  [
    "usageChannels.claimMany, all of half a channel",
    async ({ w }) => {
      const { usageChannels: channels } = w.economy;
      await channels.claimMany(w.people.deployer, [await claimFor(w, 50n * W)]);
      if ((await channels.channelOf(channelIdOf(channelOf(w)))).claimed !== 50n * W) throw new Error("claimed less");
    },
  ],
  ["usageChannels.giveNotice", ({ w }) => w.economy.usageChannels.connect(w.people.treasury).giveNotice(channelOf(w))],
  [
    "usageChannels.withdraw, all that is left",
    async ({ w }) => {
      const { usageChannels: channels } = w.economy;
      await channels.withdraw(channelOf(w, 1n));
      const { deposited, claimed } = await channels.channelOf(channelIdOf(channelOf(w, 1n)));
      if (deposited !== claimed) throw new Error("a part");
    },
  ],
  ["usageRouter.distribute", ({ w }) => w.economy.usageRouter.distribute(w.people.deployer)],
  ["usageRouter.distributeTill", ({ w }) => w.economy.usageRouter.distributeTill(w.people.deployer)],
  ["usageRouter.credit", ({ w }) => w.economy.usageRouter.credit(channelOf(w))],
  ["contextPrices.buyPlan", ({ w }) => w.economy.contextPrices.connect(w.people.treasury).buyPlan(1n, 10n * FTNS)],
  ["governor.castVote", ({ w, p }) => w.governor.connect(w.voters[0]!).castVote(p.id, FOR)],
  ["medianFeed.submit", ({ w }) => w.report()],
  [
    "desk.open, and what it opens",
    async ({ w, desk }) => {
      await w.hours(2, 10n ** 8n);
      await desk.open(0);
    },
  ],
  [
    "keeperJobs.work, paid from fees",
    async ({ w }) => {
      await w.clock.pass(HOUR);
      const mine = w.keeperJobs.connect(w.outsiders[1]!);
      await mine[WORK](JOB.report, await reportsArgs(w), NOBODY);
      if ((await w.token.balanceOf(w.outsiders[1]!)) === 0n) throw new Error("done, and not paid");
    },
  ],
  [
    "breaker.proposeEnd, of what is in effect",
    async ({ w }) => {
      for (const action of [ACTION.pause, ACTION.halt, ACTION.recovery]) {
        if ((await w.breaker.effectUntil(action)) > (await w.clock.now())) await w.breaker.proposeEnd(action);
      }
    },
  ],
];

/** Two statements of the first verifier that contradict each other. */
async function contradiction({ w }: World) {
  const { people, clock, registry } = w;
  const liar = people.verifiers[0]!;
  const { chainId } = await connection.ethers.provider.getNetwork();
  const place = { chainId, verifyingContract: await registry.getAddress() };
  const alice = w.outsiders[0]!;
  const statement = await proof({ clock, alice, verifiers: [liar], place, registry, connection });
  const two = [statement, { ...statement, units: 1n }];
  const [first, second] = await Promise.all(
    two.map(async (contribution) => ({ contribution, signature: await signContribution(liar, contribution, place) })),
  );
  return [liar.address, [first!, second!]] as const;
}

const STATES = {
  "in calm weather": undefined,
  halt: ACTION.halt,
  "recovery mode": ACTION.recovery,
  pause: ACTION.pause,
} as const;

describe("what stops (P88)", () => {
  it("is what docs/what-stops.md says (UPDATE_DOCS=1 rewrites it)", async function () {
    this.timeout(300_000);
    const works = new Map<string, boolean[]>();
    const charged: boolean[] = [];
    const suspended: boolean[] = [];
    for (const action of Object.values(STATES)) {
      for (const [name, act] of ACTS) {
        const world = await connection.networkHelpers.loadFixture(busy);
        if (action !== undefined) await world.w.breaker.connect(world.w.people.governor).impose(action);
        const done = await act(world).then(
          () => true,
          () => false,
        );
        works.set(name, [...(works.get(name) ?? []), done]);
      }
      const { w } = await connection.networkHelpers.loadFixture(busy);
      if (action !== undefined) await w.breaker.connect(w.people.governor).impose(action);
      suspended.push((await w.controller.preview()).refusal !== 1n);
      const before = await w.token.balanceOf(w.people.treasury);
      await w.clock.toDaysAhead(1n, HOUR);
      charged.push((await w.token.balanceOf(w.people.treasury)) < before);
    }
    works.set("controller.adjust is not suspended", suspended);
    works.set("demurrage is charged at the next boundary", charged);

    expect(works.get("token.transfer, a little")).to.deep.equal([true, false, true, true]);
    for (const name of [
      "vault.withdraw",
      "vault.requestUnstake",
      "governor.castVote",
      "token.settle",
      "verifierStakes.presentEquivocation",
    ]) {
      expect(works.get(name), name).to.deep.equal([true, true, true, true]);
    }
    const page = pageOf(works);
    if (process.env.UPDATE_DOCS === "1") writeFileSync(FILE, page);
    expect(readFileSync(FILE, "utf8")).to.equal(page);
  });
});

function pageOf(works: Map<string, boolean[]>): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const names = Object.keys(STATES);
  return (
    "# What each emergency action stops\n\n" +
    "Each function was called in each state by `test/safety/whatStops.test.ts`, which also writes this page. A halt lasts at most 72 hours,\n" +
    "recovery mode 7 days, a pause of adjustments 14 days. A rate reset stops nothing.\n\n" +
    row(["", ...names]) +
    row(["---", ...names.map(() => "---")]) +
    [...works].map(([name, states]) => row([name, ...states.map((works) => (works ? "works" : "**stops**"))])).join("")
  );
}
