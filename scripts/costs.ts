// What it costs to run a keeper for a month, from the gas that the bench measured. Writes docs/operating/costs.md.
// Usage: npm run costs [-- --coin-usd 3000]
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { commandLine, read, refuse } from "./commandLine.ts";

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
export const COSTS_PAGE = file("docs/operating/costs.md");

const HOURS_A_MONTH = 720;
const DAYS_A_MONTH = 30;
const HOURS_A_YEAR = 8_760;
/** The keeper's default `deviation`. */
const DEVIATION = 0.01;
const GAS_PRICES_GWEI = [0.01, 0.1, 1, 10, 50];
const COIN_USD = 3_000;

interface Line {
  what: string;
  /** A month; of what comes when it comes, once. */
  times: number;
  /** Rows of bench/gas.json that make up one time. */
  rows: readonly string[];
}

/**
 * Updates a month when a price of `volatility` a year is reported every hour, and earlier when it has moved by `deviation`.
 * The mean wait is that of a Brownian motion to leave [-deviation, deviation], cut off at an hour (the integral of the
 * classical series of its survival); the keeper looks once a minute, so these are a little too many.
 */
export function updatesAMonth(volatility: number, deviation = DEVIATION): number {
  if (volatility === 0) return HOURS_A_MONTH;
  const hourly = volatility / Math.sqrt(HOURS_A_YEAR);
  let wait = 0;
  for (let k = 0; k < 2_000; k++) {
    const odd = 2 * k + 1;
    const decay = (odd * odd * Math.PI ** 2 * hourly ** 2) / (8 * deviation ** 2);
    wait += ((k % 2 === 0 ? 4 : -4) / (Math.PI * odd)) * ((1 - Math.exp(-decay)) / decay);
  }
  return HOURS_A_MONTH / wait;
}

/** What goes on all the time: an hourly round, further ones when the price moves within an hour, and a daily adjustment. */
const monthly = (volatility: number): Line[] => [
  { what: "`report-price`, the first in an hour (five reports)", times: HOURS_A_MONTH, rows: ["round.hourly"] },
  {
    what: "`report-price`, further ones in an hour",
    times: Math.round(updatesAMonth(volatility)) - HOURS_A_MONTH,
    rows: ["round.sameHour"],
  },
  { what: "`adjust-supply`", times: DAYS_A_MONTH, rows: ["adjust"] },
];

/** Of a foreign feed the rounds are recorded, and nobody reports. */
const FOREIGN: Line = { what: "`record-price`, each hour", times: HOURS_A_MONTH, rows: ["record.hourly"] };

/** What comes when it comes. */
const OCCASIONAL: Line[] = [
  {
    what: "an emergency with two actions voted through",
    times: 1,
    rows: ["emergency.trigger", "emergency.execute", "emergency.execute"],
  },
  { what: "a proposal that passed", times: 1, rows: ["queue", "execute"] },
];

/** Jobs that KeeperJobs pays for: the bench's row, which has the direct call at the same state as its reference, and how often a month. */
const PAID = [
  { job: "report-price", row: "jobs.round", times: (volatility: number) => Math.round(updatesAMonth(volatility)) },
  { job: "adjust-supply", row: "jobs.adjust", times: () => DAYS_A_MONTH },
  { job: "watch-emergency", row: "jobs.trigger", times: () => 0 },
];

export interface BenchRow {
  name: string;
  gas: number;
  referenceGas: number;
}

