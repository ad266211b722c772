// What one actor gains by splitting into many accounts (P319), written to docs/splitting.md, which must say the same.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { formatDecimal } from "@ftns/sdk/units.ts";
import { ACTORS, COUNTS, type Income, NEWCOMERS_ALLOWANCE, yearOf } from "./splitting.ts";

const FILE = new URL("../../docs/splitting.md", import.meta.url);
const net = ({ rewards, yields, fees }: Income) => rewards + yields - fees;
const amount = (wei: bigint) => formatDecimal(wei, 18, 2);

describe("an actor that splits into many accounts (P319)", () => {
  const years: Income[][] = [];
  before(async () => {
    for (const actor of ACTORS) years.push(await Promise.all(COUNTS.map((count) => yearOf(actor, count))));
  });

  it("gains nothing beyond the newcomers' allowance, by rewards, yield and fees", () => {
    for (const [i, [one, ...many]] of years.entries()) {
      for (const [j, split] of many.entries()) {
        const allowance = BigInt(COUNTS[j + 1]!) * NEWCOMERS_ALLOWANCE;
        expect(net(split) - net(one!) <= allowance, `actor ${i} as ${COUNTS[j + 1]}: ${net(split) - net(one!)}`).to.equal(true);
      }
    }
  });

  it("gains by votes at most two fifths of its work", () => {
    for (const [i, all] of years.entries()) {
      const { work } = ACTORS[i]!;
      for (const { votes } of all) expect(votes <= (12n * work * 2n) / 5n).to.equal(true);
    }
  });

  it("loses where smaller accounts have lower tiers", () => {
    const [one, ten, hundred] = years[1]!;
    expect(net(ten!) < net(one!) && net(hundred!) < net(ten!)).to.equal(true);
  });

  it("is told in docs/splitting.md", () => {
    const page = pageOf();
    if (process.env.UPDATE_DOCS === "1") writeFileSync(FILE, page);
    expect(readFileSync(FILE, "utf8")).to.equal(page);
  });

  function pageOf(): string {
    const cells = (row: readonly (string | number)[]) => `| ${row.join(" | ")} |\n`;
    const rows = years.flatMap((all, i) => {
      const { work, holds, stake } = ACTORS[i]!;
      return all.map((income, j) =>
        cells([
          amount(work),
          amount(holds),
          amount(stake),
          COUNTS[j]!,
          amount(income.rewards),
          amount(income.yields),
          amount(income.fees),
          amount(net(income)),
          amount(net(income) - net(all[0]!)),
          amount(income.votes),
        ]),
      );
    });
    return (
      "# What splitting brings\n\n" +
      "One actor, as one account or as 10 or 100 equal ones, for twelve months of 30 days: it proves its work once a month in one kind, at quality 1 and `M` = 1, keeps its\n" +
      "coins in wallets and its stake in the vault. Played in the bit-exact model by `npm run sybil`, in FTNS.\n\n" +
      "*Net* is rewards and yield less fees; *gain* is what it has more than as one account. The grace of a newcomer spares an account 3 FTNS at most.\n" +
      "*Votes* is what four votes a month would be worth if there were so many to be had: splitting brings more of them, because one is worth 2 FTNS at most.\n" +
      "They are worth at most a tenth of the work each, two fifths in all.\n\n" +
      cells(["work a month", "holds", "stake", "accounts", "rewards", "yield", "fees", "net", "gain", "votes"]) +
      cells(["---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:"]) +
      rows.join("")
    );
  }
});
