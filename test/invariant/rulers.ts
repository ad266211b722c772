// What governance and breaker decide in a random life: parameters, the shop's class, halts and recovery mode.
import { DAY, HOUR } from "../helpers/time.ts";
import { GAS } from "./life.ts";
import type { EconomyWorld } from "./world.ts";

const WAD = 10n ** 18n;

export class Rulers {
  readonly acts = [
    () => this.#setParameters(),
    () => this.#setShopClass(),
    () => this.#halt(),
    () => this.#endHalt(),
    () => this.#startRecovery(),
    () => this.#endRecovery(),
  ];
  readonly #world: EconomyWorld;

  constructor(world: EconomyWorld) {
    this.#world = world;
  }

  async #setParameters(): Promise<void> {
    const { random } = this.#world;
    const ascending = (max: bigint) =>
      [0, 1, 2, 3].map(() => random.bigint(0n, max)).sort((a, b) => (a < b ? -1 : 1)) as [bigint, bigint, bigint, bigint];
    const parameters = {
      monthlyRate: ascending(WAD / 100n),
      tierModifier: ascending(2n * WAD).reverse() as [bigint, bigint, bigint, bigint],
      monthlyCap: random.bigint(WAD / 1_000n, WAD / 100n),
    };
    await this.#world.send(`parameters ${Object.values(parameters).join(" ")}`, () =>
      this.#world.economy.token.connect(this.#world.economy.people.governor).setParameters(parameters, GAS),
    );
  }

  async #setShopClass(): Promise<void> {
    const kind = this.#world.random.int(0, 3);
    await this.#world.send(`the shop becomes ${["STANDARD", "RECOGNISED", "POOLED", "EXEMPT"][kind]}`, () =>
      this.#world.economy.token.connect(this.#world.economy.people.governor).setAccountClass(this.#world.shop, kind, GAS),
    );
  }

  async #halt(): Promise<void> {
    if (this.#world.random.chance(0.5)) return;
    const until = this.#world.now + this.#world.random.bigint(2n, 72n * HOUR);
    await this.#world.send(`transfers are halted until ${until}`, () =>
      this.#world.economy.token.connect(this.#world.economy.people.breaker).halt(until, GAS),
    );
  }

  async #endHalt(): Promise<void> {
    if ((await this.#world.economy.token.haltedUntil()) <= this.#world.now + 1n) return;
    await this.#world.send("the halt ends early", () =>
      this.#world.economy.token.connect(this.#world.economy.people.breaker).endHalt(GAS),
    );
  }

  async #startRecovery(): Promise<void> {
    if (this.#world.random.chance(0.3)) return;
    const until = this.#world.now + this.#world.random.bigint(2n * HOUR, 7n * DAY);
    await this.#world.send(`recovery mode is on until ${until}`, () =>
      this.#world.economy.token.connect(this.#world.economy.people.breaker).startRecovery(until, GAS),
    );
    this.#world.allowances.recoveryUntil = until;
  }

  async #endRecovery(): Promise<void> {
    if (!this.#world.allowances.holdsAt(this.#world.now + 1n) || this.#world.random.chance(0.5)) return;
    await this.#world.send("recovery mode ends early", () =>
      this.#world.economy.token.connect(this.#world.economy.people.breaker).endRecovery(GAS),
    );
    this.#world.allowances.recoveryUntil = this.#world.now;
  }
}
