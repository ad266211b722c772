/** What a job makes of what it read. Times are chain time in seconds. */
export type Decision<Args> =
  | { kind: "act"; args: Args; reason: string }
  | { kind: "wait"; until: bigint; reason: string }
  | { kind: "nothing"; reason: string }
  | { kind: "broken"; reason: string };

export const act = <Args>(args: Args, reason: string): Decision<Args> => ({ kind: "act", args, reason });
export const waitUntil = (until: bigint, reason: string): Decision<never> => ({ kind: "wait", until, reason });
export const nothing = (reason: string): Decision<never> => ({ kind: "nothing", reason });
export const broken = (reason: string): Decision<never> => ({ kind: "broken", reason });
