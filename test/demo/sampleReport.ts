import type { DayRow, PersonaReport, Report } from "../../demo/src/report/types.ts";

/** A small report, made by hand: three day boundaries and two personas. */
export function sampleReport(): Report {
  const row = (day: number, more: Partial<DayRow> = {}): DayRow => ({
    day,
    date: `2020-01-0${day + 1}`,
    price: 1 + day / 10,
    targetPrice: 1 + day / 100,
    targetRate: 0.5 - day / 1000,
    multiplier: 1,
    adjustment: null,
    totalSupply: "1000",
    feesSettled: String(day * 20),
    minted: String(day * 10),
    rewards: String(day * 15),
    poolBalance: "5",
    ...more,
  });
  const persona = (id: string, name: string, more: Partial<PersonaReport> = {}): PersonaReport => ({
    id,
    name,
    title: "somebody",
    story: "Lives.",
    wallets: [{ address: "0x0000000000000000000000000000000000000001", index: 1 }],
    holds: "FTNS",
    statement: { received: "100", rewards: "5", sent: "1", fees: "2", end: "102" },
    tier: "BASIC",
    tiers: [
      { tier: "NONE", fromDay: 0, toDay: 1 },
      { tier: "BASIC", fromDay: 2, toDay: 3 },
    ],
    proofs: 3,
    peakVelocity: 0.4,
    effectiveMonthlyRate: 0.004,
    rates: [{ days: 3, monthlyRate: 0.004, reason: "because" }],
    why: ["A sentence."],
    balances: [100, 101, 101.5, 102],
    fees: [0, 1, 1.5, 2],
    ...more,
  });
  const adjustment = { factor: 1.1, velocity: 0.9, volatility: 0.2, damping: 0.6 };
  return {
    schema: "ftns-demo-report/1",
    generatedAt: "2026-01-01T00:00:00.000Z",
    timing: { startSec: 1, replaySec: 2, totalSec: 3 },
    chain: {
      rpcUrl: "http://127.0.0.1:8545",
      chainId: 31_337,
      blocks: 20,
      transactions: 10,
      contracts: [{ name: "FTNSToken", address: "0x0000000000000000000000000000000000000002" }],
    },
    market: { source: "a file", from: "2020-01-01", to: "2020-01-04", days: 3, launchPrice: 1, assumptions: ["One.", "Two."] },
    days: [row(0), row(1), row(2), row(3, { adjustment, multiplier: 1.1 })],
    supply: {
      launch: "1000",
      end: "1030",
      minted: "30",
      feesSettled: "60",
      feesDue: "3",
      rewards: "45",
      rewardsFromFees: "15",
      rewardsMinted: "30",
      rewardsWaiting: "0",
      poolBalance: "45",
    },
    personas: [persona("first", "First"), persona("second", "Second", { tier: "NONE" })],
    others: [{ name: "Treasury", address: "0x0000000000000000000000000000000000000003", role: "holds", balance: "800", fees: "40" }],
    checks: [{ name: "It adds up", ok: true, detail: "1 = 1" }],
    summary: ["All went well."],
  };
}
