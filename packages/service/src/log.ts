import { type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { Secrets } from "./secrets.ts";

/** Structured lines on stdout, made readable on a terminal. Known secrets are blanked out of every line. */
export function createLogger(level: string, secrets: Secrets, terminal = process.stdout.isTTY === true): Logger {
  const options = {
    level,
    base: {},
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => secrets.scrub(line) },
  };
  const stream = terminal
    ? pretty({ sync: true, colorize: true, singleLine: true, translateTime: "SYS:HH:MM:ss", ignore: "job,outcome" })
    : pino.destination({ fd: 1, sync: true });
  return pino(options, stream);
}
