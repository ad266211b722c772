import { amount, percent, separated, short } from "../numbers.ts";
import type { DayRow, Report } from "../types.ts";
import { renderChart } from "./chart.ts";
import { contents, heading } from "./contents.ts";
import { escape } from "./escape.ts";
import { renderKeepers } from "./keepers.ts";
import { renderPersonas } from "./personas.ts";
import { renderVoters } from "./voters.ts";
import { linearScale, logScale } from "./scale.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

const M_TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10];

function tiles(report: Report): string {
  const { supply, days } = report;
  const last = days.at(-1)!;
  const market = days.findLast((row) => !row.synthetic)!;
  const entries: [string, string][] = [
    [`$${market.price.toFixed(3)}`, `price on day ${market.day}; the target curve asks for $${market.targetPrice.toFixed(3)}`],
    [`× ${last.multiplier.toFixed(3)}`, "supply multiplier M, which scales every reward"],
    [short(supply.end), `FTNS in existence, ${short(supply.launch)} at launch`],
    [short(supply.feesSettled), "FTNS of demurrage recycled to the reward pool"],
    [
      short(supply.rewards),
      `FTNS earned by work, ${percent(Number(supply.rewards) === 0 ? 0 : Number(supply.rewardsFromFees) / Number(supply.rewards), 0)} of them paid from demurrage`,
    ],
    [short(supply.staked), `FTNS staked; yield of ${short(supply.yieldPaid)} FTNS was paid to stakers`],
  ];
  return `<div class="tiles">${entries.map(([value, label]) => `<div class="card tile"><b>${value}</b><span>${escape(label)}</span></div>`).join("")}</div>`;
}

function priceSection({ days, market }: Report, labels: readonly string[]): string {
  const prices = days.map((row) => row.price);
  const real = days.map((row) => (row.synthetic ? null : row.price));
  const last = real.findLast((value) => value !== null) ?? 0;
  const crashed = days.some((row) => row.synthetic);
  const joint = days.findLastIndex((row) => !row.synthetic);
  const madeUp = days.map((row, day) => (day >= joint ? row.price : null));
  const targets = days.map((row) => row.targetPrice);
  const multipliers = days.map((row) => row.multiplier);
  const others = days.map((row) => row.otherMultiplier);
  const usd = (value: number) => `$${value.toFixed(2)}`;
  const price = renderChart({
    id: "price",
    title: "Price of one FTNS against the target curve",
    description: `The price goes from ${usd(prices[0]!)} to ${usd(last)}, lowest ${usd(Math.min(...real.filter((value) => value !== null)))}${crashed ? `, and then by a made-up crash to ${usd(prices.at(-1)!)}` : ""}; the target rises to ${usd(targets.at(-1)!)}.`,
    lines: [
      { name: "market price", color: "c1", values: real },
      { name: "target curve", color: "c2", values: targets, dashed: true },
      ...(crashed ? [{ name: "made-up crash", color: "c3" as const, values: madeUp }] : []),
    ],
    scale: linearScale([...prices, ...targets], false, 5),
    format: usd,
    labels,
  });
  const m = renderChart({
    id: "multiplier",
    title: "Supply multiplier M",
    description: `M starts at 1, is lowest at ${Math.min(...multipliers).toFixed(2)}, highest at ${Math.max(...multipliers).toFixed(2)}, and ends at ${multipliers.at(-1)!.toFixed(2)}; by the rule in the shadow it would be between ${Math.min(...others).toFixed(2)} and ${Math.max(...others).toFixed(2)}.`,
    lines: [
      { name: "M by the rule that decides (logarithmic)", color: "c4", values: multipliers },
      { name: "M if the rule in the shadow had decided", color: "c2", values: others, dashed: true },
    ],
    scale: logScale(0.1, 10, M_TICKS),
    format: (value) => `× ${Number(value.toPrecision(3))}`,
    labels,
    reference: 1,
  });
  return `${heading("prices")}
<section class="card"><h3>Price against target</h3><p class="soft">${escape(market.source)}, ${market.from} to ${market.to}, scaled to $${market.launchPrice.toFixed(2)} at launch. The market is a replay: nothing on this chain moves it.${crashed ? " The fall at the end is made up." : ""}</p>${price}
<h3>Supply multiplier M</h3><p class="soft">Once a day the policy compares the growth of the last 30 days with the target: above it M rises (more is earned, supply grows faster), below it M falls. A day moves M by at most 10 %, and M stays between 0.1 and 10. The first adjustment needs 31 days of prices. The dashed line is what <code>PathPolicy</code> would have made of the same prices: it steers the level, by at most 3 % a day, and waits for the path's launch price, the mean of the first 30 days.</p>
<div class="pair"><div>${m}</div><div>${growthChart(days, labels)}</div></div>
${dayTable(days)}</section>`;
}

