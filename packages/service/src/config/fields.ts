import { z } from "zod/v4";
import { WAD, parseDecimal } from "@ftns/sdk/units.ts";

/** The kinds of value that the configuration is made of, each with the words that an operator reads when it is wrong. */

export const text = (what: string) => z.string(`expected ${what}`).min(1, `expected ${what}`);

export const wholeNumber = (min: number, max: number, unit: string) => {
  const expected = `expected a whole number of ${unit} from ${min} to ${max}`;
  return z.number(expected).int(expected).min(min, expected).max(max, expected);
};

export const ratioWad = (max: number) => {
  const expected = `expected a ratio above 0 and at most ${max}; 0.01 is one percent`;
  return z
    .number(expected)
    .positive(expected)
    .max(max, expected)
    .transform((value) => parseDecimal(value, 18) ?? WAD);
};

export const amount = (unit: string, decimals: number) => {
  const expected = `expected an amount of ${unit} from 0 to 1000000`;
  return z
    .number(expected)
    .min(0, expected)
    .max(1_000_000, expected)
    .transform((value) => parseDecimal(value, decimals)!);
};

export const gwei = () => amount("gwei", 9);

/** An amount of the chain's coin, in wei. */
export const coins = () => amount("the chain's coin", 18);

export const listening = () =>
  z.strictObject({
    host: text("a host name or address to listen at").default("127.0.0.1").describe("Address to listen at"),
    port: wholeNumber(1, 65_535, "a port").describe("Port to listen at"),
  });

export const address = () =>
  z
    .string("expected a contract address, 0x and 40 hex digits")
    .regex(/^0x[0-9a-fA-F]{40}$/, "expected a contract address, 0x and 40 hex digits")
    .refine((value) => !/^0x0{40}$/.test(value), "the zero address holds no contract; put the deployed address here");

export const envName = () => {
  const expected = "expected the name of an environment variable, such as KEEPER_KEY, never the secret itself";
  return z.string(expected).regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, expected);
};

export const envReference = z.strictObject({
  env: envName().describe("Name of the environment variable that holds the value"),
});

const URL_EXPECTED = 'expected an http:// or https:// URL, or {"env": "NAME"} when the URL holds an API key';
export const url = () =>
  z.union([z.string(URL_EXPECTED).refine((value) => /^https?:\/\/[^\s/]/.test(value), URL_EXPECTED), envReference], URL_EXPECTED);

const KEY_EXPECTED =
  'expected {"keystore": "file.json", "passwordFile": "file"} or {"keystore": "file.json", "passwordEnv": "NAME"} or ' +
  '{"command": ["path"], "address": "0x..."} or, in local mode, {"env": "NAME"}; a private key never stands in this file';

const keystore = text("the path of an encrypted keystore file, relative to this file").describe(
  "Path of an encrypted keystore (JSON), relative to the configuration file",
);

export const key = () =>
  z.union(
    [
      z.strictObject({
        keystore,
        passwordFile: text("the path of a file that holds the password").describe("Path of a file with the password"),
      }),
      z.strictObject({
        keystore,
        passwordEnv: envName().describe("Name of the environment variable that holds the keystore's password"),
      }),
      z.strictObject({
        command: z.array(text("a path or an argument")).min(1).max(32).describe("Program that signs, and its arguments"),
        address: address().describe("The account whose key the program holds"),
        timeoutMs: wholeNumber(100, 120_000, "milliseconds").default(10_000).describe("Give up on a signature after this"),
      }),
      envReference,
    ],
    KEY_EXPECTED,
  );

export type KeyReference = z.output<ReturnType<typeof key>>;
export type UrlReference = z.output<ReturnType<typeof url>>;
