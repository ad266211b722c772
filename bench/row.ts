/** One measurement beside what it is measured against. */
export interface Row {
  name: string;
  /** Whole transaction, or execution only where the name starts with `balanceOf`. */
  gas: bigint;
  /** What it is compared with; "measured" ones ran in the same run with the same settings. */
  reference: string;
  referenceGas: bigint;
  /** Highest ratio allowed, if there is a goal. */
  goal?: number;
}

export const ratioOf = (row: Row) => Number(row.gas) / Number(row.referenceGas);

/** Goals are given with two or three decimals; so is the ratio that has to meet them. */
export const misses = (row: Row) => row.goal !== undefined && ratioOf(row) > row.goal;

export function toJson(rows: readonly Row[]): string {
  const list = rows.map((row) => ({
    name: row.name,
    gas: Number(row.gas),
    reference: row.reference,
    referenceGas: Number(row.referenceGas),
    ratio: Number(ratioOf(row).toFixed(4)),
    goal: row.goal ?? null,
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}
