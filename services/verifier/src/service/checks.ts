import { type Chain, connect } from "@ftns/chain/connect.ts";
import { openKey } from "@ftns/chain/keys/open.ts";
import { formatDecimal, formatFtns } from "@ftns/sdk";
import { type KeyContext, openUrl } from "@ftns/service/config/keys.ts";
import type { Database } from "@ftns/service/database/database.ts";
import { ServiceError, wordsOf } from "@ftns/service/errors.ts";
import type { Secrets } from "@ftns/service/secrets.ts";
import { z } from "zod/v4";
import { Economy } from "../chain/economy.ts";
import { openJobs, openParts } from "../checks/parts.ts";
import { commitmentTo } from "@ftns/evidence";
import { loadConfig } from "../config/load.ts";
import type { VerifierConfig } from "../config/schema.ts";
import { openDatabase, openSigningKey, requireContracts } from "../open.ts";
import { PeerClient } from "../peers/client.ts";
import { ProofSigner } from "../signing/signer.ts";
import { checkMemory, OVERRIDE } from "./memory.ts";

export interface CheckResult {
  name: string;
  outcome: "ok" | "warning" | "fault";
  detail: string;
}

/** A check that is no fault, but that somebody should know of. */
class Remark extends Error {}

/** Runs checks one after the other, each whatever came of the others. */
class Checklist {
  readonly results: CheckResult[] = [];

  /** What `check` gives, with its words; undefined where it failed. */
  async run<T>(name: string, check: () => Promise<[detail: string, value?: T]>): Promise<T | undefined> {
    try {
      const [detail, value] = await check();
      this.results.push({ name, outcome: "ok", detail });
      return value;
    } catch (error) {
      const outcome = error instanceof Remark ? "warning" : "fault";
      this.results.push({ name, outcome, detail: error instanceof Remark ? error.message : wordsOf(error) });
      return undefined;
    }
  }
}

/** Checks everything that a verifier needs. The database is made where it is not there; nothing is sent. */
export async function checkAll(file: string, secrets: Secrets, env: NodeJS.ProcessEnv): Promise<CheckResult[]> {
  const list = new Checklist();
  const loaded = await list.run("configuration", async () => {
    const given = loadConfig(file);
    return [`${given.config.mode} mode, ${given.config.peers.length} peers`, given];
  });
  if (!loaded) return list.results;
  const { config, baseDir } = loaded;
  const warn = (message: string) => void list.results.push({ name: "permissions", outcome: "warning", detail: message });
  const context: KeyContext = { env, baseDir, secrets, warn };
  const key = await list.run("key", async () => {
    const opened = await openSigningKey(config, context);
    return [opened.address, opened];
  });
  const relayer =
    config.relay &&
    (await list.run("relay.account", async () => [await openAddress(config, context), await openAddress(config, context)]));
  const chain = await checkChain(list, config, context);
  const database = await list.run<Database>("database", async () => [
    "it opens, and its tables are those of this version",
    await openDatabase(config, context),
  ]);
  try {
    if (chain) await checkEconomy(list, config, chain, { key, relayer, database, baseDir });
    await list.run("compute.jobs", async () => {
      const names = [...(await openJobs(config, baseDir)).keys()];
      return [names.length === 0 ? "none: COMPUTE is refused" : names.join(", ")];
    });
    for (const [index, peer] of config.peers.entries()) {
      await list.run(`peers.${index}`, async () => {
        const client = new PeerClient({ ...peer, url: openUrl(peer.url, `peers.${index}.url`, context) }, 5_000);
        try {
          await client.ask(`/api/v1/peers/standing/0x${"00".repeat(32)}`, z.looseObject({ busy: z.boolean() }));
        } catch (error) {
          throw new Remark((error as Error).message);
        }
        return [`${peer.name} answers`];
      });
    }
  } finally {
    await database?.close();
    chain?.close();
  }
  return list.results;
}

async function openAddress({ relay }: VerifierConfig, context: KeyContext): Promise<string> {
  return (await openKey(relay!.account, "relay.account", context)).address;
}

