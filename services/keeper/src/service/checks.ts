import { ZeroAddress, getAddress } from "ethers";
import { type Chain, connect } from "@ftns/chain/connect.ts";
import { contracts } from "@ftns/sdk/contracts.ts";
import { type KeyContext, openUrl } from "@ftns/service/config/keys.ts";
import { loadConfig } from "../config/load.ts";
import { JOB_NAMES, type KeeperConfig } from "../config/schema.ts";
import { wordsOf } from "@ftns/service/errors.ts";
import { contractsOf } from "../jobs/build.ts";
import { openKey } from "@ftns/chain/keys/open.ts";
import { openSources } from "../market/open.ts";
import type { Secrets } from "@ftns/service/secrets.ts";
import { formatDecimal, formatDuration } from "@ftns/sdk/units.ts";
import { Receiver } from "@ftns/service/alerts/receiver.ts";

export interface CheckResult {
  name: string;
  outcome: "ok" | "warning" | "fault";
  detail: string;
}

/** Digits before the point in groups of three. */
export const thousands = (amount: string) => amount.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");

/** A check that is no fault, but that somebody should know of. */
class Remark extends Error {}

/** Gives words for what is fine; throws what is not. */
type Check = () => Promise<string> | string;

/** Runs checks one after the other, each whatever came of the others. */
class Checklist {
  readonly results: CheckResult[] = [];

  async run(name: string, check: Check): Promise<boolean> {
    try {
      this.results.push({ name, outcome: "ok", detail: await check() });
      return true;
    } catch (error) {
      if (error instanceof Remark) this.note(name, "warning", error.message);
      else this.note(name, "fault", wordsOf(error));
      return false;
    }
  }

  note(name: string, outcome: CheckResult["outcome"], detail: string): void {
    this.results.push({ name, outcome, detail });
  }
}

/** Checks everything that a keeper needs, without sending anything. */
export async function checkAll(file: string, secrets: Secrets, env: NodeJS.ProcessEnv): Promise<CheckResult[]> {
  const list = new Checklist();
  let loaded: ReturnType<typeof loadConfig> | undefined;
  await list.run("configuration", () => {
    loaded = loadConfig(file);
    const jobs = JOB_NAMES.filter((name) => loaded!.config.jobs[name]);
    return `${loaded.config.mode} mode, jobs ${jobs.join(", ")}`;
  });
  if (!loaded) return list.results;
  const { config, baseDir } = loaded;
  const context: KeyContext = { env, baseDir, secrets, warn: (message) => list.note("permissions", "warning", message) };

  const account = await checkKeys(list, config, context);
  const chain = await checkChain(list, config, context);
  if (chain) {
    try {
      await checkContracts(list, config, chain);
      await checkReporters(list, config, chain, account.reporters);
      if (account.address !== undefined) await checkBalance(list, config, chain, account.address);
    } finally {
      chain.close();
    }
  }
  await checkSources(list, config, context);
  await checkReceivers(list, config, context);
  return list.results;
}

async function checkKeys(list: Checklist, config: KeeperConfig, context: KeyContext) {
  let address: string | undefined;
  await list.run("account", async () => (address = (await openKey(config.account, "account", context)).address));
  const reporters: string[] = [];
  for (const [index, reference] of (config.jobs["report-price"]?.reporters ?? []).entries()) {
    const field = `jobs.report-price.reporters.${index}`;
    await list.run(field, async () => {
      const opened = await openKey(reference, field, context);
      reporters.push(opened.address);
      return opened.address;
    });
  }
  return { address, reporters };
}

/** Each endpoint by itself, then all together. */
async function checkChain(list: Checklist, config: KeeperConfig, context: KeyContext): Promise<Chain | undefined> {
  const rpcUrls: string[] = [];
  let used = 0;
  for (const [index, reference] of config.chain.rpcUrls.entries()) {
    const field = `chain.rpcUrls.${index}`;
    const works = await list.run(field, async () => {
      const url = openUrl(reference, field, context);
      rpcUrls.push(url);
      const chain = await connect({ ...config.chain, quorum: 1, rpcUrls: [url] });
      try {
        const head = await chain.latest();
        return `${chain.endpoints()[0]!.host} serves chain ${config.chain.chainId}, block ${head.number}`;
      } finally {
        chain.close();
      }
    });
    if (works) used++;
  }
  // One line for one cause: where no endpoint can be used, none can agree.
  if (used === 0) return undefined;
  let chain: Chain | undefined;
  await list.run("chain.quorum", async () => {
    chain = await connect({ ...config.chain, rpcUrls });
    return `${config.chain.quorum} of ${config.chain.rpcUrls.length} endpoints must agree, and can`;
  });
  return chain;
}

