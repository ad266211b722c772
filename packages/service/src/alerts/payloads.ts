import type { AlertConfig } from "../config/watching.ts";
import type { Message } from "./plan.ts";

/** Who speaks. */
export interface Speaker {
  /** The service, as an operator calls it. */
  who: string;
  account: string;
  chainId: number;
}

/** Discord refuses more; Slack cuts much longer texts. */
const MAX_TEXT = 2_000;

/** The body that a receiver takes. `at` is the time of the message. */
export function payloadOf(receiver: AlertConfig, message: Message, { who, account, chainId }: Speaker, at: Date): unknown {
  const where = `${who} ${account} on chain ${chainId}`;
  const head = headOf(message);
  switch (receiver.type) {
    case "webhook":
      return { version: 1, ...message, [who]: { account, chainId }, at: at.toISOString() };
    case "slack":
      return { text: cut(`*${forSlack(head)}*\n${forSlack(`${bodyOf(message)}\n${where}`)}`) };
    case "discord":
      // Nobody is called by what a message happens to contain.
      return { content: cut(`**${head}**\n${bodyOf(message)}\n${where}`), allowed_mentions: { parse: [] } };
    case "email-webhook":
      return {
        to: receiver.to,
        subject: `[ftns ${who}] ${head}`,
        text: `${bodyOf(message)}\n\n${where}\n${at.toISOString()}\n`,
      };
  }
}

function headOf({ status, severity, title }: Message): string {
  if (status === "resolved") return `Resolved: ${title}`;
  return status === "notice" ? title : `${severity.toUpperCase()}: ${title}`;
}

function bodyOf({ detail, runbook, status }: Message): string {
  return status === "firing" && runbook !== undefined ? `${detail}\nRunbook: docs/operating/runbooks.md#${runbook}` : detail;
}

/** Slack's three control characters. */
const forSlack = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const cut = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);
