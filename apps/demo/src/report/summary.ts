import { twinsSentence } from "./keepers.ts";
import { amount, days as countDays, percent, short } from "./numbers.ts";
import { votersSentences } from "./voters.ts";
import type { Report } from "./types.ts";

function priceSentence({ market, days: all }: Pick<Report, "market" | "days">): string {
  const days = all.filter((row) => !row.synthetic);
  const low = days.reduce((a, b) => (b.price < a.price ? b : a));
  const last = days.at(-1)!;
  const gap = last.price / last.targetPrice - 1;
  return (
    `From ${market.from} to ${market.to} the price went from $${market.launchPrice.toFixed(2)} to a low of $${low.price.toFixed(3)} on day ${low.day} and ended at $${last.price.toFixed(3)}. ` +
    `The target curve asked for $${last.targetPrice.toFixed(3)}: the price ended ${percent(Math.abs(gap), 1)} ${gap < 0 ? "below" : "above"} it.`
  );
}

function multiplierSentence({ days }: Pick<Report, "days">): string {
  const adjusted = days.filter((row) => row.adjustment !== null);
  if (adjusted.length === 0) return "M never moved.";
  const up = adjusted.filter((row) => row.adjustment!.factor > 1).length;
  const down = adjusted.filter((row) => row.adjustment!.factor < 1).length;
  const values = days.map((row) => row.multiplier);
  return (
    `The keepers adjusted M on ${countDays(adjusted.length)}, from day ${adjusted[0]!.day} on: ${up} × up, ${down} × down, ${adjusted.length - up - down} × not at all. ` +
    `M moved between ${Math.min(...values).toFixed(2)} and ${Math.max(...values).toFixed(2)} and ended at ${days.at(-1)!.multiplier.toFixed(2)}.`
  );
}

function supplySentence({ supply, others }: Pick<Report, "supply" | "others">): string {
  const treasury = others.find((other) => other.name === "Treasury");
  const all = Number(supply.feesSettled) + Number(supply.feesDue);
  const share =
    treasury === undefined || all === 0
      ? ""
      : ` (${percent(Number(treasury.fees) / all, 1)} of all demurrage was the treasury's)`;
  return (
    `Demurrage brought ${short(supply.feesSettled)} FTNS back to the reward pool${share}. Contributors earned ${amount(supply.rewards, 0)} FTNS: ` +
    `${amount(supply.rewardsFromFees, 0)} out of recycled demurrage, ${amount(supply.rewardsMinted, 0)} newly minted. ` +
    `The supply grew by ${percent(Number(supply.minted) / Number(supply.launch), 4)}.`
  );
}

/** The run in a few sentences. */
export function summarise(report: Pick<Report, "market" | "days" | "supply" | "others" | "voters" | "keepers">): string[] {
  return [
    priceSentence(report),
    multiplierSentence(report),
    supplySentence(report),
    ...votersSentences(report.voters),
    twinsSentence(report.keepers),
  ];
}
