// docs/attacks.md, made of what the plays gave.
import type { Outcome, Play } from "./plays/play.ts";
import { cents, percent, ratio, roughly, whole } from "./words.ts";
import { HOARD } from "./world.ts";

export type Played = ReadonlyMap<Play, Outcome>;

/** @param idlePrice what the hoarder pays who does nothing */
export function pageOf(played: Played, idlePrice: bigint): string {
  const rows = [...played];
  const cheats = rows.filter(([{ group }]) => group === "cheat");
  const liquid = cheats.filter(([play]) => play.liquid);
  const locked = cheats.filter(([play]) => !play.liquid);
  const honest = rows.filter(([{ group }]) => group === "honest");
  return [
    intro(idlePrice),
    "## Ways that keep the coins at hand\n",
    table(
      ["way", "how", "fee", "work", "together", "of the idle price", "saved for an FTNS of work"],
      liquid.map(([play, outcome]) => liquidRow(play, outcome, idlePrice)),
    ),
    LOCKED,
    table(
      ["way", "how", "stake", "fee", "work", "yield", "yield without it", "leaving"],
      locked.map(([{ name, how }, { fee, work, holds, brings, without, leaving }]) => [
        name,
        how,
        whole(holds ?? HOARD),
        whole(fee),
        whole(work),
        orNothing(brings),
        orNothing(without),
        orNothing(leaving),
      ]),
    ),
    HONEST,
    table(
      ["who", "how", "holds", "fee", "of what it holds", "were it idle"],
      honest.map(([{ name, how }, { fee, holds = 0n }]) => [
        name,
        how,
        cents(holds),
        cents(fee),
        percent(fee, holds),
        cents((holds * idlePrice) / HOARD),
      ]),
    ),
    "## Why, and what else was seen\n",
    `${rows.map(([play, outcome]) => remark(play, outcome)).join("\n")}\n`,
  ].join("\n");
}

/** Idle price less fee, for each FTNS of work. */
const savedForWork = ({ fee, work }: Outcome, idlePrice: bigint): string =>
  work === 0n ? "" : ratio(idlePrice > fee ? idlePrice - fee : 0n, work);

function liquidRow({ name, how, pricedInGas }: Play, outcome: Outcome, idlePrice: bigint): string[] {
  const { fee, work } = outcome;
  const price = pricedInGas ? ["gas", "gas"] : [whole(fee + work), percent(fee + work, idlePrice)];
  return [name, how, whole(fee), whole(work), ...price, savedForWork(outcome, idlePrice)];
}

function remark({ name, stops, comparedDays }: Play, { note, gas }: Outcome): string {
  const where = comparedDays === undefined ? "" : `Played in the model, of it ${comparedDays} days on the contracts too.`;
  const used = gas === undefined ? "" : `Gas: some ${roughly(gas)}.`;
  return `- **${name}**: ${[stops, note ?? "", used, where].filter((part) => part !== "").join(" ")}`;
}

const orNothing = (amount: bigint | undefined) => (amount === undefined ? "" : whole(amount));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [head, head.map(() => "---"), ...rows].map(line).join("");
}

const intro = (idlePrice: bigint) => `# What each cheat costs

Demurrage is there so that hoarding costs. Whoever has ${whole(HOARD)} FTNS and does nothing pays ${whole(idlePrice)} of them in a year: the
**idle price**. Here are the ways to pay less that we know of, each played for a year of 365 days by \`test/attacks/\`, which also writes
this page (\`npm run attacks\`); a test fails when the two differ. All numbers are FTNS. They come from the contracts or,
where the last section says so, from the bit-exact model, of which a stretch is compared with the contracts wei for wei.

Three things that they show:

- **Every way that keeps the coins at hand costs at least half of the idle price,** fee and work together. The half that can be saved is
  the highest tier's, which is the owner's rule and takes real work for as long as it lasts. One way has its price in gas.
- **Nobody works for the sake of cheating.** An FTNS of work that vouches for others, or begins a grace, saves the hoarder a fraction of an
  FTNS: so much it can pay for it at most, on top of the reward. Its vouching, a grace and the cover of a stake, all sold at once, still
  bring less than the FTNS itself. If contributors who work anyway gave their vouching away, the fee alone would be left; but there is
  only so much of it, 20 times what all of them prove.
- **Nothing pays without contribution but a stake,** which is locked for seven days and pays 1.5 % a year out of recycled fees. Claims on a
  stake that a third party issues are as liquid as their market; no rule of ours reaches them.

*Work* is verified value times quality at its own full value, whoever does it. It is paid for by the network as any work is; what a
hoarder pays contributors is its own affair. *Saved for an FTNS of work* is the idle price less the fee, divided by the work.
`;

const LOCKED = `## What is locked, and what is built on it

A stake pays no demurrage and takes seven days to leave. *Yield* is what it was paid in the time played, *without it* what the same
stake was paid beside it without proofs, *leaving* the demurrage of the seven days.
`;

const HONEST = `## What honest people pay

*Were it idle* is what the same holding would pay in a wallet that does nothing.
`;
