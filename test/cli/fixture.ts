// An economy behind a JSON-RPC door, and a person at a terminal.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONTRACTS } from "@ftns/sdk/economy.ts";
import { runCli } from "@ftns/cli/cli.ts";
import { Wallet, toQuantity } from "ethers";
import { bridgeTo } from "../keeper/bridge.ts";
import { FTNS } from "../helpers/economy.ts";
import { verifiersFixture } from "../verifiers/fixture.ts";

/** Of this suite alone, so that finding it in an output proves a leak. */
export const KEY = `0x${"4badcafe".repeat(8)}`;

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export async function cliFixture() {
  const { connection, ethers, fresh } = await verifiersFixture();
  const bridge = await bridgeTo(connection);
  const folder = mkdtempSync(join(tmpdir(), "ftns-cli-"));
  const person = new Wallet(KEY).address;

  /** A fresh economy in which the person holds 1,000 FTNS, and a way to run commands on it. */
  async function start() {
    const d = await fresh();
    await connection.provider.request({ method: "hardhat_setBalance", params: [person, toQuantity(10n ** 20n)] });
    await d.token.connect(d.people.treasury).transfer(person, 1_000n * FTNS);
    const record = join(folder, "deployed_addresses.json");
    const addresses = d.addresses as unknown as Record<string, string>;
    writeFileSync(
      record,
      JSON.stringify(
        Object.fromEntries(Object.entries(CONTRACTS).map(([name, contract]) => [`Economy#${contract}`, addresses[name]])),
      ),
    );

    const run = async (
      argv: readonly string[],
      {
        answers = [] as string[],
        env = {} as Record<string, string>,
        signal = undefined as AbortSignal | undefined,
        heard = (_text: string) => {},
      } = {},
    ): Promise<Ran> => {
      let out = "";
      let err = "";
      const code = await runCli(argv, {
        env: { FTNS_RPC: bridge.url, FTNS_DEPLOYMENT: record, FTNS_TEST_KEY: KEY, ...env },
        terminal: {
          print: (text) => {
            out += text;
            heard(text);
          },
          ask: async (question) => {
            out += question;
            return answers.shift();
          },
        },
        complain: (text) => (err += text),
        ...(signal && { signal }),
      });
      return { code, out, err };
    };
    /** The same with the key, and a yes to whatever is asked. */
    const act = (...argv: string[]) => run(["--key-env", "FTNS_TEST_KEY", ...argv], { answers: ["y", "y", "y"] });
    return { d, run, act, person, folder, record };
  }
  return { start, close: () => bridge.close(), connection, ethers };
}

export type Cli = Awaited<ReturnType<Awaited<ReturnType<typeof cliFixture>>["start"]>>;
