// What the voters of a random life may propose: good rules, emergencies by the slow way, and what must never work.
import { ZeroHash, type BaseContract } from "ethers";
import type { TestEconomy } from "../helpers/economy.ts";
import type { Random } from "../helpers/random.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import { ACTIONS, type Action, type EmergencyLog } from "./emergencyLog.ts";

const FTNS = 10n ** 18n;
const PERCENT = 10n ** 16n;

/** Rules that votes change, as the test remembers them. */
export interface Rules {
  /** FTNS per unit, by kind. */
  baseRates: bigint[];
  /** To which a reset returns. */
  settledRates: bigint[];
  unstakeDelay: bigint;
}

export interface Measure {
  name: string;
  target: BaseContract;
  call: string;
  args: readonly unknown[];
  /** Whether the contracts must accept it, once it is voted. */
  works: (now: bigint) => boolean;
  done: (now: bigint) => void;
  effects: readonly string[];
}

/** Events of an effect that begins or ends. */
export const TAKEN: Record<Action, readonly string[]> = {
  pause: ["ActionTaken"],
  halt: ["ActionTaken", "Halted"],
  reset: ["ActionTaken", "MultiplierReset"],
  recovery: ["ActionTaken", "RecoveryStarted"],
};
export const ENDED: Record<Action, readonly string[]> = {
  pause: ["ActionEnded"],
  halt: ["ActionEnded", "HaltEnded"],
  reset: [],
  recovery: ["ActionEnded", "RecoveryEnded"],
};

const always = () => true;
const never = () => false;
const nothing = () => {};

export function randomMeasure(economy: TestEconomy, log: EmergencyLog, rules: Rules, random: Random): Measure {
  const pick = random.uint32() % 10;
  if (pick < 3) return random.pick(goodRules(economy, log, rules, random));
  if (pick < 7) return random.pick(slowEmergencies(economy, log, rules));
  return random.pick(hostile(economy, random));
}

function goodRules({ breaker, registry, vault }: TestEconomy, log: EmergencyLog, rules: Rules, random: Random): Measure[] {
  const action = random.int(0, 3);
  const share = random.bigint(5n, 30n) * PERCENT;
  const supporters = random.int(3, 7);
  const kind = random.int(0, 7);
  const rate = random.bigint(1n, 20n) * FTNS;
  const delay = random.bigint(1n, 14n) * DAY;
  const rule = (target: BaseContract, call: string, args: readonly unknown[], done: () => void): Measure => ({
    name: `${call}(${args.join(", ")})`,
    target,
    call,
    args,
    works: always,
    done,
    effects: [],
  });
  return [
    rule(breaker, "setSupportShare", [action, share], () => log.setShare(ACTIONS[action]!, share)),
    rule(breaker, "setMinSupporters", [supporters], () => (log.minSupporters = supporters)),
    rule(registry, "setBaseRate", [kind, rate], () => (rules.baseRates[kind] = rate)),
    rule(registry, "settleBaseRate", [kind, rate], () => (rules.baseRates[kind] = rules.settledRates[kind] = rate)),
    rule(vault, "setUnstakeDelay", [delay], () => (rules.unstakeDelay = delay)),
    rule(breaker, "rearmGuardian", [], () => (log.guardianArmed = true)),
  ];
}

function slowEmergencies({ breaker }: TestEconomy, log: EmergencyLog, rules: Rules): Measure[] {
  return ACTIONS.flatMap((action, index) => [
    {
      name: `impose ${action}`,
      target: breaker,
      call: "impose",
      args: [index],
      works: always,
      done: (now: bigint) => {
        log.taken(action, now);
        if (action === "reset") rules.baseRates = [...rules.settledRates];
      },
      effects: TAKEN[action],
    },
    {
      name: `end ${action}`,
      target: breaker,
      call: "end",
      args: [index],
      works: (now: bigint) => log.stands(action, now),
      done: (now: bigint) => log.ended(action, now),
      effects: ENDED[action],
    },
  ]);
}

/** What no vote can do: rules out of bounds, and acts of others' roles. */
function hostile(economy: TestEconomy, random: Random): Measure[] {
  const { breaker, controller, pool, registry, token, vault } = economy;
  const robber = random.pick(economy.people.users).address;
  const soon = BigInt(2 ** 31);
  const attacks: [BaseContract, string, readonly unknown[]][] = [
    [breaker, "setSupportShare", [1, 4n * PERCENT]],
    [breaker, "setMinSupporters", [2]],
    [breaker, "carryOut", [1n, 1, false]],
    [breaker, "guardianHalt", []],
    [vault, "setUnstakeDelay", [15n * DAY]],
    [vault, "setStanding", [robber, { basicThrough: 9n, activeThrough: 0n, powerThrough: 0n }, 0n, 0n]],
    [token, "halt", [soon]],
    [token, "startRecovery", [soon]],
    [token, "mint", [robber, FTNS]],
    [controller, "suspend", [soon]],
    [controller, "resetMultiplier", []],
    [registry, "resetBaseRates", []],
    [pool, "payYield", [robber, 0n, FTNS]],
  ];
  return attacks.map(([target, call, args]) => ({
    name: `hostile ${call}(${args.map(String).join(", ")})`,
    target,
    call,
    args,
    works: never,
    done: nothing,
    effects: [],
  }));
}

/** Calls that change something for everybody, none of which is a stranger's to make. */
export function strangersCalls(economy: TestEconomy, now: bigint, someone: string): [BaseContract, string, readonly unknown[]][] {
  const { breaker, controller, emergencyGovernor, governor, manager, registry, timelock, token, vault } = economy;
  const soon = now + HOUR;
  const halt = token.interface.encodeFunctionData("halt", [soon]);
  const terms = { supportShare: 0n, delaySec: 0n, minSupporters: 0n, unlessOpposed: true, snapshot: now - 1n, emergency: 1n };
  return [
    [token, "halt", [soon]],
    [token, "endHalt", []],
    [token, "startRecovery", [soon]],
    [token, "endRecovery", []],
    [token, "mint", [someone, FTNS]],
    [breaker, "guardianHalt", []],
    [breaker, "rearmGuardian", []],
    [breaker, "setMinSupporters", [3]],
    [breaker, "prolong", [1n, soon]],
    ...ACTIONS.flatMap((_, index): [BaseContract, string, readonly unknown[]][] => [
      [breaker, "impose", [index]],
      [breaker, "end", [index]],
      [breaker, "carryOut", [1n, index, false]],
      [breaker, "notePassed", [1n, 1n, index]],
      [breaker, "setSupportShare", [index, 5n * PERCENT]],
    ]),
    [controller, "suspend", [soon]],
    [controller, "endSuspension", []],
    [controller, "resetMultiplier", []],
    [registry, "resetBaseRates", []],
    [vault, "setUnstakeDelay", [DAY]],
    [emergencyGovernor, "open", [{ id: 99n, action: 1, ending: false }, terms]],
    [emergencyGovernor, "relay", [token.target, 0n, halt]],
    [governor, "relay", [token.target, 0n, halt]],
    [timelock, "schedule", [token.target, 0n, halt, ZeroHash, ZeroHash, 2n * DAY]],
    [timelock, "execute", [token.target, 0n, halt, ZeroHash, ZeroHash]],
    [manager, "grantRole", [4n, someone, 0n]],
    [manager, "execute", [token.target, halt]],
  ];
}