/** What the policy compares each day. */
function growthChart(days: readonly DayRow[], labels: readonly string[]): string {
  const growth = days.map(({ adjustment }) => adjustment?.velocity ?? null);
  const targets = days.map((row) => row.targetRate);
  const known = growth.filter((value) => value !== null);
  const whole = (value: number) => percent(value, 0);
  const description =
    known.length === 0
      ? "No day has a full window of prices."
      : `Growth lies between ${whole(Math.min(...known))} and ${whole(Math.max(...known))} a year, the target at ${whole(targets.at(-1)!)} on the last day.`;
  return renderChart({
    id: "growth",
    title: "Growth of the price in 30 days, a year, against the target",
    description,
    lines: [
      { name: "growth in 30 days, a year", color: "c1", values: growth },
      { name: "target", color: "c2", values: targets, dashed: true },
    ],
    scale: linearScale([...known, ...targets], true, 5),
    format: whole,
    labels,
    reference: 0,
  });
}

function supplySection({ days, supply }: Report, labels: readonly string[]): string {
  const column = (pick: (row: DayRow) => string) => days.map((row) => Number(pick(row)));
  const lines = [
    { name: "demurrage recycled", color: "c3" as const, values: column((row) => row.feesSettled) },
    { name: "rewards earned", color: "c1" as const, values: column((row) => row.rewards) },
    { name: "newly minted", color: "c2" as const, values: column((row) => row.minted) },
  ];
  const log = flowScale(lines.flatMap((line) => line.values));
  const chart = renderChart({
    id: "supply",
    title: "Demurrage recycled, rewards earned, tokens minted, since launch",
    description: `At the end ${short(supply.feesSettled)} FTNS were recycled, ${short(supply.rewards)} earned and ${short(supply.minted)} minted.`,
    lines: lines.map((line) => ({ ...line, values: line.values.map((value) => (value >= 1 ? value : null)) })),
    scale: log,
    format: short,
    labels,
  });
  const rows: [string, string][] = [
    ["Supply at launch", supply.launch],
    ["Minted since", supply.minted],
    ["Supply now", supply.end],
    ["Demurrage settled: recycled to the reward pool", supply.feesSettled],
    ["Demurrage due, not settled yet (already left out of every balance)", supply.feesDue],
    ["Rewards earned by work", supply.rewards],
    ["– of these paid from recycled demurrage", supply.rewardsFromFees],
    ["– of these newly minted", supply.rewardsMinted],
    ["– of these waiting for a later day's budget", supply.rewardsWaiting],
    ["Yield paid to stakers", supply.yieldPaid],
    ["– of this newly minted", supply.yieldMinted],
    ["Staked now", supply.staked],
    ["Reward pool now", supply.poolBalance],
  ];
  return `${heading("supply")}<section class="card"><h3>Since launch, logarithmic</h3><p class="soft">Demurrage leaves a balance at every day boundary, but moves to the pool when the account is next touched. Somebody settles the treasury about once a month: hence the steps.</p>${chart}
<div class="scroll"><table><tbody>${rows.map(([label, value]) => `<tr><td>${escape(label)}</td><td>${amount(value)} FTNS</td></tr>`).join("")}</tbody></table></div></section>`;
}

