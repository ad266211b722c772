// What can happen to a transaction between signing and its place in the chain: it vanishes, it is stuck, the chain forgets
// it, gas becomes dear, the account is empty.
import { expect } from "chai";
import { Transaction, Wallet, parseEther, parseUnits } from "ethers";
import type { FaultName } from "./catalogue.ts";
import { exactlyOnce } from "./harness/once.ts";
import type { FaultProxy, Plan } from "./harness/proxy.ts";
import { SECRETS } from "./harness/secrets.ts";
import { tryAll } from "./harness/tally.ts";
import { JOBS, type Opening, type PriceJob, type World, useWorld } from "./harness/world.ts";

const KEY = SECRETS["ACCOUNT_0"]!;
const ACCOUNT = new Wallet(KEY).address;
const NOWHERE = `0x${"0d".repeat(20)}`;
const SEND = "eth_sendRawTransaction";
const RECEIPT = "eth_getTransactionReceipt";
const CAP_GWEI = 20;

describe("transactions with faults", function () {
  this.timeout(300_000);
  let world: World;
  useWorld((one) => (world = one));
  let since: number;

  const nonce = (of: "latest" | "pending") => world.forward("eth_getTransactionCount", [ACCOUNT, of]).then(Number);

  /** A keeper that gives up soon, on a chain in the state from which the job counts. */
  async function keeperFor(job: PriceJob, plan?: Plan, opening: Opening = {}) {
    const proxy = await world.proxy(plan);
    const keeper = await world.open({ through: [proxy], jobs: [job], change: impatient, ...opening });
    since = (await world.blockNumber()) + 1;
    return { proxy, look: () => keeper.runOnce() };
  }

  const tryJobs = (fault: FaultName, once: (job: PriceJob) => Promise<void>) =>
    tryAll(fault, JOBS, String, async (job) => {
      await world.reset();
      await once(job);
    });

  /** `act` when the n-th receipt is asked for: the transaction is on its way and the keeper waits. */
  const atReceipt =
    (nth: number, act: (hash: string) => Promise<unknown>): Plan =>
    ({ method, nthOfMethod }) =>
      method === RECEIPT && nthOfMethod === nth
        ? { kind: "answer", from: async (forward, { params }) => (await act(String(params[0])), forward(method, params)) }
        : undefined;

  it("P163: transaction vanished from the pool: sent again, done exactly once", () =>
    tryJobs("transaction vanished from the pool", async (job) => {
      await world.automine(false);
      const drop = atReceipt(2, (hash) => world.forward("hardhat_dropTransaction", [hash]));
      const { look } = await keeperFor(job, drop);
      await exactlyOnce(world, job, look, { most: 6, since, between: () => world.mine() });
    }));

  it("P163: nonce gap: a later nonce waits already; the job is done exactly once", () =>
    tryJobs("nonce gap", async (job) => {
      await world.automine(false);
      await foreign((await nonce("latest")) + 1);
      const { look } = await keeperFor(job, minesAt(world, 3));
      await exactlyOnce(world, job, look, { most: 6, since, between: () => world.mine() });
    }));

  it("P163: stuck transaction: replaced at its nonce, the job is done exactly once", () =>
    tryJobs("stuck transaction", async (job) => {
      await world.baseFee(1);
      await world.automine(false);
      // Its fee is below what blocks ask, for ever.
      const stuck = await foreign(await nonce("latest"), { gwei: 0.000_001 });
      const { look } = await keeperFor(job, minesAt(world, 3));
      await exactlyOnce(world, job, look, { most: 8, since, between: () => world.mine() });
      expect(await world.forward(RECEIPT, [stuck])).to.equal(null);
    }));

  it("P163: another program sends from the account: the job is done exactly once", () =>
    tryJobs("another program sends from the account", async (job) => {
      // Between the keeper's question for its nonce and its sending.
      let done = false;
      const { look } = await keeperFor(job, ({ method }) =>
        method === SEND && !done
          ? {
              kind: "answer",
              async from(forward, { params }) {
                done = true;
                await foreign(await nonce("latest"));
                return forward(SEND, params);
              },
            }
          : undefined,
      );
      await exactlyOnce(world, job, look, { most: 4, since });
    }));

  for (const depth of [1, 3]) {
    it(`P164: reorganisation removes a done job, ${depth} blocks deep: done again, exactly once`, () =>
      tryJobs("reorganisation removes a done job", async (job) => {
        const { look } = await keeperFor(job);
        const fork = await world.forward("evm_snapshot", []);
        expect((await look())[0]!.outcome).to.equal("done");
        for (let block = 1; block < depth; block++) await world.mine();
        await world.forward("evm_revert", [fork]);
        // The chain that stays is longer, as it would be.
        for (let block = 0; block <= depth; block++) await world.mine();
        expect((await world.timesDone(since))[job]).to.equal(0);
        await exactlyOnce(world, job, look, { most: 4, since });
      }));
  }

  it("P164: reorganisation while a transaction waits: done exactly once", () =>
    tryJobs("reorganisation while a transaction waits", async (job) => {
      await world.automine(false);
      const fork = await world.forward("evm_snapshot", []);
      const reorganise = atReceipt(2, async () => {
        await world.mine();
        await world.forward("evm_revert", [fork]);
        await world.automine(true);
        await world.mine();
        await world.mine();
      });
      const { look } = await keeperFor(job, reorganise);
      await exactlyOnce(world, job, look, { most: 6, since });
    }));

  it("P165: gas price above the cap: nothing is sent, done once it falls", () =>
    tryJobs("gas price above the cap", async (job) => {
      const { look, proxy } = await keeperFor(job);
      await world.baseFee(5 * CAP_GWEI);
      const [dear] = await look();
      expect(dear!.outcome).to.equal("broken");
      expect(dear!.reason).to.include("above transactions.maxFeeGwei").and.include("raise the cap");
      expect(proxy.calls.filter(({ method }) => method === SEND)).to.deep.equal([]);
      await world.baseFee(1);
      await exactlyOnce(world, job, look, { most: 3, since });
    }));

  it("P165: gas price rises while a transaction waits: no fee above the cap, done exactly once after it falls", () =>
    tryJobs("gas price rises while a transaction waits", async (job) => {
      await world.automine(false);
      const { look, proxy } = await keeperFor(
        job,
        atReceipt(2, () => world.baseFee(3 * CAP_GWEI)),
      );
      const between = (nth: number) => (nth < 3 ? world.baseFee(3 * CAP_GWEI) : world.baseFee(1));
      await exactlyOnce(world, job, look, { most: 10, since, between });
      for (const fee of feesSent(proxy)) expect(fee <= parseUnits(String(CAP_GWEI), "gwei"), `${fee}`).to.equal(true);
    }));

  it("P165: wallet empty: nothing is sent, the account is named, done once it is filled", () =>
    tryJobs("wallet empty", async (job) => {
      const { look, proxy } = await keeperFor(job);
      for (const wei of [0n, parseEther("0.00001")]) {
        await world.setBalance(KEY, wei);
        const [poor] = await look();
        expect(poor!.outcome).to.equal("broken");
        expect(poor!.reason).to.include(ACCOUNT).and.include("fund it");
      }
      expect(proxy.calls.filter(({ method }) => method === SEND)).to.deep.equal([]);
      await world.setBalance(KEY, parseEther("1"));
      await exactlyOnce(world, job, look, { most: 3, since });
    }));

  /** A transaction of the keeper's account that the keeper knows nothing of. */
  async function foreign(atNonce: number, { gwei = 50 } = {}): Promise<string> {
    const fee = parseUnits(gwei.toFixed(9), "gwei");
    const raw = await new Wallet(KEY).signTransaction({
      type: 2,
      chainId: 31_337,
      to: NOWHERE,
      nonce: atNonce,
      gasLimit: 21_000,
      maxFeePerGas: fee,
      maxPriorityFeePerGas: fee < 1_000n ? fee : 1_000n,
    });
    return String(await world.forward(SEND, [raw]));
  }
});

/** Mines at every n-th question for a receipt. */
const minesAt =
  (world: World, every: number): Plan =>
  ({ method, nthOfMethod }) =>
    method === RECEIPT && nthOfMethod % every === 0
      ? { kind: "answer", from: async (forward, { params }) => (await world.mine(), forward(method, params)) }
      : undefined;

const impatient: NonNullable<Opening["change"]> = (config) => ({
  ...config,
  transactions: { ...config.transactions, maxFeeGwei: CAP_GWEI, maxPriorityFeeGwei: 1 },
});

function feesSent({ calls }: FaultProxy): bigint[] {
  return calls.filter(({ method }) => method === SEND).map(({ params }) => Transaction.from(String(params[0])).maxFeePerGas!);
}
