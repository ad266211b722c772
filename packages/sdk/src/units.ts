/** Amounts, rates and times as people write and read them. Inside everything is an integer in its smallest unit. */
import { dayOf, startOfDay } from "@ftns/model/time.ts";

export { dayOf, startOfDay };

export const WAD = 10n ** 18n;
/** Of FTNS and wFTNS. */
export const FTNS_DECIMALS = 18;
/** Of prices and volumes. */
export const USD_DECIMALS = 8;

/** A text that cannot be understood as an amount, rate or time; the message tells how to write it. */
export class UnitError extends Error {}

/** A plain decimal as an integer with `decimals` digits behind the point, or undefined. Further digits are cut off. */
export function parseDecimal(value: string | number, decimals: number): bigint | undefined {
  const text = typeof value === "number" ? plainNumber(value) : value.trim();
  const match = /^(\d{1,40})(?:\.(\d{1,60}))?$/.exec(text);
  if (!match) return undefined;
  const fraction = (match[2] ?? "").slice(0, decimals).padEnd(decimals, "0");
  return BigInt(match[1]! + fraction);
}

/** `value` with `decimals` digits behind the point, shortened for people. */
export function formatDecimal(value: bigint, decimals: number, shown = 4): string {
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).slice(0, shown).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -decimals)}${fraction ? `.${fraction}` : ""}`;
}

/** FTNS (18 decimals) as `12.5 FTNS`: all digits, or the first `shown` behind the point. */
export function formatFtns(amount: bigint, shown = FTNS_DECIMALS): string {
  return `${formatDecimal(amount, FTNS_DECIMALS, shown)} FTNS`;
}

/** `12.5` or `12.5 FTNS` as an amount of 18 decimals. */
export function parseFtns(text: string): bigint {
  return parseExactly(text, "FTNS", FTNS_DECIMALS, "12.5 FTNS");
}

/** USD (8 decimals) as `0.25 USD`: all digits, or the first `shown` behind the point. */
export function formatUsd(amount: bigint, shown = USD_DECIMALS): string {
  return `${formatDecimal(amount, USD_DECIMALS, shown)} USD`;
}

/** `0.25` or `0.25 USD` as an amount of 8 decimals. */
export function parseUsd(text: string): bigint {
  return parseExactly(text, "USD", USD_DECIMALS, "0.25 USD");
}

/** A share or rate (WAD) as `1.5 %`: two digits behind the point, or `shown`. */
export function formatPercent(wad: bigint, shown = 2): string {
  return `${formatDecimal(wad * 100n, 18, shown)} %`;
}

/** `1.5 %` or `1.5` as a share (WAD): 100 % is 10^18. */
export function parsePercent(text: string): bigint {
  return parseExactly(text, "%", 16, "1.5 %");
}

/** Seconds of chain time as `2 h 5 min`. */
export function formatDuration(sec: bigint): string {
  if (sec < 0n) return `-${formatDuration(-sec)}`;
  if (sec < 60n) return `${sec} s`;
  if (sec < 3_600n) return `${sec / 60n} min${sec % 60n ? ` ${sec % 60n} s` : ""}`;
  if (sec < 172_800n) return `${sec / 3_600n} h${(sec % 3_600n) / 60n ? ` ${(sec % 3_600n) / 60n} min` : ""}`;
  return `${sec / 86_400n} days${(sec % 86_400n) / 3_600n ? ` ${(sec % 86_400n) / 3_600n} h` : ""}`;
}

const SECONDS_IN = { day: 86_400n, days: 86_400n, h: 3_600n, min: 60n, s: 1n } as const;

/** `7 days`, `2 h 5 min` or `90 s` as seconds. */
export function parseDuration(text: string): bigint {
  const parts = [...text.trim().matchAll(/(\d{1,12}) ?(days?|h|min|s)(?: |$)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text.trim()) {
    throw new UnitError(`"${text}" is no duration; write it as "7 days", "2 h 5 min" or "90 s".`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + BigInt(count!) * SECONDS_IN[unit as keyof typeof SECONDS_IN], 0n);
}

/** The last second that a calendar of four-digit years has. */
const LAST_SEC = 253_402_300_799n;

/** Chain time (seconds) in UTC, without milliseconds. A number that is no time of this calendar stays one. */
export function formatTime(sec: bigint): string {
  if (sec < 0n || sec > LAST_SEC) return `second ${sec}`;
  return `${new Date(Number(sec) * 1000).toISOString().slice(0, 19)}Z`;
}

/** `2026-01-31T12:00:00Z`, or a date alone for its start at 00:00 UTC, as chain time (seconds). */
export function parseTime(text: string): bigint {
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(full) ? Date.parse(full) : Number.NaN;
  // Date.parse takes the 31st of a shorter month for the next month's first.
  if (Number.isNaN(time) || formatTime(BigInt(time / 1000)) !== full) {
    throw new UnitError(`"${text}" is no time; write it as 2026-01-31T12:00:00Z or 2026-01-31.`);
  }
  return BigInt(time / 1000);
}

/** A protocol day as `2026-01-31`: the date on which it starts, at 02:00 UTC. */
export function formatDay(day: bigint): string {
  const start = startOfDay(day);
  return start < 0n || start > LAST_SEC ? `day ${day}` : formatTime(start).slice(0, 10);
}

/** `2026-01-31` as the protocol day that starts on that date, at 02:00 UTC. */
export function parseDay(text: string): bigint {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new UnitError(`"${text}" is no day; write it as 2026-01-31.`);
  return dayOf(parseTime(text) + 43_200n);
}

/** No digit is cut off in silence: an amount means what it says. */
function parseExactly(text: string, unit: string, decimals: number, example: string): bigint {
  const trimmed = text.trim();
  const number = trimmed.endsWith(unit) ? trimmed.slice(0, -unit.length).trimEnd() : trimmed;
  const parsed = parseDecimal(number, decimals);
  if (parsed === undefined) throw new UnitError(`"${text}" is no amount; write it as "${example}".`);
  const cut = (number.split(".")[1] ?? "").slice(decimals);
  if (/[1-9]/.test(cut)) throw new UnitError(`"${text}" has more than ${decimals} digits behind the point; shorten it.`);
  return parsed;
}

// Small and large numbers print as 1e-7 and 1e+21; prices need their digits.
function plainNumber(value: number): string {
  const text = String(value);
  return /e/.test(text) && Number.isFinite(value) ? value.toFixed(20) : text;
}
