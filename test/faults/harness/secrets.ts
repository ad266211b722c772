// Every secret of the suite, and everything that its keepers print, log, serve and send.
import { pino } from "pino";
import { Secrets } from "@ftns/service/secrets.ts";
import { REPORTER_KEYS, TWIN_KEY } from "../../keeper/chain.ts";

const key = (pattern: string) => `0x${pattern.repeat(8)}`;

/** In no other use, so that finding one in an output proves a leak. By the variable that holds it. */
export const SECRETS: Record<string, string> = {
  TWIN_KEY,
  ACCOUNT_0: key("1fa1ded0"),
  ACCOUNT_1: key("2fa1ded0"),
  ACCOUNT_2: key("3fa1ded0"),
  ACCOUNT_3: key("4fa1ded0"),
  ACCOUNT_4: key("5fa1ded0"),
  ACCOUNT_5: key("8fa1ded0"),
  ACCOUNT_6: key("9fa1ded0"),
  ACCOUNT_7: key("afa1ded0"),
  REPORTER_0: REPORTER_KEYS[0]!,
  REPORTER_1: REPORTER_KEYS[1]!,
  REPORTER_2: REPORTER_KEYS[2]!,
  REPORTER_3: key("6fa1ded0"),
  REPORTER_4: key("7fa1ded0"),
};

/** Path of every endpoint: providers put their key there. */
export const RPC_TOKEN = "rpc-token-of-the-fault-suite";
export const PASSWORD = "a password of the fault suite";
export const ALERT_TOKEN = "alert-token-of-the-fault-suite";

/** What the keepers gave out, by where it came out. */
export const printed = new Map<string, string[]>();

export function notePrinted(where: string, text: string): void {
  const known = printed.get(where);
  if (known) known.push(text);
  else printed.set(where, [text]);
}

/** A log as the service writes it, blanked as there, and kept. */
export function newLogger() {
  const secrets = new Secrets();
  const options = { level: "debug", base: {}, hooks: { streamWrite: (line: string) => secrets.scrub(line) } };
  const logger = pino(options, { write: (line: string) => notePrinted("log", line) });
  return { logger, secrets };
}

/** Where something secret was printed, and which; empty when nothing was. */
export function leaks(): string[] {
  const needles = Object.entries(SECRETS).map(([name, value]) => [name, value.slice(2, 26)] as const);
  const all = [...needles, ["RPC_TOKEN", RPC_TOKEN], ["PASSWORD", PASSWORD], ["ALERT_TOKEN", ALERT_TOKEN]] as const;
  return [...printed].flatMap(([where, texts]) => {
    const text = texts.join("\n").toLowerCase();
    return all.filter(([, needle]) => text.includes(needle.toLowerCase())).map(([name]) => `${name} in ${where}`);
  });
}
