// The market desk beside a swap of the same in a plain constant-product pool, in the same run.
import { benchChain, gasOf } from "./chain.ts";
import type { Row } from "./row.ts";
import { economyOn, FTNS, parametersWithDesk } from "../test/helpers/economy.ts";
import { packedReports } from "../test/helpers/sign.ts";
import { lastRoundAt } from "../test/safety/fixture.ts";

const ALL = (1n << 256n) - 1n;
const SWAP = "swap in a plain pool (measured)";
const SELLS = 0n;

export async function marketRows(): Promise<Row[]> {
  const { connection } = await benchChain();
  const { ethers } = connection;
  const { time } = connection.networkHelpers;
  const economy = await economyOn(connection, await parametersWithDesk(connection));
  const { desk, token, medianFeed: feed, people } = economy;
  const [taker, other] = people.users as [(typeof people.users)[0], (typeof people.users)[0]];
  const dollar = await ethers.getContractAt("DeskDollar", await desk.DOLLAR());
  const { chainId } = await ethers.provider.getNetwork();
  const place = { chainId, verifyingContract: await feed.getAddress() };
  // From one dollar, as a launch price of its own takes a month.
  const launchDay = await economy.controller.launchDay();
  const path = await ethers.deployContract("PathPolicy", [economy.addresses.history, launchDay, 10n ** 18n]);
  await desk.connect(people.governor).setPath(await path.getAddress());
  const report = async () => {
    const [since, observedAt] = [await lastRoundAt(economy), BigInt(await time.latest())];
    const reports = people.reporters.map((signer) => ({
      signer,
      report: {
        price: 120_000_000n,
        meanPrice: 120_000_000n,
        since,
        volume6h: 10n ** 14n,
        meanVolume6h: 10n ** 14n,
        txTotal: 9n,
        txFailed: 0n,
        sendersDay: 99n,
        observedAt,
      },
    }));
    await feed.submit(await packedReports(reports, place));
  };
  for (let i = 0; i < 4; i++) {
    await time.increase(3_600);
    await report();
  }
  const pool = await ethers.deployContract("DemoPool", [token, dollar]);
  for (const who of [people.treasury, taker, other]) {
    await dollar.mint(who, 10n ** 13n);
    await dollar.connect(who).approve(desk, ALL);
    await dollar.connect(who).approve(pool, ALL);
  }
  for (const who of [taker, other]) await token.connect(people.treasury).transfer(who, FTNS);
  await token.connect(people.treasury).approve(pool, ALL);
  await pool.connect(people.treasury).addLiquidity(1_000_000n * FTNS, 1_200_000n * 10n ** 6n);

  const amount = 10_000n * FTNS;
  await pool.connect(other).swap(false, 12_000n * 10n ** 6n, 0n);
  const referenceGas = await gasOf(pool.connect(taker).swap(false, 12_000n * 10n ** 6n, 0n));
  const row = (name: string, gas: bigint): Row => ({ name, gas, reference: SWAP, referenceGas });
  const rows = [row("desk.open", await gasOf(desk.connect(other).open(SELLS)))];
  await desk.connect(other).buyTokens(amount, ALL, other.address);
  // Of a day on which somebody filled before.
  rows.push(row("desk.fill", await gasOf(desk.connect(taker).buyTokens(amount, ALL, taker.address))));
  return rows;
}
