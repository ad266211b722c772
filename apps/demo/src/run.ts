import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { JsonRpcProvider, Network } from "ethers";
import pc from "picocolors";
import type { Options } from "./args.ts";
import { testWallet } from "./chain/actor.ts";
import { Clock, dayOf, startOf } from "./chain/clock.ts";
import { ACCOUNTS, CHAIN_ID, startChain } from "./chain/server.ts";
import { tellJourney } from "./journey/journey.ts";
import { Market } from "./prices/market.ts";
import type { Series } from "./prices/series.ts";
import { buildReport } from "./report/build.ts";
import { isSpared } from "./report/charges.ts";
import { renderHtml } from "./report/html/page.ts";
import { amount, wadToNumber } from "./report/numbers.ts";
import { targetPath } from "./report/target.ts";
import type { DayRow, Report } from "./report/types.ts";
import { KEEPER_EVERY_SEC, look, type Books } from "./scenario/books.ts";
import { createCast, type Cast } from "./scenario/cast.ts";
import { launchEconomy, type Economy } from "./scenario/economy.ts";
import { Chronicle } from "./scenario/chronicle.ts";
import { Crash, CRASH_DAYS } from "./scenario/crash.ts";
import { History } from "./scenario/history.ts";
import { Keepers, PRICE_JOBS } from "./scenario/keepers.ts";
import { OtherRule } from "./scenario/otherRule.ts";
import { replaySource } from "./scenario/keeperService.ts";
import { KeeperStory } from "./scenario/keeperStory.ts";
import { Ledger, ONE_WFTNS } from "./scenario/ledger.ts";
import { OrdinaryVote } from "./scenario/ordinaryVote.ts";
import { addressesOf, type Persona } from "./scenario/persona.ts";
import { createPersonas } from "./scenario/personas/index.ts";
import { replay } from "./scenario/replay.ts";
import { Stage } from "./scenario/stage.ts";
import { liveView, plainView, rateWords, type PersonaRow, type View } from "./view/live.ts";
import { renderEvent, renderText } from "./view/text.ts";

/** Room for the deployment before the day's first price. */
const LAUNCH_DELAY_SEC = 1;
/** While the chain stays up, so that its clock runs. */
const BLOCK_EVERY_MS = 5_000;

/** Plays the whole demo and writes the report to the folder `out`. Returns the exit code: at once with --exit, else on Ctrl-C. */
export async function run(options: Options, series: Series, out: string, startedAt: number): Promise<number> {
  const seconds = (since: number) => (performance.now() - since) / 1000;
  const say = (text: string) => process.stdout.write(`${text}\n`);

  // The story ends today, so that afterwards a wallet sees a chain whose clock is right.
  const launchDay = dayOf(Date.now() / 1000) - options.days - (options.crash ? CRASH_DAYS : 0);
  const chain = await startChain(options.port, startOf(launchDay) + LAUNCH_DELAY_SEC);
  const network = Network.from(CHAIN_ID);
  const provider = new JsonRpcProvider(chain.url, network, { staticNetwork: network, batchStallTime: 0, cacheTimeout: -1 });
  const cast = createCast(provider, CHAIN_ID);
  const economy = await launchEconomy(chain.connection, provider, CHAIN_ID, cast);
  say(`Chain up at ${pc.bold(chain.url)}, ${economy.contracts.length} contracts deployed (${seconds(startedAt).toFixed(1)} s).`);
  say(`Replaying ${options.days} days of ${series.source} from ${series.dates[0]}. Ctrl-C ends it.\n`);

  const replayedAt = performance.now();
  const clock = new Clock(provider);
  const market = new Market(series, startOf(economy.launchDay));
  const stage = new Stage(economy, cast, clock, market, options.days);
  const personas = createPersonas(cast, options.days);
  const ledger = new Ledger(economy, economy.fromBlock);
  const history = new History(economy, ledger, watched(personas, economy, cast));
  const workplace = { rpcUrl: chain.url, economy, cast, source: replaySource(market, clock) };
  const keepers = await Keepers.start(workplace, { pages: !options.exit });
  const storyDays = options.days + (options.crash ? CRASH_DAYS : 0);
  const view: View = process.stdout.isTTY
    ? liveView(storyDays, process.stdout)
    : plainView(storyDays, (text) => process.stdout.write(text));
  const chronicle = new Chronicle(clock, economy.launchDay, (event) => view.note(renderEvent(event)));
  const vote = new OrdinaryVote(stage, chronicle);
  const targets = targetPath(Number(series.closes[0]) / 1e8, storyDays);
  const story = new KeeperStory(economy, chronicle);
  const books = { stage, keepers, story, ledger, history, otherRule: new OtherRule(), series, targets };
  const crash = options.crash ? new Crash(books, chronicle) : undefined;
  const days: DayRow[] = [];
  for (const part of [replay({ ...books, personas, vote }), ...(crash === undefined ? [] : [crash.days()])]) {
    for await (const row of part) {
      days.push(row);
      view.day(
        row,
        personas.map((persona) => personaRow(persona, economy, ledger, history)),
      );
    }
  }

  const blocks = Number(await provider.send("eth_blockNumber", []));
  const timing = { startSec: (replayedAt - startedAt) / 1000, replaySec: seconds(replayedAt), totalSec: seconds(startedAt) };
  const transactions = await countTransactions(provider, blocks);
  const voters = {
    decision: await vote.report(personas, history),
    emergency: (await crash?.report()) ?? null,
    timeline: chronicle.events,
  };
  const report = await buildReport({
    voters,
    keepers: { ...(await keepers.report(days.length, ledger)), decisions: story.decisions },
    economy,
    cast,
    personas,
    ledger,
    history,
    series,
    days,
    timing,
    chain: { rpcUrl: chain.url, blocks, transactions },
  });
  const failed = report.checks.filter((check) => !check.ok).length;
  say(renderText(report));
  writeReport(out, report);
  say(`\n${pc.bold("Report")}: ${join(out, "report.html")} and report.json beside it`);
  say(
    `${amount(transactions, 0)} transactions in ${amount(blocks, 0)} blocks. Start ${timing.startSec.toFixed(1)} s, replay ${timing.replaySec.toFixed(1)} s, all ${seconds(startedAt).toFixed(1)} s.`,
  );

  if (!options.exit && failed === 0) {
    await tellJourney({ economy, cast, clock, rpcUrl: chain.url }, say);
    await catchUp(books);
    await provider.send("evm_setIntervalMining", [BLOCK_EVERY_MS]);
    const pages = await keepers.live();
    say(invitation(chain.url, economy, cast, pages));
    await untilInterrupted();
    say("Stopping…");
  }
  await keepers.stop();
  provider.destroy();
  await chain.close();
  if (failed > 0) say(pc.red(`${failed} checks fail: the numbers do not add up.`));
  return failed > 0 ? 1 : 0;
}

