import { balanceOn, type Plan, type ProjectedDay, project, projectPlan } from "@ftns/sdk/account/projection.ts";
import { readAccount } from "@ftns/sdk/account/report.ts";
import { wordsOfDay } from "@ftns/sdk/explain/words.ts";
import { dayOf, formatFtns } from "@ftns/sdk/units.ts";
import { accountOf, type Context, open } from "../context.ts";
import { Ended, EXIT } from "../exit.ts";
import { answer } from "../output.ts";
import { amountFrom, wholeFrom } from "../values.ts";

export interface ProjectFlags {
  days: string;
  stake?: string;
  wrap?: string;
  receive?: string;
  activity?: string;
  every: boolean;
}

const LONGEST_DAYS = 3_650;

/** What the balance will be, day by day, if nothing is done, or if what the options say is done. */
export async function projectCommand(context: Context, named: string | undefined, flags: ProjectFlags): Promise<void> {
  const days = wholeFrom(flags.days, "number of days", 1, LONGEST_DAYS);
  const plan = planOf(flags);
  const { economy } = await open(context);
  const report = await readAccount(economy, await accountOf(context, named));
  const today = Number(dayOf(report.at.timestamp));
  if (balanceOn(report.stored, today) !== report.holds.balance) {
    throw new Ended(
      EXIT.cannotStart,
      "This token keeps its accounts in another way than is known here.",
      "Take the version of ftns that fits it.",
    );
  }
  const rows = plan === undefined ? project(report.stored, today, days) : planned(report.stored, today, days, plan);
  const last = rows.at(-1)!;
  const taken = rows.reduce((sum, { fee }) => sum + fee, 0n);
  const shown = flags.every ? rows : changing(rows);
  const lines = [
    `${report.address} holds ${formatFtns(report.holds.balance, 6)}.`,
    ...shown.map((row) => `  ${wordsOfDay(row)}`),
    `After ${days} days: ${formatFtns(last.balance, 6)}; ${formatFtns(taken, 6)} of demurrage.`,
    plan === undefined
      ? "Nothing sent, received or proven, and the rules as they are: so it is to the wei as long as nobody settles the account in between."
      : "With the plan given, and the rules as they are.",
  ];
  answer(context, lines, { address: report.address, at: report.at, balance: report.holds.balance, days: rows, demurrage: taken });
}

function planOf({ stake, wrap, receive, activity }: ProjectFlags): Plan | undefined {
  if ([stake, wrap, receive, activity].every((one) => one === undefined)) return undefined;
  const amount = (text: string | undefined) => (text === undefined ? 0n : amountFrom(text));
  return { moveAway: amount(stake) + amount(wrap), receive: amount(receive), activityADay: amount(activity) };
}

function planned(...[stored, today, days, plan]: Parameters<typeof projectPlan>): ProjectedDay[] {
  try {
    return projectPlan(stored, today, days, plan);
  } catch (error) {
    if (error instanceof RangeError) throw new Ended(EXIT.refused, `${error.message}.`, "Name smaller amounts.");
    throw error;
  }
}

/** The days on which something changes but the amount, and the last. */
function changing(rows: readonly ProjectedDay[]): ProjectedDay[] {
  return rows.filter((row, index) => {
    const before = rows[index - 1];
    if (before === undefined || index === rows.length - 1) return true;
    return before.reason !== row.reason || before.rate !== row.rate || before.tier !== row.tier;
  });
}
