import { amount, percent, short } from "./numbers.ts";
import type { JobWork, KeeperReport, KeepersReport, KeeperWork } from "./types.ts";
import { clockWords } from "./voters.ts";

const DONE_WORDS: Record<string, string> = {
  "report-price": "price reports",
  "record-price": "price records",
  "adjust-supply": "adjustments",
  "watch-emergency": "emergency acts",
  "run-governance": "steps of a vote",
};

const sum = (all: readonly KeeperWork[], key: keyof KeeperWork) => all.reduce((total, one) => total + one[key], 0);

function shareWords({ name, done, stoppedAt }: KeeperReport): string {
  return `${name} ${amount(done, 0)}${stoppedAt === null ? "" : `, until it was switched off on ${clockWords(stoppedAt)}`}`;
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

/** That two keepers did no harm. */
export function twinsSentence({ twins }: KeepersReport): string {
  const lost = sum(twins, "lostRaces");
  const gas = sum(twins, "gasUsed");
  const wasted = percent(gas === 0 ? 0 : sum(twins, "gasWasted") / gas);
  const races =
    lost === 0
      ? "They were never in each other's way"
      : `One was faster than the other ${times(lost)}, which wasted ${wasted} of their gas`;
  return `Two keepers with the same jobs did all regular work, ${amount(sum(twins, "done"), 0)} jobs in ${amount(sum(twins, "transactions"), 0)} transactions: ${twins.map(shareWords).join(", ")}. ${races}, and nothing was done twice.`;
}

function jobWords({ job, done }: JobWork): string {
  return `${amount(done, 0)} ${DONE_WORDS[job] ?? job}`;
}

/** An amount that may be tiny: gas costs next to nothing on the demo's chain, and still nobody was paid 0.00. */
function small(value: string): string {
  const number = Number(value);
  return number > 0 && number < 0.01 ? number.toLocaleString("en-US", { maximumSignificantDigits: 2 }) : amount(value);
}

/** What the keepers did, in sentences. */
export function keepersSentences(keepers: KeepersReport): string[] {
  const { twins, jobs } = keepers;
  const paid = twins.map(({ name, paid: coin }) => `${name} ${Number(coin).toFixed(4)}`).join(", ");
  return [
    twinsSentence(keepers),
    `They looked ${amount(sum(jobs, "looks"), 0)} times and found something to do at ${amount(sum(jobs, "due"), 0)} of them: ${jobs.map(jobWords).join(", ")}.`,
    `That took ${short(sum(jobs, "gasUsed"))} gas; of the chain's play coin it cost ${paid}. For the last days' work the reward pool paid ${twins.map(({ name, earned }) => `${name} ${small(earned)}`).join(" and ")} FTNS.`,
  ];
}
