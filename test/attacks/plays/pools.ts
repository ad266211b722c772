// A pool with 10,000 FTNS in it, made in both ways, and not traded with for a year.
import { ethers, GAS, type ChainWorld } from "../chainWorld.ts";
import { whole } from "../words.ts";
import { FTNS, YEAR_DAYS } from "../world.ts";
import type { Play } from "./play.ts";

const LIQUIDITY = 10_000n * FTNS;

/** A constant-product pool of dollars and as much of `token` as its owner has. */
async function poolOf(chain: ChainWorld, token: ChainWorld["d"]["token"] | ChainWorld["d"]["wrapper"]) {
  const dollar = await ethers.deployContract("DemoDollar");
  const pool = await ethers.deployContract("DemoPool", [token, dollar]);
  const owner = await chain.signer("owner");
  await dollar.mint(owner, LIQUIDITY);
  await dollar.connect(owner).approve(pool, LIQUIDITY, GAS);
  await (token as ChainWorld["d"]["token"]).connect(owner).approve(pool, ethers.MaxUint256, GAS);
  await pool.connect(owner).addLiquidity(await token.balanceOf(owner), LIQUIDITY, GAS);
  return pool;
}

export const wrappedPool: Play = {
  name: "a wFTNS pool",
  group: "honest",
  liquid: true,
  how: "A pool of wFTNS and dollars with 10,000 FTNS in it, for a year.",
  stops: "What its shares of the wrapper are worth falls at the top rate.",
  async run(chain) {
    const { wrapper } = chain.d;
    const owner = await chain.signer("owner");
    await chain.give("owner", LIQUIDITY);
    await chain.allow("owner", wrapper);
    await wrapper.connect(owner).deposit(LIQUIDITY, owner, GAS);
    const pool = await poolOf(chain, wrapper);
    await chain.pass(YEAR_DAYS);
    const worth = await wrapper.convertToAssets(await wrapper.balanceOf(pool));
    const note = `It ${(await pool.isSolvent()) ? "holds" : "does not hold"} what it remembers.`;
    return { fee: LIQUIDITY - worth, work: 0n, holds: LIQUIDITY, note };
  },
};

export const plainPair: Play = {
  name: "an FTNS pair",
  group: "honest",
  liquid: true,
  how: "The same of FTNS itself.",
  stops: "It pays as much, but its books are wrong: use wFTNS.",
  async run(chain) {
    const { token } = chain.d;
    await chain.give("owner", LIQUIDITY);
    const pool = await poolOf(chain, token);
    let days = 0;
    while (await pool.isSolvent()) {
      await chain.pass(1);
      days++;
    }
    await chain.pass(YEAR_DAYS - days);
    const fee = LIQUIDITY - (await token.balanceOf(pool));
    const note = `It remembers more than it holds from day ${days} on, and ${whole(fee)} FTNS more after a year.`;
    return { fee, work: 0n, holds: LIQUIDITY, note };
  },
};
