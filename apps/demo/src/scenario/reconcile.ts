import { amount, exact, exactShares } from "../report/numbers.ts";
import type { Check, PersonaReport } from "../report/types.ts";
import { parseEther } from "ethers";
import type { Economy } from "./economy.ts";
import type { Ledger } from "./ledger.ts";

/** Values of wFTNS are rounded once a day and once a transfer (FTNS). */
const WRAPPED_TOLERANCE = parseEther("0.000001");

function same(name: string, left: [string, bigint], right: [string, bigint], unit: "FTNS" | "wFTNS" = "FTNS"): Check {
  const told = unit === "FTNS" ? exact : exactShares;
  const ok = left[1] === right[1];
  const detail = ok
    ? `${left[0]} = ${right[0]} = ${told(left[1])} ${unit}`
    : `${left[0]} is ${told(left[1])} ${unit}, but ${right[0]} is ${told(right[1])} ${unit}: ${told(left[1] - right[1])} apart`;
  return { name, ok, detail };
}

/** Holds the sums of the events against what the contracts say of themselves. Nothing may be a wei apart. */
export async function reconcile(economy: Economy, ledger: Ledger, personas: readonly PersonaReport[]): Promise<Check[]> {
  const { token, wrapped, rewardPool, controller, amm, vault, addresses } = economy;
  const holders = [...ledger.accounts.keys()];
  const [
    balances,
    views,
    totalSupply,
    poolBalance,
    multiplier,
    wrappedSupply,
    claimable,
    ammShares,
    ammReserve,
    intact,
    inVault,
    staked,
    pending,
  ] = await Promise.all([
    Promise.all(holders.map((holder) => token.balanceOf(holder))),
    Promise.all(holders.map((holder) => token.accountOf(holder))),
    token.totalSupply(),
    token.balanceOf(addresses.rewardPool),
    controller.multiplier(),
    wrapped.totalSupply(),
    rewardPool.totalClaimable(),
    wrapped.balanceOf(addresses.amm),
    amm.tokenReserve(),
    amm.isSolvent(),
    token.balanceOf(addresses.vault),
    vault.totalStaked(),
    vault.totalPending(),
  ]);
  const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);
  const earned = ledger.rewardsFromFunds + ledger.rewardsMinted;
  const paidOut = personasAndOthers(ledger, addresses.rewardPool);
  const received = sum(paidOut.map((account) => account.rewards));
  const stakes = [...ledger.stakes.values()];
  const launched = economy.launchSupply;

  return [
    same(
      "Supply identity: no coin is lost or made by demurrage",
      ["all balances + demurrage due", sum(balances) + sum(views.map((view) => view.dueFee))],
      ["total supply", totalSupply],
    ),
    same(
      "Only minting changed the supply",
      ["launch supply + rewards and yield minted", launched + ledger.rewardsMinted + ledger.yieldMinted],
      ["total supply", totalSupply],
    ),
    same("Events of minting and burning", ["minted − burned", ledger.minted - ledger.burned], ["total supply", totalSupply]),
    same(
      "Every fee reached the reward pool",
      ["demurrage by Transfer events", ledger.feesSettled],
      [
        "pool's balance + rewards, yield and keepers' pay out of it",
        poolBalance + ledger.rewardsFromFunds + ledger.yieldFromFunds + ledger.keeperPay,
      ],
    ),
    same(
      "Every reward reached its contributor",
      ["rewards by RewardPaid and Claimed events", earned],
      ["rewards by Transfer events", received - launched],
    ),
    same(
      "What waits for a later budget",
      ["rewards deferred − claimed by events", ledger.rewardsDeferred],
      ["the pool's claimable total", claimable],
    ),
    same(
      "Every yield reached its staker",
      ["yield by YieldPaid events", ledger.yieldFromFunds + ledger.yieldMinted],
      ["yield by Transfer events", sum(paidOut.map((account) => account.yield))],
    ),
    same(
      "Every keeper's pay reached it",
      ["pay by KeeperPaid events", ledger.keeperPay],
      ["pay by Transfer events", sum(paidOut.map((account) => account.pay))],
    ),
    same(
      "Every exit was charged",
      ["demurrage by ExitCharged events", sum(stakes.map((stake) => stake.exitFees))],
      ["demurrage by Transfer events of the vault", ledger.exitFees],
    ),
    same(
      "Every stake is there",
      [
        "staked − withdrawn − charged by the vault's events",
        sum(stakes.map((stake) => stake.staked - stake.withdrawn - stake.exitFees)),
      ],
      ["staked + on its way out, says the vault", staked + pending],
    ),
    same(
      "Everything on its way out is known",
      ["asked for − cancelled − withdrawn − charged by events", sum(stakes.map((stake) => stake.pending))],
      ["on its way out, says the vault", pending],
    ),
    same(
      "Every stake is backed",
      ["what came in − what went out by Transfer events", ledger.vaultBalance],
      ["the vault's balance", inVault],
    ),
    {
      name: "The vault owes no more than it holds",
      ok: staked + pending <= inVault,
      detail: `it owes ${exact(staked + pending)} FTNS and holds ${exact(inVault)}`,
    },
    same(
      "wFTNS",
      ["shares by Transfer events", sum([...ledger.wrapped.values()].map((account) => account.shares))],
      ["shares in existence", wrappedSupply],
      "wFTNS",
    ),
    {
      name: "The pool's books still match its purse",
      ok: intact && ammShares === ammReserve,
      detail: `it remembers ${exactShares(ammReserve)} wFTNS and holds ${exactShares(ammShares)}: no day boundary moved either`,
    },
    multiplierCheck(ledger, multiplier),
    ...personas.map(statementCheck),
  ];
}

function personasAndOthers(ledger: Ledger, rewardPool: string) {
  return [...ledger.accounts].filter(([address]) => address !== rewardPool).map(([, account]) => account);
}

/** M moved once on each day after the first adjustment, and only by what its events say. */
function multiplierCheck({ adjustments }: Ledger, multiplier: bigint): Check {
  const last = adjustments.at(-1);
  const noneMissed = adjustments.every((event, i) => i === 0 || event.day === adjustments[i - 1]!.day + 1);
  return {
    name: "M by its events, one adjustment a day",
    ok: last !== undefined && last.multiplier === multiplier && noneMissed,
    detail: `${adjustments.length} adjustments from day ${adjustments[0]?.day ?? "–"} to day ${last?.day ?? "–"}, the last to ${exact(last?.multiplier ?? 0n)}; the controller says ${exact(multiplier)}`,
  };
}

function statementCheck({ name, holds, statement: s }: PersonaReport): Check {
  const expected =
    parseEther(s.received) +
    parseEther(s.rewards) +
    parseEther(s.yield) -
    parseEther(s.sent) -
    parseEther(s.fees) -
    parseEther(s.exitFees) -
    parseEther(s.staked);
  const end = parseEther(s.end);
  const apart = expected > end ? expected - end : end - expected;
  const tolerance = holds === "FTNS" ? 0n : WRAPPED_TOLERANCE;
  return {
    name: `${name}: the statement adds up`,
    ok: apart <= tolerance,
    detail: `${amount(s.received)} received + ${amount(s.rewards)} earned + ${amount(s.yield)} yield − ${amount(s.sent)} sent − ${amount(s.fees)} demurrage − ${amount(s.exitFees)} of it on the way out of the vault − ${amount(s.staked)} staked = ${amount(s.end)} FTNS${apart === 0n ? ", to the wei" : `, but for ${exact(apart)}${apart <= tolerance ? " of rounding" : ""}`}`,
  };
}
