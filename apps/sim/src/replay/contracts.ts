/**
 * Lives through a run again on the contracts: the price history, both rules with a controller each, and the token with one person
 * of each sort. Throws at the first refusal, factor, tier or balance that differs.
 */
import { refusalOf, RegistryModel, startOfDay } from "@ftns/model";
import type { Connection } from "@ftns/deploy/connection.ts";
import type { World } from "../assumptions.ts";
import { Economy } from "../economy.ts";
import { HEAVY_USER, HOARDER, IDLE_POWER, MARKET_MAKER, populationOf, TREASURY, USER, WASH_A, WASH_B } from "../people.ts";
import { Controller, NONE, REFUSAL_NAMES, type Rule, ruleOf } from "../rules.ts";
import type { Shocks } from "../shocks.ts";
import { wei } from "./model.ts";
import { HOLD_SEC, LAUNCH_DAY, roundsOf } from "./prices.ts";
import { type Act, Script, type ScriptDay } from "./script.ts";

/** Two contributors of each kind, and one of everybody whose coins move by rules of the token. */
const PEOPLE_PLAYED = [0, 1, 2, 3, 4, 5, HOARDER, USER, HEAVY_USER, IDLE_POWER, WASH_A, WASH_B];
const BALANCES_EVERY_DAYS = 7;
const [MINTER, REGISTRAR, GOVERNOR] = [1n, 2n, 5n];
const [RECOGNISED, POOLED] = [1n, 2n];
const OFF_BY = 1e-12;
const BALANCES_OFF_BY = 1e-9;
const FAST = { gasLimit: 2_000_000 };

export interface Played {
  days: number;
  transactions: number;
  factors: number;
  refusals: number;
  balances: number;
  /** The largest factor and balance deviations. */
  factorOff: number;
  balanceOff: number;
}

/** Plays the first `days` of a run under `rule`, which must be one that ships. */
export async function playOnContracts(
  connection: Connection,
  world: World,
  rule: Rule,
  shocks: Shocks,
  days: number,
  progress: (day: number) => void = () => {},
): Promise<Played> {
  const people = populationOf(world.baseRewards);
  const script = new Script(Float64Array.from(people, ({ weight }) => weight));
  const economy = new Economy(world, people, rule, shocks, script);
  economy.run();
  const stage = await Stage.deploy(
    connection,
    people.map(({ holds }) => holds),
  );
  const shadow = ruleOf(rule.id === "path" ? "roadmap" : "path");
  const shadowController = new Controller(shadow.policy, economy.averages, economy.usable);
  const played: Played = { days: 0, transactions: 0, factors: 0, refusals: 0, balances: 0, factorOff: 0, balanceOff: 0 };
  for (let day = 0; day < days; day++) {
    const today = script.days[day]!;
    await stage.begin(day, script.days[day - 1]);
    const refusal = shadowController.adjust(day, today.start.suspended);
    const ruled = { id: rule.id, refusal: today.start.refusal, factor: today.start.factor };
    for (const expected of [ruled, { id: shadow.id, refusal, factor: shadowController.factor }]) {
      await stage.adjust(day, expected, today.start.suspended, played);
    }
    for (const act of today.acts) await stage.act(day, act, people[actorOf(act)]?.work);
    if (day % BALANCES_EVERY_DAYS === 0 || day === days - 1) await stage.compare(day, today, played);
    played.days += 1;
    progress(day);
  }
  played.transactions = stage.transactions;
  return played;
}

const actorOf = (act: Act): number => ("account" in act ? act.account : 0);

type Contract = Awaited<ReturnType<Connection["ethers"]["deployContract"]>>;

