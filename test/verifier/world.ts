// A local chain with an economy, one database server, and verifiers as processes of their own, as operators run them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChain } from "@ftns/demo/chain/server.ts";
import { evidenceRoot, type Json } from "@ftns/evidence";
import { type SigningPlace, signSubmitProof } from "@ftns/sdk";
import { Database } from "@ftns/service/database/database.ts";
import type { VerifierConfigInput } from "@ftns/verifier";
import { VERIFIER_TABLES } from "@ftns/verifier/claims/tables.ts";
import { HDNodeWallet, Mnemonic } from "ethers";
import { KIND, proof, WAD } from "../contributors/fixture.ts";
import { type OwnServer, ownServer } from "../database/local.ts";
import { economyOn, FTNS, parametersOf } from "../helpers/economy.ts";
import { QUICK_ENV, RUN_TS } from "../helpers/node.ts";
import { attest } from "../helpers/sign.ts";
import type { Connection } from "../helpers/time.ts";
import { freePorts } from "../keeper/ports.ts";
import { lockStake } from "../verifiers/fixture.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PHRASE = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
/** Of the test chain's accounts: see `cast`. */
export const accountKey = (index: number) => HDNodeWallet.fromMnemonic(PHRASE, `m/44'/60'/0'/0/${index}`).privateKey;
const FIRST_VERIFIER = 5;
export const CHAIN_ID = 31_337;
const NOON_SEC = 36_000n;
const LOCK = 100_000n * FTNS;

export interface Seat {
  name: string;
  key: string;
  address: string;
  port: number;
  url: string;
  folder: string;
}

