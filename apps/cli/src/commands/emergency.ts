import { ACTIONS, TRIGGERS } from "@ftns/model/safety/triggers.ts";
import { formatDuration, formatFtns, formatPercent, formatTime } from "@ftns/sdk/units.ts";
import { type Context, open, openToSign } from "../context.ts";
import { Ended, EXIT } from "../exit.ts";
import { answer } from "../output.ts";
import { sendAll } from "../send.ts";
import { supportFrom } from "./vote.ts";

/** What is measured, what is open, what is put to the vote, and how it stands. */
export async function emergencyCommand(context: Context): Promise<void> {
  const { economy, provider } = await open(context);
  const { breaker, emergencyGovernor } = economy;
  const head = (await provider.getBlock("latest"))!;
  const at = { blockTag: head.number };
  const now = BigInt(head.timestamp);
  const emergency = await breaker.emergency(at);
  const findings = await Promise.all(
    TRIGGERS.map(async (name, kind) => ({
      name,
      ...pick(await breaker.find(BigInt(kind), at)),
      ...(await breaker.canTrigger(BigInt(kind), at).then(({ taken, bond }) => ({ taken, bond }))),
    })),
  );
  const votes = await Promise.all(
    ACTIONS.map(async (name, action) => {
      const [proposalId, until] = await Promise.all([
        breaker.voteOn(BigInt(action), at),
        breaker.effectUntil(BigInt(action), at),
      ]);
      if (proposalId === 0n) return { name, until };
      const [standing, deadline] = await Promise.all([
        emergencyGovernor.standingOf(proposalId, at),
        emergencyGovernor.proposalDeadline(proposalId, at),
      ]);
      const { needed, support, opposition, supporters, minSupporters, passedAt, stopped } = standing;
      return { name, until, proposalId, deadline, needed, support, opposition, supporters, minSupporters, passedAt, stopped };
    }),
  );
  const lines = [
    emergency.openUntil > now
      ? `Emergency ${emergency.id} is open since ${formatTime(emergency.openedAt)}, at most until ${formatTime(emergency.openUntil)}.`
      : "No emergency is open.",
    "What is measured now:",
    ...findings.map(
      ({ name, known, met, measured, confidence, bond }) =>
        `  ${name}: ${known ? `${met ? "MET" : "not met"}, ${formatPercent(measured)} at a confidence of ${formatPercent(confidence)}` : "cannot be known now"}` +
        (bond > 0n ? `; a trigger needs a bond of ${formatFtns(bond)}` : ""),
    ),
    "What is put to the vote, and what is in effect:",
    ...votes.map(
      (vote) =>
        `  ${vote.name}: ${vote.until > now ? `in effect until ${formatTime(vote.until)}` : "not in effect"}${"proposalId" in vote ? wordsOfVote(vote, now) : ""}`,
    ),
  ];
  answer(context, lines, { emergency, findings, votes });
}

function pick({ known, met, measured, confidence }: { known: boolean; met: boolean; measured: bigint; confidence: bigint }) {
  return { known, met, measured, confidence };
}

type Vote = {
  deadline: bigint;
  needed: bigint;
  support: bigint;
  opposition: bigint;
  supporters: bigint;
  minSupporters: bigint;
  passedAt: bigint;
  stopped: boolean;
};

function wordsOfVote(vote: Partial<Vote>, now: bigint): string {
  const { deadline, needed, support, opposition, supporters, minSupporters, passedAt, stopped } = vote as Vote;
  const when = deadline > now ? `open for ${formatDuration(deadline - now)}` : "closed";
  const state = stopped ? "stopped by votes against" : passedAt > 0n ? `passed at ${formatTime(passedAt)}` : when;
  return `; vote ${state}: ${formatFtns(support, 2)} for of ${formatFtns(needed, 2)} needed, ${formatFtns(opposition, 2)} against, ${supporters} of ${minSupporters} supporters who may decide`;
}

/** Pulls a trigger whose condition holds. */
export async function triggerCommand(context: Context, name: string): Promise<void> {
  const kind = numberOf(TRIGGERS, name, "trigger");
  const signing = await openToSign(context);
  const transaction = await signing.economy.breaker.trigger.populateTransaction(kind);
  const { bond } = await signing.economy.breaker.canTrigger(kind);
  const promise =
    bond > 0n ? [`It needs a bond of ${formatFtns(bond)}, locked towards the breaker, which is slashed if it was noise.`] : [];
  await sendAll(context, signing, promise, [{ title: `Trigger ${name}`, transaction }]);
}

/** Votes on an action that an emergency put to the vote. */
export async function emergencyVoteCommand(context: Context, name: string, support: string): Promise<void> {
  const action = numberOf(ACTIONS, name, "action");
  const choice = supportFrom(support);
  const signing = await openToSign(context);
  const proposalId = await signing.economy.breaker.voteOn(action);
  if (proposalId === 0n)
    throw new Ended(EXIT.refused, `${name} is not put to the vote now.`, "ftns emergency tells what is. Nothing was sent.");
  const transaction = await signing.economy.emergencyGovernor.castVote.populateTransaction(proposalId, choice);
  await sendAll(context, signing, [], [{ title: `Vote ${support} on ${name}`, transaction }]);
}

function numberOf(names: readonly string[], name: string, what: string): bigint {
  const index = names.indexOf(name.toUpperCase().replaceAll("-", "_"));
  if (index < 0) throw new Ended(EXIT.cannotStart, `"${name}" is no ${what}.`, `There are ${names.join(", ")}.`);
  return BigInt(index);
}
