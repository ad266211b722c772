import { formatUnits } from "ethers";

const WAD = 10n ** 18n;

/** Exact decimal string of an amount with 18 decimals, without a needless ".0". */
export function exact(amount: bigint): string {
  return formatUnits(amount, 18).replace(/\.0$/, "");
}

/** The same of wFTNS, which has 24 decimals. */
export function exactShares(shares: bigint): string {
  return formatUnits(shares, 24).replace(/\.0$/, "");
}

/** A WAD ratio or an amount as a double, for charts and words. */
export function wadToNumber(value: bigint): number {
  return Number(value) / 1e18;
}

/** `a / b` as a double; 0 when there is nothing to divide by. */
export function ratio(a: bigint, b: bigint): number {
  return b === 0n ? 0 : wadToNumber((a * WAD) / b);
}

/** "1,234.56": thousands separated, `digits` decimals. */
export function amount(value: number | string, digits = 2): string {
  return Number(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A text with the thousands of its long numbers separated; dates, hashes and addresses stay as they are. */
export function separated(text: string): string {
  return text.replace(/(?<![\w.-])\d{4,}(?=\.\d)|(?<![\w.-])\d{5,}(?![\w-])/g, (digits) =>
    digits.replace(/\B(?=(\d{3})+$)/g, ","),
  );
}

/** "1.25 M", "48.2 k", "312": a few leading digits. */
export function short(value: number | string): string {
  const n = Number(value);
  const size = Math.abs(n);
  const few = (scaled: number, digits: number) => amount(scaled, digits).replace(/\.0+$/, "");
  if (size >= 1e6) return `${few(n / 1e6, 2)} M`;
  if (size >= 1e4) return `${few(n / 1e3, 1)} k`;
  return few(n, size >= 1000 ? 0 : 2);
}

/** "0.15 %". */
export function percent(share: number, digits = 2): string {
  return `${amount(share * 100, digits)} %`;
}

export function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
