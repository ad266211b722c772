import { ServiceError } from "../errors.ts";
import type { Secrets } from "../secrets.ts";
import type { UrlReference } from "./fields.ts";

/** Where keys and secrets named in the configuration are looked up. */
export interface KeyContext {
  env: NodeJS.ProcessEnv;
  baseDir: string;
  secrets: Secrets;
  /** Told what is unwise but no reason to stop. */
  warn?: ((message: string) => void) | undefined;
}

/** A URL as written, or from the environment, where it counts as a secret. */
export function openUrl(reference: UrlReference, field: string, context: KeyContext): string {
  if (typeof reference === "string") return reference;
  const url = openSecret(reference.env, field, "a URL", context);
  if (!/^https?:\/\/[^\s/]/.test(url)) {
    throw new ServiceError(
      `${field}: the environment variable ${reference.env} holds no http:// or https:// URL.`,
      "Set it to one.",
    );
  }
  return url;
}

/** The value of an environment variable, remembered as a secret. */
export function openSecret(name: string, field: string, what: string, { env, secrets }: KeyContext): string {
  const value = env[name]?.trim();
  if (!value) {
    throw new ServiceError(
      `${field}: the environment variable ${name}, which should hold ${what}, is not set.`,
      `Set it before starting, for example: ${name}=... npm run keeper -- run --config <file>`,
    );
  }
  secrets.add(value);
  return value;
}
