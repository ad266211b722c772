import type { Check, JobWork, KeepersReport } from "../report/types.ts";
import type { Economy } from "./economy.ts";
import type { Act } from "./keeperActs.ts";
import type { Ledger } from "./ledger.ts";

const ACTS: Record<Act["kind"], string> = {
  trigger: "triggers",
  action: "motions carried out",
  queue: "queued",
  execute: "executed",
};

/** Holds what the keepers say of themselves against the chain. */
export async function checkKeepers(economy: Economy, ledger: Ledger, keepers: KeepersReport): Promise<Check[]> {
  const { provider } = economy;
  const accounts = new Set(keepers.twins.map(({ address }) => address));
  const [senders, nonces] = await Promise.all([
    Promise.all(ledger.acts.map(async ({ transaction }) => (await provider.getTransaction(transaction))?.from ?? "nobody")),
    Promise.all(keepers.twins.map(({ address }) => provider.send("eth_getTransactionCount", [address, "latest"]).then(Number))),
  ]);
  const strangers = senders.filter((sender) => !accounts.has(sender));
  const count = (kind: Act["kind"]) => ledger.acts.filter(({ act }) => act.kind === kind).length;
  const done = (...jobs: string[]) => jobs.reduce((total, name) => total + doneAt(keepers.jobs, name), 0);
  const told = keepers.twins.map(({ transactions }) => transactions);
  return [
    {
      name: "Triggers, motions, queueing and execution were all sent by the keepers",
      ok: strangers.length === 0 && ledger.acts.length === keepers.decisions.length,
      detail: `${(Object.keys(ACTS) as Act["kind"][]).map((kind) => `${count(kind)} ${ACTS[kind]}`).join(", ")} by events; ${keepers.decisions.length} told by the keepers; ${strangers.length} sent by anybody else`,
    },
    equal("No job was done twice, and none by anybody else", [
      ["price reports", ledger.priceRounds, done("report-price")],
      ["price records", ledger.priceRecords, done("record-price")],
      ["adjustments", ledger.adjustments.length, done("adjust-supply")],
      ["triggers, motions and proposals", ledger.acts.length, done("watch-emergency", "run-governance")],
    ]),
    equal(
      "The keepers know all that they sent",
      keepers.twins.map(({ name }, i) => [`${name}'s transactions`, nonces[i]!, told[i]!]),
    ),
    {
      name: "The keepers' purses match their books",
      ok: keepers.twins.every(({ paid, fees }) => paid === fees),
      detail: keepers.twins
        .map(
          ({ name, paid, fees }) =>
            `${name}'s account holds ${paid} less of the chain's coin than at launch, and its books say ${fees}`,
        )
        .join("; "),
    },
  ];
}

function doneAt(jobs: readonly JobWork[], name: string): number {
  return jobs.find(({ job }) => job === name)?.done ?? 0;
}

/** Numbers by the chain and by the keepers. */
function equal(name: string, rows: readonly (readonly [what: string, chain: number, keepers: number])[]): Check {
  return {
    name,
    ok: rows.every(([, chain, keepers]) => chain === keepers),
    detail: rows.map(([what, chain, keepers]) => `${what}: ${chain} on the chain, ${keepers} by the keepers`).join("; "),
  };
}
