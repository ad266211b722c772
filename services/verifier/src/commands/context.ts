import type { Secrets } from "@ftns/service/secrets.ts";

export interface Flags {
  config: string;
  acceptEmptyMemory?: string;
}

/** What a command prints with; secrets are blanked out of all of it. */
export interface CommandContext {
  secrets: Secrets;
  print(text: string): void;
  complain(error: unknown): void;
}