/** Powers of ten around what was moved. */
function flowScale(values: readonly number[]) {
  const positive = values.filter((value) => value >= 1);
  const low = Math.floor(Math.log10(Math.min(...positive, 1000)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...positive, 1))), low + 1);
  return logScale(
    10 ** low,
    10 ** high,
    Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
  );
}

function dayTable(days: readonly DayRow[]): string {
  const rows = days
    .map(({ day, date, price, targetPrice, targetRate, multiplier, adjustment }) => {
      const a = adjustment;
      const tail =
        a === null
          ? "<td>–</td><td>–</td><td>–</td>"
          : `<td>${percent(a.velocity, 1)}</td><td>${percent(a.volatility, 1)}</td><td>${a.factor.toFixed(4)}</td>`;
      return `<tr><td>${day}</td><td class="text">${date}</td><td>${price.toFixed(4)}</td><td>${targetPrice.toFixed(4)}</td><td>${percent(targetRate, 1)}</td>${tail}<td>${multiplier.toFixed(4)}</td></tr>`;
    })
    .join("");
  return `<details><summary>All days as a table</summary><div class="scroll"><table><thead><tr><th>Day</th><th class="text">Date</th><th>Price</th><th>Target price</th><th>Target a year</th><th>Growth a year</th><th>Volatility</th><th>Factor</th><th>M</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

function othersSection({ others }: Report): string {
  const rows = others
    .map(
      (o) =>
        `<tr><td>${escape(o.name)}</td><td class="text">${escape(o.role)}</td><td>${amount(o.balance)}</td><td>${amount(o.fees)}</td></tr>`,
    )
    .join("");
  return `${heading("others")}<div class="card scroll"><table><thead><tr><th>Who</th><th class="text"></th><th>Balance, FTNS</th><th>Demurrage</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function checksSection({ checks }: Report): string {
  const items = checks.map(
    ({ ok, name, detail }) =>
      `<li class="${ok ? "ok" : "failed"}"><b>${escape(name)}</b>${ok ? "" : " (FAILED)"}<br><span class="soft">${escape(separated(detail))}</span></li>`,
  );
  return `${heading("checks")}<ul class="card checks">${items.join("")}</ul>`;
}

function aboutSection({ market, chain, timing }: Report): string {
  const contracts = chain.contracts
    .map(({ name, address }) => `<tr><td>${escape(name)}</td><td class="text"><code>${escape(address)}</code></td></tr>`)
    .join("");
  return `${heading("about")}<section class="card"><ul>${market.assumptions.map((line) => `<li>${escape(line)}</li>`).join("")}
<li>${amount(chain.transactions, 0)} signed transactions in ${amount(chain.blocks, 0)} blocks on a local chain (id ${chain.chainId}, ${escape(chain.rpcUrl)}), replayed in ${timing.replaySec.toFixed(0)} seconds.</li></ul>
<details><summary>Contracts</summary><div class="scroll"><table><tbody>${contracts}</tbody></table></div></details></section>`;
}

/** The report as one HTML page that needs nothing else. Depends on the report alone. */
export function renderHtml(report: Report): string {
  const labels = report.days.map(({ day, date }) => `day ${day}, ${date}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>FTNS: ${report.market.days} days of an economy</title><style>${STYLE}</style></head>
<body><main><h1>${report.market.days} days of an FTNS economy</h1>
<div class="lead">${report.summary.map((sentence) => `<p>${escape(sentence)}</p>`).join("")}</div>
${contents()}
${tiles(report)}
${priceSection(report, labels)}
${renderPersonas(report)}
${renderVoters(report)}
${renderKeepers(report)}
${supplySection(report, labels)}
${othersSection(report)}
${checksSection(report)}
${aboutSection(report)}
<p class="soft">The same numbers, exact to the wei, are in report.json beside this page.</p></main>
<script>${SCRIPT}</script></body></html>
`;
}
