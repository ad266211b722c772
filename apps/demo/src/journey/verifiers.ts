// Verifiers as an operator runs them: processes with a key and a database each, on one database server.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalServer } from "@ftns/service/database/server.ts";
import type { VerifierConfigInput } from "@ftns/verifier";
import type { Actor } from "../chain/actor.ts";
import type { Economy } from "../scenario/economy.ts";

const PROGRAM = fileURLToPath(import.meta.resolve("@ftns/verifier/main.ts"));
const PATIENCE_MS = 60_000;
/** During the replay their keys signed without a verifier, so that no database knows of it. */
const WHY = ["--accept-empty-memory", "during the replay the demo signed by itself"];

export interface RunningVerifier {
  url: string;
  pid: number;
}

export interface Verifiers {
  all: RunningVerifier[];
  stop(): Promise<void>;
}

/** Starts one for each of `actors`. Rejects, with nothing left behind, where there is no database server or one does not start. */
export async function startVerifiers(actors: readonly Actor[], economy: Economy, rpcUrl: string): Promise<Verifiers> {
  const folder = mkdtempSync(join(tmpdir(), "ftns-demo-"));
  // Started by root, the database server runs as another account, which must get there.
  chmodSync(folder, 0o711);
  const children: ChildProcess[] = [];
  let server: LocalServer | undefined;
  const stop = async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "close");
    }
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    server = new LocalServer(join(folder, "postgres"));
    await server.ensure();
    const seats = await Promise.all(actors.map(async (actor) => ({ name: actor.name, actor, port: await freePort() })));
    const urlOf = (port: number) => `http://127.0.0.1:${port}`;
    const all = await Promise.all(
      seats.map(async ({ name, actor, port }, index) => {
        const config: VerifierConfigInput = {
          mode: "local",
          chain: { rpcUrls: [rpcUrl], chainId: economy.chainId, maxClockSkewSec: 0 },
          key: { env: "VERIFIER_KEY" },
          contracts: {
            registry: await economy.registry.getAddress(),
            token: await economy.token.getAddress(),
            verifierStakes: await economy.registry.verifierStakes(),
          },
          database: { folder: join(folder, "postgres"), name: `verifier_${index}` },
          listen: { host: "127.0.0.1", port },
          publicUrl: urlOf(port),
          peers: seats
            .filter((seat) => seat.actor !== actor)
            .map((seat) => ({ name: seat.name, url: urlOf(seat.port), address: seat.actor.address })),
          fetch: { allowPrivate: true },
          limits: { lookMs: 100 },
        };
        const file = join(folder, `verifier-${index}.json`);
        writeFileSync(file, JSON.stringify(config));
        const child = spawn(process.execPath, [...process.execArgv, PROGRAM, "run", "--config", file, ...WHY], {
          env: { PATH: process.env["PATH"], VERIFIER_KEY: actor.wallet.privateKey },
          stdio: ["ignore", "pipe", "pipe"],
        });
        children.push(child);
        await saysIt(child, name);
        return { url: urlOf(port), pid: child.pid! };
      }),
    );
    return { all, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function saysIt(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`${name} does not start in ${PATIENCE_MS / 1_000} s`)), PATIENCE_MS);
    const end = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (chunk: Buffer) => {
        if (said.length > 100_000) return;
        said += chunk.toString();
        if (said.includes("answers at")) end(resolve);
      });
    child.once("close", () => end(() => reject(new Error(said.trim().split("\n").at(-1) ?? `${name} ended`))));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
