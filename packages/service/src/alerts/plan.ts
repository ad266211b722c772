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

/** What a receiver knows: the troubles that it was told of, and those that wait for their patience to end. */
export type Memory = ReadonlyMap<string, Remembered>;

export interface Remembered {
  finding: Finding;
  /** When it was first found, and last told (milliseconds). */
  since: number;
  toldAt?: number;
}

export interface ReceiverRules {
  minSeverity: Severity;
  repeatSec: number;
}

const rank = (severity: Severity) => SEVERITIES.indexOf(severity);

/**
 * What a receiver is to be told now, and what it will know then: a trouble once when it comes, again when it gets worse or
 * has lasted for `repeatSec`, and once when it is over.
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
    const since = before?.since ?? now;
    const told = before?.toldAt !== undefined;
    const patient = now - since < (finding.patienceSec ?? 0) * 1_000;
    const worse = told && rank(finding.severity) > rank(before.finding.severity);
    const again = told && now - before.toldAt! >= repeatSec * 1_000;
    const tell = rank(finding.severity) >= rank(minSeverity) && ((!told && !patient) || worse || again);
    if (tell) messages.push(messageOf("firing", finding));
    const toldAt = tell ? now : before?.toldAt;
    // What was last told of decides whether it got worse since.
    const remembered = tell || !told ? finding : { ...finding, severity: before.finding.severity };
    memory.set(finding.id, { finding: remembered, since, ...(toldAt !== undefined && { toldAt }) });
  }
  for (const [id, { finding, toldAt }] of known) {
    if (!memory.has(id) && toldAt !== undefined) messages.push(messageOf("resolved", finding));
  }
  return { messages, memory };
}

function messageOf(status: "firing" | "resolved", { id, severity, title, detail, runbook }: Finding): Message {
  return { status, id, severity, title, detail: status === "firing" ? detail : "it is over", runbook };
}
