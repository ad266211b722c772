import { expect } from "chai";
import { parseEther } from "ethers";
import type { PersonaReport } from "@ftns/demo/report/types.ts";
import type { Economy } from "@ftns/demo/scenario/economy.ts";
import { Ledger } from "@ftns/demo/scenario/ledger.ts";
import { reconcile } from "@ftns/demo/scenario/reconcile.ts";
import { sampleReport } from "./sampleReport.ts";

const POOL = "0xpool";
const ALICE = "0xalice";
const VAULT = "0xvault";
const LAUNCH = parseEther("1000");

/**
 * A tiny economy whose books balance: Alice got the launch supply, owes 1, paid 3, earned 3, of which 2 were minted, staked 40
 * (47 in, 5 out, 2 charged on the way out), and got a yield of 4, of which 3 were minted.
 */
interface State {
  balances: Record<string, bigint>;
  due: Record<string, bigint>;
  totalSupply: bigint;
  multiplier: bigint;
  claimable: bigint;
  wrappedSupply: bigint;
  ammShares: bigint;
  ammReserve: bigint;
  staked: bigint;
  pending: bigint;
}

function balanced(): { state: State; ledger: Ledger; economy: Economy } {
  const state: State = {
    balances: { [ALICE]: parseEther("961"), [VAULT]: parseEther("40"), [POOL]: parseEther("3") },
    due: { [ALICE]: parseEther("1") },
    totalSupply: parseEther("1005"),
    multiplier: parseEther("1.1"),
    claimable: 0n,
    wrappedSupply: 5n,
    ammShares: 4n,
    ammReserve: 4n,
    staked: parseEther("30"),
    pending: parseEther("10"),
  };
  // Only what `reconcile` reads.
  const economy = {
    launchSupply: LAUNCH,
    addresses: { rewardPool: POOL, amm: "0xamm", vault: VAULT },
    token: {
      balanceOf: async (holder: string) => state.balances[holder] ?? 0n,
      accountOf: async (holder: string) => ({ dueFee: state.due[holder] ?? 0n }),
      totalSupply: async () => state.totalSupply,
    },
    controller: { multiplier: async () => state.multiplier },
    wrapped: { totalSupply: async () => state.wrappedSupply, balanceOf: async () => state.ammShares },
    rewardPool: { totalClaimable: async () => state.claimable },
    vault: { totalStaked: async () => state.staked, totalPending: async () => state.pending },
    amm: { tokenReserve: async () => state.ammReserve, isSolvent: async () => state.ammShares >= state.ammReserve },
  } as unknown as Economy;
  const ledger = new Ledger(economy, 0);
  Object.assign(ledger.account(ALICE), { rewards: LAUNCH + parseEther("3"), yield: parseEther("4"), fees: parseEther("3") });
  ledger.account(VAULT);
  Object.assign(ledger.stakeAccount(ALICE), {
    staked: parseEther("47"),
    withdrawn: parseEther("5"),
    pending: parseEther("10"),
    exitFees: parseEther("2"),
  });
  ledger.exitFees = parseEther("2");
  ledger.vaultBalance = parseEther("40");
  ledger.yieldFromFunds = parseEther("1");
  ledger.yieldMinted = parseEther("3");
  ledger.account(POOL);
  ledger.wrappedAccount(ALICE).shares = 5n;
  ledger.minted = parseEther("1005");
  ledger.feesSettled = parseEther("5");
  ledger.rewardsFromFunds = parseEther("1");
  ledger.rewardsMinted = parseEther("2");
  ledger.adjustments.push({
    day: 31,
    factor: 1n,
    velocity: 0n,
    volatility: 0n,
    damping: 0n,
    multiplier: state.multiplier,
    window: {} as never,
  });
  return { state, ledger, economy };
}

const failed = async ({ economy, ledger }: { economy: Economy; ledger: Ledger }, personas: PersonaReport[] = []) =>
  (await reconcile(economy, ledger, personas)).filter((check) => !check.ok).map((check) => check.name);

describe("demo: checks of the report (P100)", () => {
  describe("given books that balance", () => {
    it("all hold", async () => {
      expect(await failed(balanced(), [...sampleReport().personas])).to.deep.equal([]);
    });
  });

  describe("given a single wei too much or too little", () => {
    const cases: [what: string, change: (state: State, ledger: Ledger) => void, check: RegExp][] = [
      ["in a balance", (state) => (state.balances[ALICE]! += 1n), /Supply identity/],
      ["in a fee due", (state) => (state.due[ALICE]! -= 1n), /Supply identity/],
      ["in the pool", (state) => (state.balances[POOL]! += 1n), /Every fee reached/],
      ["in fees by events", (_, ledger) => (ledger.feesSettled += 1n), /Every fee reached/],
      ["minted", (_, ledger) => (ledger.minted += 1n), /Events of minting/],
      ["minted for rewards", (_, ledger) => (ledger.rewardsMinted += 1n), /Only minting/],
      ["in a reward", (_, ledger) => (ledger.account(ALICE).rewards -= 1n), /Every reward reached/],
      ["in a yield", (_, ledger) => (ledger.account(ALICE).yield += 1n), /Every yield reached/],
      ["in yield by events", (_, ledger) => (ledger.yieldMinted += 1n), /Every yield reached/],
      ["in the vault", (state) => (state.balances[VAULT]! -= 1n), /owes no more than it holds/],
      ["sent to the vault", (state) => (state.balances[VAULT]! += 1n), /Every stake is backed/],
      ["staked", (state) => (state.staked -= 1n), /Every stake is there/],
      ["on its way out", (state) => (state.pending -= 1n), /Every stake is there/],
      ["asked for", (_, ledger) => (ledger.stakeAccount(ALICE).pending += 1n), /Everything on its way out is known/],
      ["charged on its way out", (_, ledger) => (ledger.exitFees += 1n), /Every exit was charged/],
      ["in what waits", (state) => (state.claimable += 1n), /waits/],
      ["of wFTNS", (state) => (state.wrappedSupply += 1n), /^wFTNS/],
      ["in the pool's purse", (state) => (state.ammShares -= 1n), /pool's books/],
      ["of a keeper's pay", (_, ledger) => (ledger.keeperPay += 1n), /keeper's pay/],
      ["in M", (state) => (state.multiplier += 1n), /^M by its events/],
    ];
    for (const [what, change, check] of cases) {
      it(`finds it ${what}`, async () => {
        const books = balanced();
        change(books.state, books.ledger);
        expect((await failed(books)).some((name) => check.test(name))).to.equal(true);
      });
    }
    it("finds it in a persona's statement", async () => {
      const persona = sampleReport().personas[0]!;
      const off = { ...persona, statement: { ...persona.statement, end: "102.000000000000000001" } };
      expect(await failed(balanced(), [off])).to.deep.equal(["First: the statement adds up"]);
    });
  });

  describe("P101: given a day without its adjustment", () => {
    it("finds it", async () => {
      const books = balanced();
      books.ledger.adjustments.push({ ...books.ledger.adjustments[0]!, day: 33 });
      expect(await failed(books)).to.deep.equal(["M by its events, one adjustment a day"]);
    });
  });
});
