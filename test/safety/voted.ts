// What voters decide in an emergency, until it is in effect, and a transfer that shows a halt.
import { FOR } from "../governance/fixture.ts";
import { ACTION, crash, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";

/** Ballots of those who are enough for any action. */
export const FIVE = [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const);

/** `world` is the present one. */
export const votedIn = (world: () => SafetyWorld) => {
  const execute = (id: bigint) => world().emergencyGovernor.connect(world().outsiders[0]!)["execute(uint256)"](id);
  const passed = async (action: bigint) => {
    const id = await world().breaker.voteOn(action);
    await vote(world(), id, FIVE);
    return id;
  };
  const attack = async () => {
    const { clock, report, breaker } = world();
    await clock.pass(60n);
    await report({ txFailed: 80n });
    await breaker.trigger(TRIGGER.networkAttack);
  };
  const halted = async () => {
    await crash(world());
    await world().breaker.trigger(TRIGGER.priceCrash);
    await execute(await passed(ACTION.halt));
  };
  const send = (amount: bigint) => {
    const { token, people, outsiders } = world();
    return token.connect(people.treasury).transfer(outsiders[1]!, amount);
  };
  return { execute, passed, attack, halted, send };
};
