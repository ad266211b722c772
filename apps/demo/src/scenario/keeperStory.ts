import type { Action, Trigger } from "@ftns/model";
import { DAY_SEC } from "../chain/clock.ts";
import { amount, wadToNumber } from "../report/numbers.ts";
import type { KeeperDecision } from "../report/types.ts";
import { isoTime, timeWords, type Chronicle } from "./chronicle.ts";
import type { Economy } from "./economy.ts";
import { actIn, type Act } from "./keeperActs.ts";
import type { Run } from "./workLog.ts";

const EFFECTS: Record<Action, string> = {
  PAUSE_ADJUSTMENTS: "adjustments are paused",
  HALT_TRANSACTIONS: "transfers are halted",
  RATE_RESET: "rates are back at their defaults",
  RECOVERY_MODE: "recovery mode begins",
};
const VOTED_ON: Record<Trigger, string> = {
  PRICE_CRASH: "two actions: pause adjustments, and halt transfers",
  LIQUIDITY_CRISIS: "one action: pause adjustments",
  NETWORK_ATTACK: "two actions: halt transfers, and recovery mode",
  GOVERNANCE_DEADLOCK: "one action: reset the rates",
};

const AGAIN = [
  "The emergency before is over by itself, but the day before is still the measure and the condition still holds, so another one opens. What was voted stays in force; if nobody votes now, nothing is added to it.",
];

/** What a keeper did with emergencies and votes: told when it happens, with its reason and what it would have done otherwise. */
export class KeeperStory {
  readonly decisions: KeeperDecision[] = [];
  /** In the order of `decisions`. */
  readonly acts: Act[] = [];
  readonly #economy: Economy;
  readonly #chronicle: Chronicle;

  constructor(economy: Economy, chronicle: Chronicle) {
    this.#economy = economy;
    this.#chronicle = chronicle;
  }

  /** Tells what is new in the runs of one look. */
  async tell(runs: readonly Run[]): Promise<void> {
    for (const run of runs) {
      if (run.outcome !== "done" || (run.job !== "watch-emergency" && run.job !== "run-governance")) continue;
      const receipt = await this.#economy.provider.getTransactionReceipt(run.hash!);
      const act = receipt === null ? undefined : actIn(this.#economy, receipt);
      if (receipt === null || act === undefined)
        throw new Error(`${run.keeper}'s transaction ${run.hash} did nothing that we know`);
      const block = await this.#economy.provider.getBlock(receipt.blockNumber);
      const decision: KeeperDecision = {
        at: isoTime(block!.timestamp),
        keeper: run.keeper,
        job: run.job,
        did: didWords(act),
        reason: run.reason,
        otherwise: otherwiseWords(act),
        transaction: receipt.hash,
        gasUsed: Number(receipt.gasUsed),
      };
      const again = act.kind === "trigger" && act.opens && this.#openedWithinADay(block!.timestamp);
      this.decisions.push(decision);
      this.acts.push(act);
      const part = act.kind === "queue" || act.kind === "execute" ? "vote" : "emergency";
      await this.#chronicle.note(
        part,
        `${run.keeper} ${decision.did}`,
        [...reasonWords(decision), ...twinWords(run, runs), ...(again ? AGAIN : outcomeWords(act))].join(" "),
      );
    }
  }

  /** Both were stopped and started with another configuration. */
  async restarted(): Promise<void> {
    const { ftnsPerCoin } = await this.#economy.keeperJobs.rate();
    await this.#chronicle.note(
      "keeper",
      "Both keepers are restarted, to be paid",
      `From now on they send through KeeperJobs, which pays for gas out of the reward pool, ${amount(wadToNumber(ftnsPerCoin), 0)} FTNS a coin and a premium that rises while a job is late. What a keeper knows is on the chain: nothing is lost by a restart.`,
    );
  }

  #openedWithinADay(now: number): boolean {
    return this.acts.some(
      (act, i) => act.kind === "trigger" && act.opens && now - Date.parse(this.decisions[i]!.at) / 1000 < DAY_SEC,
    );
  }
}

function didWords(act: Act): string {
  switch (act.kind) {
    case "trigger":
      return act.opens
        ? `pulls the trigger ${act.trigger}, and the chain agrees`
        : `adds the trigger ${act.trigger} to the open emergency`;
    case "action":
      return `carries out what was voted: ${EFFECTS[act.action]}`;
    case "queue":
      return "puts what passed into the timelock";
    case "execute":
      return "executes what has waited its time";
  }
}

function otherwiseWords(act: Act): string {
  switch (act.kind) {
    case "trigger":
      return "Had the contract's finding and the keeper's own differed in one digit, it would have sent nothing and called its operator.";
    case "action":
      return "Without the votes it would have waited, and the motion would have lapsed.";
    case "queue":
    case "execute":
      return "Had the vote failed, or the content not been what was voted on, it would have sent nothing.";
  }
}

function reasonWords({ reason, otherwise, transaction, gasUsed }: KeeperDecision): string[] {
  return [`It decided on this: “${reason}”.`, otherwise, `Transaction ${transaction.slice(0, 10)}…, ${amount(gasUsed, 0)} gas.`];
}

/** What the other keeper did at that moment. */
function twinWords(run: Run, runs: readonly Run[]): string[] {
  const late = runs.find((other) => other.keeper !== run.keeper && other.job === run.job);
  if (late === undefined) return [];
  if (late.outcome === "lost-race")
    return [`${late.keeper} decided the same at the same moment and came too late, which did no harm.`];
  return [`${late.keeper} saw that it was done, and sent nothing.`];
}

function outcomeWords(act: Act): string[] {
  if (act.kind === "trigger" && act.opens) {
    return [
      `Adjustments are suspended from now on. Those who had staked before have six hours to vote on ${VOTED_ON[act.trigger]}.`,
    ];
  }
  if (act.kind === "action" && act.action === "HALT_TRANSACTIONS") {
    return [`The halt ends by itself on ${timeWords(act.until)}. Days that begin under it are free of demurrage.`];
  }
  if (act.kind === "action" && act.until > 0n) return [`That ends by itself on ${timeWords(act.until)}.`];
  if (act.kind === "queue") return [`Whoever disagrees has time to leave: it can be executed from ${timeWords(act.eta)} on.`];
  return [];
}
