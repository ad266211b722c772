// An economy whose verifiers answer for what they sign, as it is deployed.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import { compareAddresses } from "@ftns/sdk/signing.ts";
import { attest, type Contribution } from "../helpers/sign.ts";
import { economyOn, FTNS, parametersOf, type TestEconomy } from "../helpers/economy.ts";
import type { Connection } from "../helpers/time.ts";
import { KIND, proof, WAD } from "../contributors/fixture.ts";

export { FTNS, KIND, WAD };
/** Locked by each verifier: 100,000 FTNS, so that each may vouch for 10,000 a day. */
export const LOCK = 100_000n * FTNS;
export const ALLOWANCE = 10_000n * FTNS;

/** Gives `who` so much stake, and locks it towards VerifierStakes. */
export async function lockStake({ token, vault, verifierStakes, people }: TestEconomy, who: HardhatEthersSigner, amount: bigint) {
  await token.connect(people.treasury).transfer(who, amount);
  await token.connect(who).approve(vault, amount);
  await vault.connect(who).stake(amount);
  await vault.connect(who).lock(verifierStakes, amount);
}

/** A chain for one test file. `fresh()` gives the economy an hour into its second day, with `LOCK` locked by each verifier. */
export async function verifiersFixture() {
  const connection = await network.create();
  const { ethers, networkHelpers } = connection;
  const ready = async () => verifiersOn(connection);
  return { connection, ethers, fresh: () => networkHelpers.loadFixture(ready) };
}

export async function verifiersOn(connection: Connection, lock = LOCK) {
  const { ethers } = connection;
  const economy = await economyOn(connection, parametersOf, { bound: true });
  const { people, registry, pool, clock } = economy;
  await clock.toDaysAhead(1n, 3_600n);
  const place = { chainId: (await ethers.provider.getNetwork()).chainId, verifyingContract: await registry.getAddress() };
  const source = await ethers.deployContract("MultiplierSwitch");
  await pool.connect(people.governor).setMultiplierSource(source);
  // The most that a day may mint, so that rewards are paid and not deferred.
  await pool.connect(people.governor).setEmissionShare(10n ** 16n);
  const verifiers = [...people.verifiers].sort((a, b) => compareAddresses(a.address, b.address));
  if (lock !== 0n) for (const verifier of verifiers) await lockStake(economy, verifier, lock);
  const [alice, bob, carol, eve] = people.users as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const stakes = economy.verifierStakes;
  return { ...economy, place, source, verifiers, alice, bob, carol, eve, stakes, connection };
}

export type Verifiers = Awaited<ReturnType<typeof verifiersOn>>;

/** A COMPUTE proof of `who`, worth `value` wei at quality 0.9, or with some fields changed. */
export async function worth(d: Verifiers, who: HardhatEthersSigner, value: bigint, changes: Partial<Contribution> = {}) {
  return proof(d, { contributor: who.address, units: value * 20n, ...changes });
}

/** Has `signers` sign `statement`, and its contributor hand it in. */
export async function handIn(d: Verifiers, statement: Contribution, signers = d.verifiers.slice(0, 2)) {
  const contributor = await d.connection.ethers.getSigner(statement.contributor);
  return d.registry.connect(contributor).submit(statement, await attest(signers, statement, d.place), []);
}
