export const WAD = 10n ** 18n;

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

export function formatPercent(wad: bigint): string {
  return `${formatDecimal(wad * 100n, 18, 2)} %`;
}

/** Seconds of chain time as `2 h 5 min`. */
export function formatDuration(sec: bigint): string {
  if (sec < 0n) return `-${formatDuration(-sec)}`;
  if (sec < 60n) return `${sec} s`;
  if (sec < 3_600n) return `${sec / 60n} min${sec % 60n ? ` ${sec % 60n} s` : ""}`;
  if (sec < 172_800n) return `${sec / 3_600n} h${(sec % 3_600n) / 60n ? ` ${(sec % 3_600n) / 60n} min` : ""}`;
  return `${sec / 86_400n} days${(sec % 86_400n) / 3_600n ? ` ${(sec % 86_400n) / 3_600n} h` : ""}`;
}

/** Chain time in UTC, without milliseconds. */
export function formatTime(sec: bigint): string {
  return `${new Date(Number(sec) * 1000).toISOString().slice(0, 19)}Z`;
}

// Small and large numbers print as 1e-7 and 1e+21; prices need their digits.
function plainNumber(value: number): string {
  const text = String(value);
  return /e/.test(text) && Number.isFinite(value) ? value.toFixed(20) : text;
}
