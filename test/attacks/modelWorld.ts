// The bit-exact model as a world: token and registry, with every reward paid at once at M = 1.
import { DEFAULT_TIER_MULTIPLIERS, RegistryModel, startOfDay, tierOn, TokenLedger, WAD } from "@ftns/model";
import { FTNS, World, type Holding } from "./world.ts";

const FIRST_DAY = 21_000n;
const HOUR = 3_600n;

export class ModelWorld extends World {
  readonly #ledger: TokenLedger;
  readonly #registry = new RegistryModel();
  #day = FIRST_DAY;

  constructor() {
    super();
    this.#ledger = new TokenLedger("pool", this.#now);
    this.#ledger.mint("treasury", 100_000_000n * FTNS, this.#now);
  }

  async holding(who: string): Promise<Holding> {
    this.#ledger.settleThrough(who, Number(this.#day));
    const { balance, activity, capacity } = this.#ledger.account(who);
    return { balance, activity: activity << 30n, capacity: capacity << 54n };
  }

  async tier(who: string): Promise<number> {
    return tierOn(this.#ledger.account(who), Number(this.#day));
  }

  async recognise(who: string): Promise<void> {
    this.#ledger.setAccountClass(who, "RECOGNISED", this.#now);
  }

  async pass(days: number): Promise<void> {
    this.#day += BigInt(days);
  }

  protected async transfer(from: string, to: string, amount: bigint): Promise<void> {
    this.#ledger.transfer(from, to, amount, this.#now);
  }

  protected async roundTrips(hoarder: string, accomplices: readonly string[], amount: bigint): Promise<void> {
    for (const accomplice of accomplices) {
      await this.transfer(hoarder, accomplice, amount);
      await this.transfer(accomplice, hoarder, amount);
    }
  }

  protected async land(who: string, kind: number, value: bigint): Promise<bigint> {
    const { schedule, capacityAdded, capacityLimit, graceUntil, tier } = this.#registry.count(
      who,
      kind,
      value,
      WAD,
      Number(this.#day),
    );
    const capacity = { added: capacityAdded, limit: capacityLimit };
    this.#ledger.setTierSchedule(who, schedule, capacity, graceUntil, this.#now);
    const paid = (value * (DEFAULT_TIER_MULTIPLIERS[tier] ?? 0n)) / WAD;
    if (paid > 0n) this.#ledger.payReward("pool", who, 0n, paid, this.#now);
    return paid;
  }

  get #now(): bigint {
    return startOfDay(this.#day) + HOUR;
  }
}