async function checkChain(list: Checklist, config: VerifierConfig, context: KeyContext): Promise<Chain | undefined> {
  return list.run<Chain>("chain", async () => {
    const rpcUrls = config.chain.rpcUrls.map((url, index) => openUrl(url, `chain.rpcUrls.${index}`, context));
    const chain = await connect({ ...config.chain, rpcUrls });
    try {
      return [`${config.chain.chainId}, block ${(await chain.latest()).number}`, chain];
    } catch (error) {
      chain.close();
      throw error;
    }
  });
}

interface Opened {
  key: Awaited<ReturnType<typeof openSigningKey>> | undefined;
  relayer: string | undefined;
  database: Database | undefined;
  baseDir: string;
}

async function checkEconomy(
  list: Checklist,
  config: VerifierConfig,
  chain: Chain,
  { key, relayer, database, baseDir }: Opened,
): Promise<void> {
  const there = await list.run("contracts", async () => {
    await requireContracts(chain, config);
    return ["there is code at each address", true];
  });
  if (there === undefined) return;
  const economy = new Economy(chain, config.contracts);
  await list.run("contracts.verifierStakes", async () => {
    const named = await economy.registry.verifierStakes();
    if (named.toLowerCase() === config.contracts.verifierStakes.toLowerCase()) return ["it is the registry's"];
    throw new ServiceError(`The registry's is ${named}.`, "Put that address in.");
  });
  if (key) {
    await list.run("registration", async () => {
      const [view, terms] = await Promise.all([economy.stakes.verifierOf(key.address), economy.stakes.terms()]);
      if (!view.registered) throw new Remark(`${key.address} is not registered: nothing that it signs counts`);
      if (view.locked < terms.minLock)
        throw new Remark(`${formatFtns(view.locked, 2)} are locked, and ${formatFtns(terms.minLock, 2)} are needed`);
      return [`registered, with a lock of ${formatFtns(view.locked, 2)}`];
    });
  }
  if (key && database) {
    await list.run("memory", async () => {
      const { traces, signatures } = await checkMemory(new ProofSigner(key, economy.place, database), economy);
      if (signatures > 0 || traces.length === 0) return [`${signatures} signatures are known`];
      throw new Remark(`no signature is known, but ${traces.join(", ")}: it starts only with ${OVERRIDE}`);
    });
  }
  await list.run("peers", async () => {
    const { verifiers, threshold } = await economy.members();
    const strangers = config.peers.filter(
      ({ address }) => ![...verifiers].some((one) => one.toLowerCase() === address.toLowerCase()),
    );
    if (strangers.length > 0) throw new Remark(`not registered: ${strangers.map(({ name }) => name).join(", ")}`);
    if (config.peers.length + 1 < threshold)
      throw new Remark(`${threshold} verifiers sign a proof, and ${config.peers.length} peers are listed`);
    return [`all ${config.peers.length} are registered; ${threshold} verifiers sign a proof`];
  });
  if (relayer !== undefined) {
    await list.run("relay balance", async () => {
      const balance = BigInt(await chain.provider.send("eth_getBalance", [relayer, "latest"]));
      const words = `${formatDecimal(balance, 18, 6)} of the chain's coin`;
      if (balance < config.limits.balanceWarn) throw new Remark(`${words}; fund ${relayer}`);
      return [words];
    });
  }
  await list.run("models.tasks", async () => {
    const parts = await openParts({ ...config, compute: { ...config.compute, jobs: [] } }, baseDir, economy, new Uint8Array(32));
    for (const [name, task] of parts.tasks) {
      const { set, salt } = await parts.heldOut(name);
      if (commitmentTo(salt, set) !== task.commitment)
        throw new ServiceError(
          `The held-out set of ${name} is not the one that its commitment names.`,
          "Ask governance for the right one.",
        );
    }
    return [
      parts.tasks.size === 0 ? "none: MODEL is refused" : `${parts.tasks.size}, with the held-out sets that were committed to`,
    ];
  });
}