class Stage {
  transactions = 0;
  readonly #connection: Connection;
  readonly #registry = new RegistryModel();
  #token!: Contract;
  #asMinter!: Contract;
  #asRegistrar!: Contract;
  #asExchange!: Contract;
  #history!: Contract;
  #feed!: Contract;
  #pathPolicy!: Contract;
  #launchKnown = false;
  readonly #controllers = new Map<string, Contract>();
  readonly #addresses = new Map<number, string>();
  readonly #tokens = new Map<number, Contract>();
  #router = "";
  #exchange = "";

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async deploy(connection: Connection, holds: readonly number[]): Promise<Stage> {
    const stage = new Stage(connection);
    const { ethers, networkHelpers } = connection;
    await networkHelpers.time.increaseTo(startOfDay(LAUNCH_DAY - 1n) + 60n);
    const [admin, minter, registrar, governor, exchange, ...others] = await ethers.getSigners();
    const manager = await ethers.deployContract("AccessManager", [admin!]);
    const [pool, router] = await Promise.all([0, 1].map(() => ethers.deployContract("AccessManager", [admin!])));
    const token = await ethers.deployContract("FTNSToken", [manager, pool!, exchange!, wei(holds[TREASURY]!)]);
    const wrapper = await ethers.deployContract("WrappedFTNS", [token]);
    const allow = async (role: bigint, holder: string, functions: string[]) => {
      const selectors = functions.map((name) => token.interface.getFunction(name as "mint").selector);
      await manager.setTargetFunctionRole(token, selectors, role);
      await manager.grantRole(role, holder, 0);
    };
    await allow(MINTER, minter!.address, ["mint", "payReward"]);
    await allow(REGISTRAR, registrar!.address, ["setTierSchedule"]);
    await allow(GOVERNOR, governor!.address, ["setAccountClass"]);
    await token.connect(governor!).setAccountClass(wrapper, POOLED);
    await token.connect(governor!).setAccountClass(router!, RECOGNISED);

    stage.#token = token as unknown as Contract;
    stage.#asMinter = token.connect(minter!) as unknown as Contract;
    stage.#asRegistrar = token.connect(registrar!) as unknown as Contract;
    stage.#asExchange = token.connect(exchange!) as unknown as Contract;
    stage.#router = await router!.getAddress();
    stage.#exchange = exchange!.address;
    for (const [k, person] of PEOPLE_PLAYED.entries()) {
      stage.#addresses.set(person, others[k]!.address);
      stage.#tokens.set(person, token.connect(others[k]!) as unknown as Contract);
    }
    stage.#addresses.set(MARKET_MAKER, await wrapper.getAddress());

    const feed = await ethers.deployContract("HandingFeed");
    const history = await ethers.deployContract("PriceHistory", [manager, feed, true, HOLD_SEC]);
    const policies = {
      roadmap: await ethers.deployContract("RoadmapPolicy"),
      path: await ethers.deployContract("PathPolicy", [history, LAUNCH_DAY, 0]),
    };
    for (const [id, policy] of Object.entries(policies)) {
      const controller = await ethers.deployContract("SupplyController", [manager, history, policy, LAUNCH_DAY]);
      stage.#controllers.set(id, controller as unknown as Contract);
    }
    stage.#history = history as unknown as Contract;
    stage.#feed = feed as unknown as Contract;
    stage.#pathPolicy = policies.path as unknown as Contract;
    for (const [person, address] of stage.#addresses) await stage.#send(stage.#asMinter, "mint", address, wei(holds[person]!));
    return stage;
  }

  async #send(contract: Contract, method: string, ...args: unknown[]): Promise<void> {
    await contract.getFunction(method).send(...args, FAST);
    this.transactions += 1;
  }

