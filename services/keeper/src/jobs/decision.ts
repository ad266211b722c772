/** What a job makes of what it read. Times are chain time in seconds. */
export type Decision<Args> =
  | { kind: "act"; args: Args; reason: string }
  | { kind: "tell"; args: Args; reason: string }
  | { kind: "wait"; until: bigint; reason: string }
  | { kind: "nothing"; reason: string }
  | { kind: "broken"; reason: string };

export const act = <Args>(args: Args, reason: string): Decision<Args> => ({ kind: "act", args, reason });
/** Nothing is sent: the reason, and what the job makes of the arguments, are all there is. */
export const tell = <Args>(args: Args, reason: string): Decision<Args> => ({ kind: "tell", args, reason });
export const waitUntil = (until: bigint, reason: string): Decision<never> => ({ kind: "wait", until, reason });
export const nothing = (reason: string): Decision<never> => ({ kind: "nothing", reason });
export const broken = (reason: string): Decision<never> => ({ kind: "broken", reason });
