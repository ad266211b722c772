import { type Finding, SEVERITIES, type Severity } from "../findings.ts";

/** One message to a receiver. */
export interface Message {
  status: "firing" | "resolved" | "notice";
  id: string;
  severity: Severity;
  title: string;
  detail: string;
  runbook?: string;
}

/** What a receiver knows: the troubles that it was told of, those that wait for their patience to end, and those that went lately. */
export type Memory = ReadonlyMap<string, Remembered>;

export interface Remembered {
  finding: Finding;
  /** When it was first found, and last told (milliseconds). */
  since: number;
  toldAt?: number;
  /** Since when it is not there, if it is not. */
  goneAt?: number;
  /** Whether the receiver was told that it is over. */
  closed?: boolean;
  /** How often it came back soon after it had gone. */
  returns?: number;
}

/** A trouble that comes back within this time after it went is the same one, which comes and goes. */
export const CALM_MS = 1_800_000;

export interface ReceiverRules {
  minSeverity: Severity;
  repeatSec: number;
}

const rank = (severity: Severity) => SEVERITIES.indexOf(severity);

/**
 * What a receiver is to be told now, and what it will know then: a trouble once when it comes, again when it gets worse or
 * has lasted for `repeatSec`, and once when it is over. One that comes back soon is told once more, as one that comes and goes;
 * then nothing of its coming and going until it has been away for half an hour.
 */
export function planMessages(
  known: Memory,
  findings: readonly Finding[],
  now: number,
  { minSeverity, repeatSec }: ReceiverRules,
): { messages: Message[]; memory: Memory } {
  const memory = new Map<string, Remembered>();
  const messages: Message[] = [];
  for (const finding of findings) {
    const before = known.get(finding.id);
    const { goneAt, closed = false } = before ?? {};
    const told = before?.toldAt !== undefined;
    const returns = (before?.returns ?? 0) + Number(told && goneAt !== undefined);
    const since = before?.since ?? now;
    const patient = now - since < (finding.patienceSec ?? 0) * 1_000;
    const worse = told && rank(finding.severity) > rank(before.finding.severity);
    const again = told && now - before.toldAt! >= repeatSec * 1_000;
    const due = told ? closed || worse || again : !patient;
    const tell = due && rank(finding.severity) >= rank(minSeverity);
    if (tell) messages.push(messageOf("firing", finding, returns));
    const toldAt = tell ? now : before?.toldAt;
    // What was last told of decides whether it got worse since.
    const remembered = tell || !told ? finding : { ...finding, severity: before.finding.severity };
    memory.set(finding.id, {
      finding: remembered,
      since,
      ...(toldAt !== undefined && { toldAt }),
      ...(closed && !tell && { closed }),
      ...(returns > 0 && { returns }),
    });
  }
  for (const [id, before] of known) {
    if (memory.has(id) || before.toldAt === undefined) continue;
    const { finding, goneAt = now, closed = false, returns = 0 } = before;
    const calm = now - goneAt >= CALM_MS;
    const close = !closed && (returns === 0 || calm);
    if (close) messages.push(messageOf("resolved", finding));
    if (!calm) memory.set(id, { ...before, goneAt, closed: closed || close });
  }
  return { messages, memory };
}

function messageOf(status: "firing" | "resolved", { id, severity, title, detail, runbook }: Finding, returns = 0): Message {
  const flaps = `; it comes and goes (${returns + 1} times so far): you are told when it has been away for ${CALM_MS / 60_000} min`;
  return {
    status,
    id,
    severity,
    title,
    detail: status === "firing" ? `${detail}${returns > 0 ? flaps : ""}` : "it is over",
    runbook,
  };
}