function writeReport(folder: string, report: Report): void {
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, "report.html"), renderHtml(report));
}

/** Everyone whose history the report tells, and the wrapper that pays for the holders of wFTNS. */
function watched(personas: readonly Persona[], economy: Economy, cast: Cast): string[] {
  const holders = personas.filter((persona) => persona.holds === "FTNS").flatMap((persona) => addressesOf(persona, economy));
  return [...holders, economy.addresses.wrapped, cast.treasury.address];
}

function personaRow(persona: Persona, economy: Economy, ledger: Ledger, history: History): PersonaRow {
  const { name, title, holds } = persona;
  const addresses = addressesOf(persona, economy);
  if (holds === "wFTNS") {
    const { price, shares } = history.shares.at(-1)!;
    const value = wadToNumber(((shares.get(addresses[0]!) ?? 0n) * price) / ONE_WFTNS);
    const account = ledger.wrappedAccount(addresses[0]!);
    const fees = wadToNumber(account.received - account.sent) - value;
    const rate = wadToNumber(history.of(economy.addresses.wrapped).at(-1)!.monthlyRate);
    return {
      name,
      title,
      balance: value,
      tier: "NONE",
      rate: rateWords(false, rate),
      fees: Math.max(0, fees),
      rewards: 0,
      staked: 0,
    };
  }
  const samples = addresses.map((address) => history.of(address).at(-1)!);
  const sum = (values: readonly bigint[]) => wadToNumber(values.reduce((a, b) => a + b, 0n));
  return {
    name,
    title,
    balance: sum(samples.map((sample) => sample.balance)),
    staked: sum(samples.map((sample) => sample.staked)),
    tier: samples[0]!.tier,
    rate: rateWords(isSpared(samples[0]!), wadToNumber(samples[0]!.monthlyRate)),
    fees: sum([...samples.map((sample) => sample.fees), ...addresses.map((address) => ledger.account(address).exitFees)]),
    rewards: sum(addresses.map((address) => ledger.account(address).rewards + ledger.account(address).yield)),
  };
}

/** Transactions of all our senders: each has a nonce that tells. */
async function countTransactions(provider: JsonRpcProvider, lastBlock: number): Promise<number> {
  const nonces = await Promise.all(
    Array.from({ length: ACCOUNTS }, (_, index) =>
      provider.send("eth_getTransactionCount", [testWallet(index).address, `0x${lastBlock.toString(16)}`]),
    ),
  );
  return nonces.reduce((sum, nonce) => sum + Number(nonce), 0);
}

/** To the present, with the looks that keep every day covered; from then on the chain's clock runs with ours. */
async function catchUp(books: Books): Promise<void> {
  const { clock } = books.stage;
  const now = () => Math.floor(Date.now() / 1000);
  for (let time = await clock.now(); time < now(); time = await clock.now()) {
    await clock.advanceTo(Math.min(time + KEEPER_EVERY_SEC, now()));
    await look(books, [...PRICE_JOBS, "adjust-supply"], "both");
  }
}

function invitation(url: string, economy: Economy, cast: Cast, pages: Awaited<ReturnType<Keepers["live"]>>): string {
  const keys = [cast.hana, cast.pia, cast.tomas, cast.wim, cast.treasury];
  return [
    `\n${pc.bold("The economy stays up. Connect a wallet:")}`,
    `  RPC URL ${pc.bold(url)} (WebSocket on the same port)   chain id ${CHAIN_ID}`,
    ...economy.contracts.map(({ name, address }) => `  ${name.padEnd(24)} ${address}`),
    "  Some of the accounts, with keys that everyone knows (Hardhat's public test keys: never send them anything of worth):",
    ...keys.map(({ name, address, wallet }) => `  ${name.padEnd(10)} ${address}  ${wallet.privateKey}`),
    ...pages.flatMap(({ name, url: page }) => [
      `${pc.bold(`${name} goes on with its work, every minute. What its operator sees:`)}`,
      `  ${page}/metrics   ${page}/healthz   ${page}/readyz`,
    ]),
    pc.dim("  Ctrl-C ends it."),
  ].join("\n");
}

function untilInterrupted(): Promise<void> {
  return new Promise((done) => {
    process.once("SIGINT", () => done());
    process.once("SIGTERM", () => done());
  });
}
