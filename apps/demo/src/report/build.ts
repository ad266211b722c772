import { describe } from "../scenario/describe.ts";
import type { Cast } from "../scenario/cast.ts";
import type { Economy } from "../scenario/economy.ts";
import type { History } from "../scenario/history.ts";
import type { Ledger } from "../scenario/ledger.ts";
import { addressesOf, type Persona } from "../scenario/persona.ts";
import { checkKeepers } from "../scenario/keeperChecks.ts";
import { reconcile } from "../scenario/reconcile.ts";
import { stakeReport } from "../scenario/staking.ts";
import type { Series } from "../prices/series.ts";
import { exact } from "./numbers.ts";
import { summarise } from "./summary.ts";
import type { ChainFacts, DayRow, KeepersReport, MarketFacts, OtherAccount, Report, SupplyFacts, VotersReport } from "./types.ts";

export interface Results {
  readonly economy: Economy;
  readonly cast: Cast;
  readonly personas: readonly Persona[];
  readonly ledger: Ledger;
  readonly history: History;
  readonly series: Series;
  readonly days: readonly DayRow[];
  readonly voters: VotersReport;
  readonly keepers: KeepersReport;
  readonly chain: Pick<ChainFacts, "rpcUrl" | "blocks" | "transactions">;
  readonly timing: Report["timing"];
}

function assumptions({ source, hasVolume, sourceLaunchClose }: Series, crashed: boolean): string[] {
  return [
    `Prices: daily closes of ${source}. The first one, ${(Number(sourceLaunchClose) / 1e8).toLocaleString("en-US", { maximumFractionDigits: 8 })}, is scaled to $1.00 at launch, and the others with it.`,
    "Trading days are replayed as consecutive days: weekends and holidays are left out.",
    "Each close stands at the first second of a protocol day (02:00 UTC); in between the price runs straight to the next close.",
    hasVolume
      ? "Volume follows the source's ups and downs, scaled to a mean of 2,000,000 USD a day."
      : "The source has no volume, so a constant 2,000,000 USD a day is reported.",
    "Five reporters sign each price. Two keepers with the same jobs carry it to the chain every three hours of chain time, record it and adjust M once a day; once a day they look for emergencies and for votes that passed, more often while something is under way. In production they look every minute.",
    "The target price is the launch price grown by T(d) / 365 each day, T(d) = 2 % + 48 % · e^(−0.003 d) a year.",
    ...(crashed
      ? [
          "The crash after the last replayed day is made up, and so is the price that stands still after it (--no-crash leaves both out). The votes and the transactions are as real as all others here.",
        ]
      : []),
    "Everyone's keys are the public test keys of local chains. Every act is a transaction signed with the key of who acts.",
  ];
}

function supplyFacts({ economy, ledger, days }: Results, feesDue: bigint): SupplyFacts {
  const last = days.at(-1)!;
  return {
    launch: exact(economy.launchSupply),
    end: last.totalSupply,
    minted: last.minted,
    feesSettled: last.feesSettled,
    feesDue: exact(feesDue),
    rewards: last.rewards,
    rewardsFromFees: exact(ledger.rewardsFromFunds),
    rewardsMinted: exact(ledger.rewardsMinted),
    rewardsWaiting: exact(ledger.rewardsDeferred),
    yieldPaid: exact(ledger.yieldFromFunds + ledger.yieldMinted),
    yieldMinted: exact(ledger.yieldMinted),
    staked: exact(ledger.vaultBalance),
    poolBalance: last.poolBalance,
  };
}

async function otherAccounts({ economy, cast, personas, ledger }: Results): Promise<OtherAccount[]> {
  const { token, addresses } = economy;
  const known = new Map([
    [cast.treasury.address, ["Treasury", "holds what nobody has been given yet; it pays demurrage like everyone"]],
    [cast.ana.address, ["Ana", "contributes every week, trades with Tomás and reviews Pia's documents"]],
    [cast.ben.address, ["Ben", "contributes every week, trades with Tomás"]],
    [cast.mika.address, ["Mika", "trades the pool's price to the market's, with wFTNS"]],
    ...cast.keepers.map(({ name, address }): [string, [string, string]] => [
      address,
      [name, "does the regular work, and is paid for it by the pool"],
    ]),
    [cast.wim.address, ["Wim", "wrapped all that he received"]],
    [addresses.wrapped, ["WrappedFTNS", "holds the FTNS behind all wFTNS"]],
    [addresses.vault, ["StakingVault", "holds what is staked, and what is on its way out, which alone is charged"]],
    [addresses.rewardPool, ["RewardPool", "receives demurrage, pays rewards and yield; never charged"]],
  ]);
  const told = new Set(personas.flatMap((persona) => (persona.holds === "FTNS" ? addressesOf(persona, economy) : [])));
  const rest = [...ledger.accounts.keys()].filter((address) => !told.has(address));
  return Promise.all(
    rest.map(async (address) => {
      const [balance, view] = await Promise.all([token.balanceOf(address), token.accountOf(address)]);
      const [name, role] = known.get(address) ?? [address, "passed through"];
      return {
        name: name!,
        address,
        role: role!,
        balance: exact(balance),
        fees: exact(ledger.account(address).fees + view.dueFee),
      };
    }),
  );
}

/** Gathers everything into the report, with the checks that it adds up. */
export async function buildReport(results: Results): Promise<Report> {
  const { economy, personas, ledger, history, series, days, voters, keepers, chain, timing } = results;
  const { token } = economy;
  const described = await Promise.all(
    personas.map(async (persona) => {
      const stake = await stakeReport(economy, ledger, addressesOf(persona, economy));
      return describe(persona, { economy, ledger, history, rules: ledger.rules, stake });
    }),
  );
  const views = await Promise.all([...ledger.accounts.keys()].map((address) => token.accountOf(address)));
  const feesDue = views.reduce((sum, view) => sum + view.dueFee, 0n);
  const market: MarketFacts = {
    source: series.source,
    from: series.dates[0]!,
    to: series.dates.at(-1)!,
    days: series.dates.length - 1,
    launchPrice: days[0]!.price,
    assumptions: assumptions(series, voters.emergency !== null),
  };
  const supply = supplyFacts(results, feesDue);
  const others = await otherAccounts(results);
  return {
    schema: "ftns-demo-report/4",
    generatedAt: new Date().toISOString(),
    timing,
    chain: { ...chain, chainId: economy.chainId, contracts: economy.contracts },
    market,
    days,
    supply,
    personas: described,
    voters,
    keepers,
    others,
    checks: [...(await reconcile(economy, ledger, described)), ...(await checkKeepers(economy, ledger, keepers))],
    summary: summarise({ market, days, supply, others, voters, keepers }),
  };
}
