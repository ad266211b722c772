import { type Chain, blockTag } from "@ftns/chain/connect.ts";
import { contracts, interfaces } from "@ftns/sdk/contracts.ts";
import { answerOf } from "../adjust-supply/rules.ts";
import type { Job } from "../job.ts";
import { type NoteArgs, type NoteSnapshot, type Waiting, decideNote } from "./decide.ts";

/** Has to be done once in the life of a PathPolicy, whether it decides or runs in the shadow. Nobody is paid for it. */
export function noteDaysJob(chain: Chain, controllerAddress: string): Job<NoteSnapshot, NoteArgs> {
  const controller = contracts.controller(controllerAddress, chain.provider);
  return {
    name: "note-days",
    async read() {
      const head = await chain.latest();
      const at = { blockTag: blockTag(head) };
      const [history, ...policies] = await Promise.all([controller.history(at), controller.policy(at), controller.shadow(at)]);
      const [{ knownUntil }, ...starts] = await Promise.all([
        contracts.history(history, chain.provider).lastRecord(at),
        // A policy of another kind has no such price.
        ...policies.map((policy) => answerOf(contracts.pathPolicy(policy, chain.provider).launchPrice(at))),
      ]);
      const waiting = starts.flatMap((start, index): Waiting[] => {
        if (start === undefined || start.price !== 0n) return [];
        return [{ policy: policies[index]!, usableDays: start.usableDays, nextDay: start.nextDay }];
      });
      return { head, waiting, knownUntil };
    },
    decide: decideNote,
    call: ({ policy }) => ({ to: policy, data: interfaces.pathPolicy().encodeFunctionData("noteDays", []) }),
  };
}
