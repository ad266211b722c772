// Conditions that are met again and again, and voters who pull with a bond.
import type { SafetyWorld } from "./fixture.ts";

/** `world` is the present one. */
export const repeatingIn = (world: () => SafetyWorld) => {
  const attacked = async () => {
    await world().clock.pass(301n);
    await world().report({ txFailed: 80n });
  };
  const dry = async () => {
    await world().clock.pass(301n);
    await world().report({ volume6h: 0n });
  };
  /** The voter locks `amount` towards the breaker, and pulls. */
  const lock = (voter: number, amount: bigint) => world().vault.connect(world().voters[voter]!).lock(world().breaker, amount);
  const pull = (voter: number, kind: bigint) => world().breaker.connect(world().voters[voter]!).trigger(kind);
  return { attacked, dry, lock, pull };
};
