// The token beside OpenZeppelin's own, compiled with the same settings and measured in the same run.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { Signature } from "ethers";
import { benchChain, executionGas, gasOf, type BenchChain } from "./chain.ts";
import type { Row } from "./row.ts";
import { FTNSToken__factory, PlainERC20__factory } from "../typechain-types/index.ts";
import type { FTNSToken, PlainERC20 } from "../typechain-types/index.ts";

const FTNS = 10n ** 18n;
const HOLDING = 1_000n * FTNS;
const OZ = "OpenZeppelin ERC20 5.7 (measured)";

/** Days for which a holder stays BASIC, ACTIVE and POWER. */
type Stay = readonly [basic: number, active: number, power: number];
const LASTING: Stay = [110, 110, 110];

interface World {
  chain: BenchChain;
  token: FTNSToken;
  plain: PlainERC20;
  bank: HardhatEthersSigner;
  alice: HardhatEthersSigner;
  bob: HardhatEthersSigner;
  stranger: string;
}

/** What a contributor may still lend after the turnover: more than is asked for, or nothing. */
const PLENTY = 1_000_000n * FTNS;

interface Setting {
  stay?: Stay;
  /** Days of grace that are left. */
  grace?: number;
  /** Whether both have lent all they may. */
  exhausted?: boolean;
  /** Whether neither is a contributor any more. */
  lapsed?: boolean;
}

/** Alice and Bob, contributors settled today with 1,000 FTNS each and `turnover` times that as activity. */
async function world(turnover: number, setting: Setting = {}): Promise<World> {
  const stay = setting.stay ?? LASTING;
  const chain = await benchChain();
  const { ethers } = chain.connection;
  const [bank, alice, bob, pool, other] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [bank!.address]);
  const supply = 10n ** 26n;
  const token = FTNSToken__factory.connect(
    await (await ethers.deployContract("FTNSToken", [manager, pool!.address, bank!.address, supply])).getAddress(),
    bank!,
  );
  const plain = PlainERC20__factory.connect(
    await (await ethers.deployContract("PlainERC20", [bank!.address, supply])).getAddress(),
    bank!,
  );
  for (const holder of [alice!, bob!]) {
    await token.transfer(holder.address, HOLDING);
    await plain.transfer(holder.address, HOLDING);
  }
  // One fee is settled already, as in any economy past its first day.
  await token.transfer(other!.address, HOLDING);
  await chain.passDays(1);
  await token.settle(other!.address);
  const today = Math.floor(((await chain.connection.networkHelpers.time.latest()) - 7_200) / 86_400);
  const schedule = { basicThrough: today + stay[0], activeThrough: today + stay[1], powerThrough: today + stay[2] };
  for (const holder of [alice!, bob!]) {
    await token.setTierSchedule(holder.address, schedule, PLENTY, PLENTY, setting.grace ? today + setting.grace : 0);
    const balance = await token.balanceOf(holder.address);
    if (balance < HOLDING) await token.transfer(holder.address, HOLDING - balance);
  }
  const swing = (HOLDING * BigInt(Math.round(turnover * 100))) / 200n;
  for (let left = swing; left > 0n; left -= HOLDING / 2n) {
    const part = left < HOLDING / 2n ? left : HOLDING / 2n;
    await token.connect(alice!).transfer(bob!.address, part);
    await token.connect(bob!).transfer(alice!.address, part);
  }
  const none = { basicThrough: 0, activeThrough: 0, powerThrough: 0 };
  for (const holder of [alice!, bob!]) {
    if (setting.exhausted) await token.setTierSchedule(holder.address, schedule, 0, 0, 0);
    if (setting.lapsed) await token.setTierSchedule(holder.address, none, 0, 0, 0);
  }
  return {
    chain,
    token,
    plain,
    bank: bank!,
    alice: alice!,
    bob: bob!,
    stranger: ethers.getAddress(ethers.id("stranger").slice(0, 42)),
  };
}

async function transferAfter(days: number, turnover: number, setting?: Setting) {
  const { chain, token, plain, alice, bob } = await world(turnover, setting);
  if (days > 0) await chain.passDays(days);
  return {
    gas: await gasOf(token.connect(alice).transfer(bob.address, FTNS)),
    referenceGas: await gasOf(plain.connect(alice).transfer(bob.address, FTNS)),
  };
}

