import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { explainProposal, linesOfCall } from "@ftns/sdk/explain/calls.ts";
import { interfaces } from "@ftns/sdk/contracts.ts";
import { formatFtns, formatTime } from "@ftns/sdk/units.ts";
import { id as hashOf, isAddress, isHexString } from "ethers";
import { addressFrom } from "../settings.ts";
import { type Context, open, openToSign } from "../context.ts";
import { Ended, EXIT } from "../exit.ts";
import { answer } from "../output.ts";
import { sendAll, type Step } from "../send.ts";
import { proposalFrom } from "../values.ts";

const STATES = [
  "waits for its vote",
  "is open",
  "was withdrawn",
  "was defeated",
  "passed",
  "is in the timelock",
  "expired",
  "was carried out",
];
const CHOICES = ["against", "for", "abstain"];

/** What a proposal would do, and how its vote stands. */
export async function proposalCommand(context: Context, id: string): Promise<void> {
  const proposalId = proposalFrom(id);
  const { economy, deployment } = await open(context);
  const { governor } = economy;
  const [found] = await governor
    .queryFilter(governor.filters.ProposalCreated(), deployment.fromBlock)
    .then((logs) => logs.filter(({ args }) => args.proposalId === proposalId));
  if (found === undefined) throw new Ended(EXIT.refused, `The governor knows no proposal ${proposalId}.`, "Check the number.");
  const { targets, calldatas, description, proposer, voteStart, voteEnd } = found.args;
  const values = [...found.args[3]] as bigint[];
  const [state, votes, constitutional] = await Promise.all([
    governor.state(proposalId),
    governor.proposalVotes(proposalId),
    governor.isConstitutional(proposalId),
  ]);
  const calls = explainProposal(deployment.addresses, { targets: [...targets], values, calldatas: [...calldatas] });
  const lines = [
    `Proposal ${proposalId} of ${proposer} ${STATES[Number(state)] ?? `is in state ${state}`}.`,
    `  ${constitutional ? "Constitutional: 20 % of the voting supply must be for it, and it waits 7 days." : "Ordinary."} Votes from ${formatTime(voteStart)} to ${formatTime(voteEnd)}.`,
    `  For ${formatFtns(votes.forVotes, 2)}, against ${formatFtns(votes.againstVotes, 2)}, abstaining ${formatFtns(votes.abstainVotes, 2)}.`,
    `  It says: ${description}`,
    "  It would:",
    ...calls.flatMap((call) => linesOfCall(call, "    ")),
  ];
  answer(context, lines, { proposalId, proposer, state, votes, constitutional, voteStart, voteEnd, description, calls });
}

/** Votes on a proposal of the ordinary governor. */
export async function voteCommand(context: Context, id: string, support: string, { reason }: { reason?: string }): Promise<void> {
  const proposalId = proposalFrom(id);
  const choice = supportFrom(support);
  const signing = await openToSign(context);
  const { governor } = signing.economy;
  const transaction =
    reason === undefined
      ? await governor.castVote.populateTransaction(proposalId, choice)
      : await governor.castVoteWithReason.populateTransaction(proposalId, choice, reason);
  const start = await governor.proposalSnapshot(proposalId);
  const weight = start === 0n ? 0n : await governor.getVotes(signing.address, start).catch(() => undefined);
  const promise = [
    weight === undefined
      ? "Its vote has not begun."
      : `It counts with ${formatFtns(weight)}, what you held in votes when the vote began.`,
  ];
  await sendAll(context, signing, promise, [{ title: `Vote ${support} on ${proposalId}`, transaction }]);
}

interface ProposedCall {
  target: string;
  value: bigint;
  data: string;
}

/** Makes a proposal of the calls in a file, locking its deposit first where that is missing. */
export async function proposeCommand(context: Context, file: string, { description }: { description: string }): Promise<void> {
  const calls = callsIn(file);
  const signing = await openToSign(context);
  const { governor, proposalDeposits, vault } = signing.economy;
  const deposits = await proposalDeposits.getAddress();
  const [deposit, locked] = await Promise.all([proposalDeposits.deposit(), vault.lockOf(signing.address, deposits)]);
  const targets = calls.map(({ target }) => target);
  const values = calls.map(({ value }) => value);
  const datas = calls.map(({ data }) => data);
  const steps: Step[] = [];
  if (locked < deposit) {
    steps.push({
      title: `Lock the deposit of ${formatFtns(deposit)}`,
      transaction: await vault.lock.populateTransaction(deposits, deposit - locked),
    });
  }
  steps.push({ title: "Propose", transaction: await governor.propose.populateTransaction(targets, values, datas, description) });
  const promise = [
    `The deposit of ${formatFtns(deposit)} stays locked in your stake. It is freed when the proposal passes or 5 % of the voting supply take part, and taken otherwise.`,
  ];
  await sendAll(context, signing, promise, steps);
  const id = interfaces.governor().encodeFunctionData("hashProposal", [targets, values, datas, hashOf(description)]);
  const proposalId = BigInt(await signing.provider.call({ to: governor.target as string, data: id }));
  context.terminal.print(
    context.settings.json === true ? `${JSON.stringify({ proposalId: proposalId.toString() })}\n` : `Proposal ${proposalId}\n`,
  );
}

/** Gives the votes of the stake to somebody. */
export async function delegateCommand(context: Context, to: string): Promise<void> {
  const delegatee = addressFrom(to);
  const signing = await openToSign(context);
  const transaction = await signing.economy.vault.delegate.populateTransaction(delegatee);
  await sendAll(
    context,
    signing,
    [`${delegatee} casts your votes from then on; your stake stays yours.`],
    [{ title: "Delegate", transaction }],
  );
}

export function supportFrom(text: string): number {
  const choice = CHOICES.indexOf(text.toLowerCase());
  if (choice < 0) throw new Ended(EXIT.cannotStart, `"${text}" is no vote.`, `Vote ${CHOICES.join(", ")}.`);
  return choice;
}

/** `[{"target": "0x...", "data": "0x...", "value": "0"}]` */
function callsIn(file: string): ProposedCall[] {
  const example = 'It holds [{"target": "0x...", "data": "0x..."}, ...].';
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(resolve(file), "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "is no JSON" : "cannot be read";
    throw new Ended(EXIT.cannotStart, `${file} ${why}.`, example);
  }
  if (!Array.isArray(parsed) || parsed.length === 0)
    throw new Ended(EXIT.cannotStart, `${file} holds no list of calls.`, example);
  return parsed.map((one: unknown, index) => {
    const { target, data, value = "0" } = (one ?? {}) as Record<string, unknown>;
    const good = isAddress(target) && isHexString(data) && String(data).length % 2 === 0 && /^\d{1,30}$/.test(String(value));
    if (!good) throw new Ended(EXIT.cannotStart, `Call ${index + 1} in ${file} is not whole.`, example);
    return { target: String(target), data: String(data), value: BigInt(String(value)) };
  });
}