/** An answer of a verifier. */
export interface Said {
  status: number;
  body: any;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

export async function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), "ftns-verifiers-"));
  chmodSync(folder, 0o711);
  const [chainPort, ...ports] = (await freePorts(4)) as [number, ...number[]];
  const chain = await startChain(chainPort, Math.floor(Date.now() / 1_000));
  const connection = chain.connection as unknown as Connection;
  const economy = await economyOn(connection, parametersOf, { bound: true });
  await economy.clock.toDaysAhead(1n, NOON_SEC);
  const { people, registry, addresses } = economy;
  for (const verifier of people.verifiers) await lockStake(economy, verifier, LOCK);
  await economy.pool.connect(people.governor).setEmissionShare(10n ** 16n);
  const place: SigningPlace = { chainId: BigInt(CHAIN_ID), verifyingContract: await registry.getAddress() };
  const own: OwnServer = ownServer();
  await own.server.ensure();
  const seats = people.verifiers.map(
    ({ address }, index): Seat => ({
      name: ["north", "south", "west"][index]!,
      key: accountKey(FIRST_VERIFIER + index),
      address,
      port: ports[index]!,
      url: `http://127.0.0.1:${ports[index]}`,
      folder: mkdtempSync(join(folder, "seat-")),
    }),
  );
  const running = new Set<VerifierProcess>();

  /** As an operator writes it. */
  function configOf(seat: Seat, change: Partial<VerifierConfigInput> = {}): VerifierConfigInput {
    return {
      mode: "local",
      chain: { rpcUrls: [chain.url], chainId: CHAIN_ID, maxClockSkewSec: 0 },
      key: { env: "VERIFIER_KEY" },
      contracts: {
        registry: addresses.registry,
        token: addresses.token,
        verifierStakes: addresses.verifierStakes,
        voteProofs: addresses.voteProofs,
        batchRewards: addresses.batchRewards,
      },
      database: { folder: own.folder, name: `verifier_${seat.name}` },
      listen: { host: "127.0.0.1", port: seat.port },
      publicUrl: seat.url,
      peers: seats.filter(({ name }) => name !== seat.name).map(({ name, url, address }) => ({ name, url, address })),
      fetch: { allowPrivate: true },
      storage: { fullQualityGb: 30_000 / 2 ** 30 },
      limits: {
        lookMs: 100,
        requestsPerMinute: 100_000,
        lateChallengeSec: 300,
        submitWaitMs: 10_000,
        openClaims: 100,
        claimsPerDay: 1_000,
      },
      relay: { account: { env: "RELAY_KEY" }, minValueFtns: 0, transactions: { stuckAfterSec: 10, giveUpAfterSec: 20 } },
      ...change,
    };
  }

  async function start(seat: Seat, change: Partial<VerifierConfigInput> = {}, flags: string[] = []): Promise<VerifierProcess> {
    const file = join(seat.folder, "verifier.json");
    writeFileSync(file, JSON.stringify(configOf(seat, change)));
    const process = new VerifierProcess(seat, file, flags);
    running.add(process);
    await process.ready;
    return process;
  }

  let nonce = 0n;
  /** A claim as its contributor hands it in. */
  async function bodyOf(
    contributor: HDNodeWallet | { address: string; signTypedData: HDNodeWallet["signTypedData"] },
    claim: Json,
    changes: { nonce?: bigint; deadline?: number } = {},
  ) {
    const root = evidenceRoot(claim);
    const deadline = changes.deadline ?? Number(await economy.clock.now()) + 3_600;
    const request = {
      contributor: contributor.address,
      evidenceRoot: root,
      nonce: changes.nonce ?? nonce++,
      deadline: BigInt(deadline),
    };
    const signature = await signSubmitProof(contributor, place, request);
    return { claim, request: { ...request, nonce: request.nonce.toString(), deadline }, signature };
  }

  return {
    ...economy,
    chain,
    connection,
    place,
    seats,
    own,
    folder,
    configOf,
    start,
    bodyOf,
    submit: (seat: Pick<Seat, "url">, body: unknown) => post(`${seat.url}/api/v1/contributors/submit-proof`, body),
    proofAt: (seat: Pick<Seat, "url">, hash: string) => get(`${seat.url}/api/v1/proofs/${hash}`),
    database: (seat: Seat) => Database.open({ server: own.server, name: `verifier_${seat.name}` }, VERIFIER_TABLES),
    /** Gives `who` the tier BASIC, so that its reviews count. */
    async lift(who: { address: string }) {
      const [first, second] = people.verifiers;
      const d = { ...economy, connection, place, alice: people.users[0]!, verifiers: [...people.verifiers] };
      const statement = await proof(d, { contributor: who.address, kind: KIND.COMPUTE, units: 400n * WAD });
      const signer = await connection.ethers.getSigner(who.address);
      await registry.connect(signer).submit(statement, await attest([first!, second!], statement, place), []);
    },
    async close() {
      for (const process of running) await process.kill();
      await own.end();
      await chain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export class VerifierProcess {
  readonly seat: Seat;
  readonly ready: Promise<void>;
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  output = "";

  constructor(seat: Seat, file: string, flags: readonly string[], command = "run") {
    this.seat = seat;
    const args = [...RUN_TS, "services/verifier/src/main.ts", command, "--config", file, ...flags];
    this.#child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { PATH: process.env["PATH"], ...QUICK_ENV, VERIFIER_KEY: seat.key, RELAY_KEY: accountKey(20) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.ended = once(this.#child, "close").then(([code]) => code as number | null);
    this.ready = new Promise((resolve, reject) => {
      for (const stream of [this.#child.stdout!, this.#child.stderr!])
        stream.on("data", (chunk: Buffer) => {
          this.output += chunk.toString();
          if (this.output.includes("answers at")) resolve();
        });
      void this.ended.then((code) => reject(new Error(`${seat.name} ended with ${code}:\n${this.output}`)));
    });
    this.ready.catch(() => undefined);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** As a crash does. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill(signal);
      await this.ended;
    }
  }
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Said> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, { method: "POST", body: text, headers: { "content-type": "application/json", ...headers } });
  return { status: response.status, body: await response.json() };
}

export async function get(url: string): Promise<Said> {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

/** Looks until `condition` gives something. */
export async function until<T>(condition: () => Promise<T | undefined | false>, what: string, timeoutMs = 100_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; ) {
    const found = await condition();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`it did not come to this: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