async function balanceAfter(days: number, turnover: number, setting?: Setting) {
  const { chain, token, plain, alice } = await world(turnover, setting);
  if (days > 0) await chain.passDays(days);
  const data = token.interface.encodeFunctionData("balanceOf", [alice.address]);
  return {
    gas: await executionGas(chain, { to: await token.getAddress(), data }),
    referenceGas: await executionGas(chain, { to: await plain.getAddress(), data }),
  };
}

async function permit(w: World, token: FTNSToken | PlainERC20): Promise<bigint> {
  const { chainId } = await w.chain.connection.ethers.provider.getNetwork();
  const owner = w.alice.address;
  const send = async () => {
    const message = { owner, spender: w.bob.address, value: FTNS, nonce: await token.nonces(owner), deadline: 2n ** 40n };
    const { 1: name, 2: version } = await token.eip712Domain();
    const signature = Signature.from(
      await w.alice.signTypedData(
        { name, version, chainId, verifyingContract: await token.getAddress() },
        {
          Permit: ["owner", "spender"]
            .map((field) => ({ name: field, type: "address" }))
            .concat(["value", "nonce", "deadline"].map((field) => ({ name: field, type: "uint256" }))),
        },
        message,
      ),
    );
    const { v, r, s } = signature;
    return token.permit(owner, w.bob.address, FTNS, message.deadline, v, r, s);
  };
  await send();
  return gasOf(send());
}

/** The SPEC's goals, and beside them what else a holder pays for. */
export async function tokenRows(): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (name: string, measured: { gas: bigint; referenceGas: bigint }, goal?: number) =>
    rows.push({ name, ...measured, reference: OZ, ...(goal === undefined ? {} : { goal }) });

  const steps: Setting = { stay: [100, 60, 20] };
  add("transfer.sameDay", await transferAfter(0, 0.2), 1.08);
  add("transfer.day1", await transferAfter(1, 1), 1.33);
  add("transfer.day30", await transferAfter(30, 0.2), 1.42);
  add("transfer.day30.bandEdge", await transferAfter(30, 0.6));
  add("transfer.day400", await transferAfter(400, 3, steps), 1.61);
  add("transfer.day400.idle", await transferAfter(400, 0.2));
  add("transfer.sameDay.exhausted", await transferAfter(0, 0.2, { exhausted: true }));
  add("transfer.sameDay.lapsed", await transferAfter(0, 0.2, { lapsed: true }));
  add("transfer.sameDay.grace", await transferAfter(0, 0.2, { grace: 90 }));
  add("transfer.day1.grace", await transferAfter(1, 1, { grace: 90 }));
  add("transfer.day30.grace", await transferAfter(30, 0.2, { grace: 90 }));

  const w = await world(0.2);
  const { token, plain, alice, bob } = w;
  add("transfer.newHolder", {
    gas: await gasOf(token.connect(alice).transfer(w.stranger, FTNS)),
    referenceGas: await gasOf(plain.connect(alice).transfer(w.stranger, FTNS)),
  });
  for (const each of [token, plain]) await each.connect(alice).approve(bob.address, 10n * FTNS);
  add("transferFrom.sameDay", {
    gas: await gasOf(token.connect(bob).transferFrom(alice.address, bob.address, FTNS)),
    referenceGas: await gasOf(plain.connect(bob).transferFrom(alice.address, bob.address, FTNS)),
  });
  add("permit", { gas: await permit(w, token), referenceGas: await permit(w, plain) });
  add("mint.sameDay", {
    gas: await gasOf(token.mint(alice.address, FTNS)),
    referenceGas: await gasOf(plain.mint(alice.address, FTNS)),
  });
  add("balanceOf.sameDay", await balanceAfter(0, 0.2));
  add("balanceOf.day1", await balanceAfter(1, 1));
  add("balanceOf.day30", await balanceAfter(30, 0.2));
  add("balanceOf.day400", await balanceAfter(400, 3, steps));
  return rows;
}