/** The whole page, from the rows of bench/gas.json. */
export function costsPage(bench: readonly BenchRow[], coinUsd = COIN_USD): string {
  const rowOf = (name: string): BenchRow => {
    const row = bench.find((one) => one.name === name);
    if (row === undefined) throw new Error(`bench/gas.json has no row ${name}: run npm run bench, or correct scripts/costs.ts`);
    return row;
  };
  const gasOf = ({ rows, times }: Line) => times * rows.reduce((sum, name) => sum + rowOf(name).gas, 0);
  const total = (lines: readonly Line[]) => lines.reduce((sum, line) => sum + gasOf(line), 0);
  const scenarios = [
    ["calm, hourly updates only", 0],
    ["40 % volatility a year", 0.4],
    ["80 % volatility a year", 0.8],
  ] as const;

  const gasRows = monthly(0).map((line, i) => [
    line.what,
    ...scenarios.flatMap(([, volatility]) => {
      const own = monthly(volatility)[i]!;
      return [whole(own.times), millions(gasOf(own))];
    }),
  ]);
  const sums = ["**all**", ...scenarios.flatMap(([, volatility]) => ["", `**${millions(total(monthly(volatility)))}**`])];
  const priceRows = GAS_PRICES_GWEI.map((gwei) => [
    `${gwei} gwei`,
    ...scenarios.map(([, volatility]) => money(total(monthly(volatility)), gwei, coinUsd)),
    ...OCCASIONAL.map((line) => money(gasOf(line), gwei, coinUsd)),
  ]);
  const paidRows = PAID.map(({ job, row }) => [`\`${job}\``, whole(rowOf(row).referenceGas), whole(rowOf(row).gas)]);
  // What is paid for takes so much more than the same call made directly.
  const more = (volatility: number) =>
    PAID.reduce((sum, { row, times }) => sum + times(volatility) * (rowOf(row).gas - rowOf(row).referenceGas), 0);
  const directRow = ["all, sent directly", ...scenarios.map(([, volatility]) => millions(total(monthly(volatility))))];
  const paidRow = [
    "all, through KeeperJobs",
    ...scenarios.map(([, volatility]) => millions(total(monthly(volatility)) + more(volatility))),
  ];
  return `# What a keeper costs

Written by \`npm run costs\` from the gas in \`bench/gas.json\`. It is what all keepers and reporters together spend: a job is done once,
whoever does it, so a second keeper adds little. One report transaction carries the reports of all reporters.

## Gas a month (30 days)

${table(["job", ...scenarios.flatMap(([name]) => [name, "million gas"])], [...gasRows, sums])}
With a foreign feed nobody reports: \`record-price\` each hour takes ${millions(gasOf(FOREIGN))} million gas a month in place of all of \`report-price\`.

The feed is updated every hour, and earlier when the price has moved by ${DEVIATION * 100} %. How often that happens is worked out for a price that
wanders at random with the volatility given.

## Money

In the chain's coin, and in dollars at ${whole(coinUsd)} USD a coin (an assumption; \`npm run costs -- --coin-usd 2500\` takes another).

${table(["gas price", ...scenarios.map(([name]) => `a month: ${name}`), ...OCCASIONAL.map(({ what }) => what)], priceRows)}
The dearest part is \`report-price\`. A larger \`deviation\` makes a volatile market cheaper; the hourly update stays, since the history
needs it.

## Paid back

Whoever sends a job through KeeperJobs gets its gas back in FTNS at the base fee and 20 % more, rising to 100 % more while the job is late, and a
tip up to a fifth of the base fee, as long as the reward pool has fees for keepers and the day's gas lasts. It takes more gas, which is part
of what is paid for. Gas of one call, both ways at the same state:

${table(["job", "gas, sent directly", "gas, through KeeperJobs"], paidRows)}
A month of it, in million gas:

${table(["", ...scenarios.map(([name]) => name)], [directRow, paidRow])}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map((_, i) => (i === 0 ? "---" : "---:"))) + rows.map(line).join("");
}

const whole = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 0 });
const millions = (gas: number) => (gas / 1e6).toFixed(1);

function money(gas: number, gwei: number, coinUsd: number): string {
  const coin = (gas * gwei) / 1e9;
  const usd = coin * coinUsd;
  return `${coin.toPrecision(2)} (${usd < 10 ? usd.toFixed(2) : whole(usd)} USD)`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const command = commandLine(
    "costs",
    "Works out what keepers cost a month from the gas in bench/gas.json, and writes docs/operating/costs.md.",
  ).option("--coin-usd <price>", `price of the chain's coin in dollars; another than ${COIN_USD} is printed, not written`);
  const { options } = read<{ coinUsd?: string }>(command);
  const coinUsd = Number(options.coinUsd ?? COIN_USD);
  if (!(coinUsd > 0)) refuse(command, "--coin-usd takes the price of the chain's coin in dollars, such as 2500");
  const page = costsPage(JSON.parse(readFileSync(file("bench/gas.json"), "utf8")), coinUsd);
  if (coinUsd === COIN_USD) {
    writeFileSync(COSTS_PAGE, page);
    console.log("Written to docs/operating/costs.md.");
  } else {
    console.log(page);
  }
}
