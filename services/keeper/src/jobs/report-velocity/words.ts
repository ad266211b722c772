import { formatDecimal, formatPercent, formatTime } from "@ftns/sdk/units.ts";
import type { Group, VelocityReport } from "./report.ts";

const ftns = (amount: bigint) => formatDecimal(amount, 18, 2);
const speed = (velocity: bigint | undefined) => (velocity === undefined ? "-" : formatDecimal(velocity, 18, 6));
/** Velocities that divide the bands: 1.0, 0.7 and 0.3 of the target of 1.2. */
const BAND_NAMES = ["1.2 and more", "0.84 to 1.2", "0.36 to 0.84", "below 0.36"];

/** A report in one line of a log. */
export function lineOf({ economy, supply, bands, dues, multiplier, window }: VelocityReport): string {
  const parts = [
    `30 days: velocity ${speed(economy.velocity)} (${ftns(economy.counted)} of ${ftns(economy.balance)} FTNS)`,
    `holders by band ${bands.map(({ holders }) => holders).join("/")}`,
    `supply ${ftns(supply.total)}, minted ${ftns(supply.minted)}, burned ${ftns(supply.burned)}, into the pool ${ftns(supply.intoPool)}`,
    `dues ${ftns(dues.total)}`,
    ...(multiplier
      ? [
          `M ${speed(multiplier.now)} (a month ago ${speed(multiplier.monthAgo)}), target ${formatPercent(multiplier.target)} a year`,
        ]
      : []),
  ];
  return parts.join("; ") + (window.whole ? "" : `. The window is not whole: ${window.notes.join("; ")}`);
}

/** A report for people, in Markdown. */
export function markdownOf(report: VelocityReport): string {
  const { window, supply, economy, gone, quiet, bands, tiers, dues, multiplier } = report;
  const row = (...cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  const group = (name: string, { holders, balance, counted, velocity }: Group) =>
    row(name, holders, ftns(balance), ftns(counted), speed(velocity));
  const groups = ["", row("", "Accounts", "FTNS held", "FTNS in payments that count", "Velocity"), "|---|--:|--:|--:|--:|"];
  return [
    `# Velocity, ${formatTime(report.madeAt)}`,
    "",
    `Blocks ${window.fromBlock} to ${report.block}, from ${formatTime(window.since)} on. ` +
      (window.whole
        ? "The window is whole: the supply before it, what was minted and what was burned give today's supply to the wei."
        : `**The window is not whole.** ${window.notes.map((note) => `${note[0]!.toUpperCase()}${note.slice(1)}.`).join(" ")}`),
    "",
    "Velocity is what the accounts paid or received in payments that count, over what they hold now. Bands are the " +
      "token's own, by its fading memory of payments. Accounts without a transfer in the window have no velocity. The rows " +
      "below add up to all: those two and the bands, and the tiers as the bands.",
    ...groups,
    group("All", economy),
    row("Without a transfer", "", ftns(quiet.balance), "", "-"),
    group("Hold nothing any more", gone),
    ...bands.map((band, index) => group(`Band ${BAND_NAMES[index]}`, band)),
    ...tiers.flatMap(({ tier, all, bands: cells }) => [
      group(`Tier ${tier}`, all),
      ...cells.flatMap((cell, index) => (cell.holders > 0 ? [group(`${tier}, ${BAND_NAMES[index]}`, cell)] : [])),
    ]),
    "",
    "## Supply",
    "",
    row("", "FTNS"),
    "|---|--:|",
    row("Supply", ftns(supply.total)),
    row("Minted", ftns(supply.minted)),
    row("Burned", ftns(supply.burned)),
    row("Into the reward pool (fees and payments)", ftns(supply.intoPool)),
    row("Paid out by the reward pool", ftns(supply.outOfPool)),
    row("In the reward pool", ftns(supply.pool)),
    row("All payments between accounts", ftns(economy.paid)),
    "",
    ...(multiplier
      ? [
          "## Supply multiplier",
          "",
          row("", ""),
          "|---|--:|",
          row("M", speed(multiplier.now)),
          row("M a month ago", speed(multiplier.monthAgo)),
          row("Days since launch", `${multiplier.daysSinceLaunch}`),
          row("Target, a year", formatPercent(multiplier.target)),
          row("Rule", multiplier.rule),
          ...(multiplier.pathPrice === undefined
            ? []
            : [row("Price of the path, USD", multiplier.pathPrice === 0n ? "not known yet" : speed(multiplier.pathPrice))]),
          ...(multiplier.rule === "roadmap"
            ? [
                row(
                  "Growth of the price, a year",
                  multiplier.velocity === undefined ? multiplier.refusal : formatPercent(multiplier.velocity),
                ),
                row("Volatility, a year", multiplier.volatility === undefined ? "-" : formatPercent(multiplier.volatility)),
              ]
            : []),
          "",
        ]
      : []),
    "## Largest dues",
    "",
    `${ftns(dues.total)} FTNS are due and not settled, of the accounts listed.`,
    "",
    row("Account", "Due", "Balance"),
    "|---|--:|--:|",
    ...dues.largest.map(({ address, due, balance }) => row(`\`${address}\``, ftns(due), ftns(balance))),
    "",
  ].join("\n");
}