  /** The boundary of `day`; yesterday's rounds are in. */
  async begin(day: number, yesterday: ScriptDay | undefined): Promise<void> {
    await this.#connection.networkHelpers.time.increaseTo(startOfDay(LAUNCH_DAY + BigInt(day)));
    if (yesterday === undefined) return;
    for (const { since, observedAt, price } of roundsOf(day - 1, yesterday.start.price, yesterday.start.outage)) {
      await this.#send(this.#feed, "take", await this.#history.getAddress(), since, observedAt, price, false);
    }
    // Without outages in the first month the launch price is that of the first 30 days, whenever they are noted.
    if (day < 31 || this.#launchKnown) return;
    await this.#send(this.#pathPolicy, "noteDays");
    this.#launchKnown = true;
  }

  async adjust(
    day: number,
    expected: { id: string; refusal: number; factor: number },
    suspended: boolean,
    played: Played,
  ): Promise<void> {
    const controller = this.#controllers.get(expected.id)!;
    if (suspended) await this.#send(controller, "suspend", startOfDay(LAUNCH_DAY + BigInt(day)) + 43_200n);
    const preview = (await controller.getFunction("preview").staticCall()) as { refusal: bigint; factor: bigint };
    const refusal = refusalOf(preview.refusal);
    if (refusal !== REFUSAL_NAMES[expected.refusal]) {
      throw new Error(`day ${day}: ${expected.id} is refused as ${refusal}, in the run ${REFUSAL_NAMES[expected.refusal]}`);
    }
    if (expected.refusal !== NONE) {
      played.refusals += 1;
      return;
    }
    const off = Math.abs(Number(preview.factor) / 1e18 / expected.factor - 1);
    if (!(off <= OFF_BY))
      throw new Error(`day ${day}: factor of ${expected.id} is ${preview.factor}, in the run ${expected.factor}`);
    played.factorOff = Math.max(played.factorOff, off);
    played.factors += 1;
    await this.#send(controller, "adjust", preview.factor);
  }

  async act(day: number, act: Act, work: { kind: number; value: number; quality: number } | undefined): Promise<void> {
    switch (act.kind) {
      case "proof":
        if (this.#addresses.has(act.account)) await this.#prove(day, act.account, work!);
        return;
      case "reward":
        if (this.#addresses.has(act.account))
          await this.#send(this.#asMinter, "payReward", this.#addresses.get(act.account), 0n, wei(act.each));
        return;
      case "pay":
        if (this.#tokens.has(act.account))
          await this.#send(this.#tokens.get(act.account)!, "transfer", this.#router, wei(act.each));
        return;
      case "transfer": {
        const sender = this.#tokens.get(act.from);
        const receiver = this.#addresses.get(act.to);
        if (sender !== undefined) await this.#send(sender, "transfer", this.#exchange, wei(act.each));
        else if (receiver !== undefined) await this.#send(this.#asExchange, "transfer", receiver, wei(act.toEach));
        return;
      }
      case "wash": {
        const [a, b] = [this.#tokens.get(act.a)!, this.#tokens.get(act.b)!];
        await this.#send(a, "transfer", this.#addresses.get(act.b), wei(act.each));
        await this.#send(b, "transfer", this.#addresses.get(act.a), wei(act.each));
      }
    }
  }

  /** The registry's part is played by its model, which is compared with it bit for bit elsewhere. */
  async #prove(
    day: number,
    account: number,
    { kind, value, quality }: { kind: number; value: number; quality: number },
  ): Promise<void> {
    const valueWei = BigInt(Math.round(value * 1e6)) * 10n ** 12n;
    const qualityWad = BigInt(Math.round(quality * 1e3)) * 10n ** 15n;
    const today = Number(LAUNCH_DAY) + day;
    const { schedule, capacityAdded, capacityLimit, graceUntil } = this.#registry.count(
      String(account),
      kind,
      valueWei,
      qualityWad,
      today,
    );
    const address = this.#addresses.get(account);
    await this.#send(this.#asRegistrar, "setTierSchedule", address, schedule, capacityAdded, capacityLimit, graceUntil);
  }

  async compare(day: number, { balances, tiers }: ScriptDay, played: Played): Promise<void> {
    for (const [person, address] of this.#addresses) {
      const { balance, tier } = (await this.#token.getFunction("accountOf").staticCall(address)) as {
        balance: bigint;
        tier: bigint;
      };
      const expected = balances[person]!;
      const off = Math.abs(Number(balance) / 1e18 - expected) / Math.max(expected, 1);
      if (!(off <= BALANCES_OFF_BY)) throw new Error(`day ${day}: person ${person} holds ${balance}, in the run ${expected}`);
      if (Number(tier) !== tiers[person])
        throw new Error(`day ${day}: person ${person} has tier ${tier}, in the run ${tiers[person]}`);
      played.balanceOff = Math.max(played.balanceOff, off);
      played.balances += 1;
    }
  }
}