/** Code at each address, what it answers, and that the contracts know each other. */
async function checkContracts(list: Checklist, config: KeeperConfig, chain: Chain): Promise<void> {
  const { contracts: addresses } = config;
  const { provider } = chain;
  const configured = JOB_NAMES.filter((name) => config.jobs[name]);
  for (const [field, address] of Object.entries(contractsOf(config, configured))) {
    if (field.startsWith("contracts.")) continue;
    await list.run(field, async () => {
      await chain.requireCode({ [field]: address });
      return address;
    });
  }
  const same = (what: string, found: string, expected: string | undefined) => {
    if (expected === undefined || getAddress(found) === getAddress(expected)) return;
    throw new Remark(`its ${what} is ${found}, and the configuration says ${expected}`);
  };
  const views: Record<keyof typeof addresses, (address: string) => Promise<string>> = {
    feed: async (address) => {
      const feed = contracts.medianFeed(address, provider);
      const [reporters, quorum] = await Promise.all([feed.reporters(), feed.quorum()]);
      return `${reporters.length} reporters, quorum ${quorum}`;
    },
    history: async (address) => {
      const history = contracts.history(address, provider);
      const [feed, heartbeat] = await Promise.all([history.feed(), history.heartbeat()]);
      same("feed", feed, addresses.feed);
      return `a price may stand for ${formatDuration(heartbeat)}`;
    },
    controller: async (address) => {
      const controller = contracts.controller(address, provider);
      const [history, multiplier] = await Promise.all([controller.history(), controller.multiplier()]);
      same("history", history, addresses.history);
      return `M is ${formatDecimal(multiplier, 18, 6)}`;
    },
    breaker: async (address) => {
      const breaker = contracts.breaker(address, provider);
      const [feed, history, governor] = await Promise.all([breaker.marketFeed(), breaker.HISTORY(), breaker.GOVERNOR()]);
      if (feed === ZeroAddress) throw new Remark("it has no market feed, so that three of its triggers see nothing");
      same("market feed", feed, addresses.feed);
      same("history", history, addresses.history);
      same("governor", governor, addresses.governor);
      return `watches ${feed}`;
    },
    token: async (address) => {
      const supply = await contracts.token(address, provider).totalSupply();
      return `${thousands(formatDecimal(supply, 18, 0))} FTNS`;
    },
    governor: async (address) => {
      const governor = contracts.governor(address, provider);
      return `${await governor.name()}, a vote lasts ${formatDuration(await governor.votingPeriod())}`;
    },
    reporterPay: async (address) => {
      const pay = contracts.reporterPay(address, provider);
      same("feed", await pay.SEATS(), addresses.feed);
      return `pays ${formatDecimal(await pay.payPerReport(), 18, 6)} FTNS for an hour with a report`;
    },
    desk: async (address) => {
      const desk = contracts.desk(address, provider);
      same("history", await desk.HISTORY(), addresses.history);
      same("breaker", await desk.BREAKER(), addresses.breaker);
      const held = await contracts.token(await desk.TOKEN(), provider).balanceOf(address);
      return `holds ${thousands(formatDecimal(held, 18, 0))} FTNS`;
    },
    keeperJobs: async (address) => {
      const jobs = contracts.keeperJobs(address, provider);
      same("history", await jobs.HISTORY(), addresses.history);
      same("controller", await jobs.CONTROLLER(), addresses.controller);
      same("breaker", await jobs.BREAKER(), addresses.breaker);
      same("governor", await jobs.GOVERNOR(), addresses.governor);
      return `pays for at most ${thousands(String(await jobs.gasLeftToday()))} gas more today`;
    },
  };
  for (const [name, address] of Object.entries(addresses) as [keyof typeof addresses, string | undefined][]) {
    if (address === undefined) continue;
    await list.run(`contracts.${name}`, async () => {
      await chain.requireCode({ [`contracts.${name}`]: address });
      return views[name](address);
    });
  }
}

/** Whether the feed knows our reporters, and whether a quorum can come together. */
async function checkReporters(list: Checklist, config: KeeperConfig, chain: Chain, ours: readonly string[]): Promise<void> {
  const report = config.jobs["report-price"];
  const { feed } = config.contracts;
  if (!report || feed === undefined) return;
  await list.run("reporters", async () => {
    const contract = contracts.medianFeed(feed, chain.provider);
    const [registered, quorum] = await Promise.all([contract.reporters(), contract.quorum()]);
    const strangers = ours.filter((address) => !registered.includes(address));
    if (strangers.length > 0) {
      throw new Remark(`${strangers.join(", ")} is not registered in the feed; its reports do not count`);
    }
    const reach = BigInt(ours.length + (report.exchange?.peers.length ?? 0));
    if (reach < quorum) {
      throw new Remark(`the feed needs ${quorum} reports, and ${reach} keys and peers are configured`);
    }
    return `${ours.length} of the feed's ${registered.length} are ours, quorum ${quorum}`;
  });
}

async function checkBalance(list: Checklist, { limits }: KeeperConfig, chain: Chain, address: string): Promise<void> {
  await list.run("balance", async () => {
    const balance = BigInt(await chain.provider.send("eth_getBalance", [address, "latest"]));
    const words = `${address} holds ${formatDecimal(balance, 18, 6)} of the chain's coin`;
    if (balance < limits.balanceWarn)
      throw new Remark(`${words}, less than ${formatDecimal(limits.balanceWarn, 18, 6)}; fund it`);
    return words;
  });
}

/** A source may be down for a while, so that its failure is no fault of the configuration. */
async function checkSources(list: Checklist, config: KeeperConfig, context: KeyContext): Promise<void> {
  const configs = config.jobs["report-price"]?.sources ?? [];
  await Promise.all(
    configs.map((one, index) =>
      list.run(`source ${one.name}`, async () => {
        const [source] = openSources([one], config.chain, context);
        try {
          await source!.read();
        } catch (error) {
          throw new Remark(wordsOf(error));
        }
        return `jobs.report-price.sources.${index} answers`;
      }),
    ),
  );
}

/** That each can be opened; nothing is sent to it. */
async function checkReceivers(list: Checklist, { alerts, chain }: KeeperConfig, context: KeyContext): Promise<void> {
  for (const [index, receiver] of alerts.entries()) {
    const speaker = { who: "keeper", account: ZeroAddress, chainId: chain.chainId };
    await list.run(`alerts.${index}`, () => {
      new Receiver(receiver, index, speaker, context, { ended: () => undefined });
      return `${receiver.name}, from ${receiver.minSeverity} on; nothing was sent`;
    });
  }
}
