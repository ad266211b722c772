// Contributions, prices and the policy. No plain counterpart exists for these, so the references are quoted figures of
// peers, each with its source.
import { benchChain, gasOf } from "./chain.ts";
import type { Row } from "./row.ts";
import { ZeroAddress } from "ethers";
import { lastRoundAt } from "../test/safety/fixture.ts";
import { economyOn, parametersOf } from "../test/helpers/economy.ts";
import { attest, packedReports } from "../test/helpers/sign.ts";
import { LOCK, lockStake } from "../test/verifiers/fixture.ts";

const WAD = 10n ** 18n;
const EAS = "EAS 1.9 attest, 96 bytes (quoted)";
const MAKER_MEDIAN = "MakerDAO median poke, 5 values (quoted)";
const PUSH_REPORT = "Ampleforth MedianOracle pushReport (quoted)";
const MEDIAN_AND_PUSH = "MakerDAO median poke, 5 values, and Ampleforth pushReport (both quoted)";
const REBASE = "Ampleforth rebase with oracles, 5 providers (quoted)";

export async function economyRows(): Promise<Row[]> {
  const chain = await benchChain();
  const { connection } = chain;
  const economy = await economyOn(connection, parametersOf, { bound: true });
  const { people, registry, medianFeed: feed, history, controller, token } = economy;
  for (const verifier of people.verifiers) await lockStake(economy, verifier, LOCK);
  const { chainId } = await connection.ethers.provider.getNetwork();
  const { time } = connection.networkHelpers;
  const [contributor] = people.users;
  const rows: Row[] = [];

  let proofs = 0;
  const prove = async () => {
    const now = BigInt(await time.latest());
    const contribution = {
      contributor: contributor!.address,
      kind: 1n,
      proofHash: connection.ethers.id(`work ${proofs++}`),
      units: 400n * WAD,
      quality: (9n * WAD) / 10n,
      confidence: WAD,
      impact: WAD,
      observedAt: now - 60n,
      expiresAt: now + 86_400n,
      evidenceRoot: connection.ethers.id("manifest"),
      evidenceURI: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
    };
    const place = { chainId, verifyingContract: await registry.getAddress() };
    const attestations = await attest(people.verifiers.slice(0, 2), contribution, place);
    return gasOf(registry.connect(contributor!).submit(contribution, attestations, []));
  };
  rows.push({ name: "proof.first", gas: await prove(), reference: EAS, referenceGas: 249_906n });
  await prove();
  await chain.passDays(1);
  rows.push({ name: "proof.twoSignatures", gas: await prove(), reference: EAS, referenceGas: 249_906n, goal: 0.808 }); // 202,000
  await token.settle(contributor!.address);

  const feedPlace = { chainId, verifyingContract: await feed.getAddress() };
  const report = async () => {
    const since = await lastRoundAt(economy);
    const observedAt = BigInt(await time.latest());
    const reports = people.reporters.map((signer, i) => ({
      signer,
      report: {
        price: 100_000_000n + BigInt(i) * 10_000n,
        meanPrice: 100_000_000n + BigInt(i) * 9_000n,
        since,
        volume6h: 2_500_000n * 10n ** 8n,
        meanVolume6h: 2_400_000n * 10n ** 8n,
        txTotal: 900n,
        txFailed: 9n,
        sendersDay: 5_000n,
        observedAt,
      },
    }));
    return gasOf(feed.submit(await packedReports(reports, feedPlace)));
  };
  let roundGas = 0n;
  // 33 days of prices every two hours: the rings are full of real values, and the window is complete.
  for (let i = 0; i < 33 * 12; i++) {
    await time.increase(7_200);
    roundGas = await report();
  }
  rows.push({ name: "round", gas: roundGas, reference: MEDIAN_AND_PUSH, referenceGas: 73_218n + 37_569n, goal: 1.228 }); // 136,000
  rows.push(...(await everydayRows()));
  const adjust = async () => {
    const preview = await controller.preview();
    return gasOf(controller.adjust(preview.decision.factor));
  };
  await adjust();
  for (let i = 0; i < 12; i++) {
    await time.increase(7_200);
    await report();
  }
  // With the other rule in its shadow.
  rows.push({ name: "adjust", gas: await adjust(), reference: REBASE, referenceGas: 262_995n, goal: 0.494 }); // 130,000

  // The feed alone, and the history alone, which walks the feed's rounds as it would a foreign feed's.
  await feed.connect(people.governor).setHistory(ZeroAddress);
  await history.connect(people.governor).setFeed(feed, false, 10_800n);
  let [medianGas, recordGas] = [0n, 0n];
  for (let i = 0; i < 60; i++) {
    await time.increase(7_200);
    medianGas = await report();
    recordGas = await gasOf(history.record());
  }
  rows.push({ name: "median.fiveReports", gas: medianGas, reference: MAKER_MEDIAN, referenceGas: 73_218n, goal: 1.298 }); // 95,000
  rows.push({ name: "record", gas: recordGas, reference: PUSH_REPORT, referenceGas: 37_569n });
  return rows;

  /** What goes on all the time: a round in each hour, another when the price moves within one, and a foreign feed's hourly record. */
  async function everydayRows(): Promise<Row[]> {
    const snapshot = await connection.networkHelpers.takeSnapshot();
    const reference = { reference: MEDIAN_AND_PUSH, referenceGas: 73_218n + 37_569n };
    const nextHour = async () => time.increaseTo(BigInt(Math.floor((await time.latest()) / 3_600) + 1) * 3_600n);
    let [hourly, sameHour, record] = [0n, 0n, 0n];
    for (let i = 0; i < 30; i++) {
      await nextHour();
      hourly = await report();
      await time.increase(600);
      sameHour = await report();
    }
    await feed.connect(people.governor).setHistory(ZeroAddress);
    await history.connect(people.governor).setFeed(feed, false, 10_800n);
    for (let i = 0; i < 30; i++) {
      await nextHour();
      await report();
      record = await gasOf(history.record());
    }
    await snapshot.restore();
    return [
      { name: "round.hourly", gas: hourly, ...reference },
      { name: "round.sameHour", gas: sameHour, ...reference },
      { name: "record.hourly", gas: record, reference: PUSH_REPORT, referenceGas: 37_569n },
    ];
  }
}
