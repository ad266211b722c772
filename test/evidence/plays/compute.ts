// How to be paid for computing what one does not compute.
import { benchmarkScore, type ComputeParts, EvidenceFault, outputDigest, runUnits, solve } from "@ftns/evidence";
import { contributionValue, DEFAULT_BASE_RATES } from "@ftns/model";
import { Random } from "../../helpers/random.ts";
import { type Batch, batchOf, RULES, SCORE, truth, UNITS, verify } from "../compute/world.ts";
import type { Play, Try } from "./play.ts";

const WAD = 10n ** 18n;
const RATE = DEFAULT_BASE_RATES[1]!;

async function worthOf(count: number, score = SCORE): Promise<bigint> {
  const { instructions } = (await truth)[0]!;
  return contributionValue((BigInt(count) * instructions * WAD * score) / (RULES.instructionsPerWorkUnit * 1_000n), RATE, WAD);
}

async function tried(batch: Batch, stream: number, changes: Partial<ComputeParts> = {}, score = SCORE): Promise<Try> {
  const claimed = await worthOf(batch.claim.units, score > SCORE ? score : SCORE);
  try {
    const { units, impact } = await verify(batch, stream, changes, score);
    return { claimed, credited: contributionValue(units, RATE, impact) };
  } catch (error) {
    if (error instanceof EvidenceFault) return { claimed, credited: 0n };
    throw error;
  }
}

const digests = async (count = UNITS) => (await truth).slice(0, count).map(({ digest }) => digest);
const made = (random: Random) => outputDigest(Uint8Array.from({ length: 8 }, () => random.int(0, 255)));

/** The share of units that is faked, drawn anew in each try. */
const faking = (count: number) => {
  let trees: Promise<Batch[]> | undefined;
  const build = async () =>
    Promise.all(
      Array.from({ length: 5 }, async (_, stream) => {
        const random = new Random(21, stream);
        const results = await digests();
        const places = new Set<number>();
        while (places.size < count) places.add(random.int(0, UNITS - 1));
        for (const place of places) results[place] = made(random);
        return batchOf(results);
      }),
    );
  return async (index: number) => {
    const batches = await (trees ??= build());
    return tried(batches[index % batches.length]!, index);
  };
};

/** A task of the verifier that is answered so; an honest answer at the reference speed is worth 1. */
async function benchmarked(
  answer: (done: { result: bigint; instructions: bigint }) => { result: bigint; ms: number },
  index: number,
): Promise<Try> {
  const done = await solve({ start: BigInt(index + 1), turns: 1_000 }, runUnits);
  const rules = { ...RULES, referencePerSec: 34_000n };
  let score = 0n;
  try {
    score = benchmarkScore(done, answer(done), rules);
  } catch (error) {
    if (!(error instanceof EvidenceFault)) throw error;
  }
  return tried(await batchOf(await digests(100)), index, {}, score);
}

const kind = "COMPUTE";

export const COMPUTE_PLAYS: readonly Play[] = [
  {
    kind,
    attack: "fakes 5 % of the results",
    cost: "all of the batch, also the 95 % that it did",
    tries: 1_000,
    least: 990,
    run: faking(UNITS / 20),
  },
  { kind, attack: "fakes 20 % of the results", cost: "all of the batch", tries: 200, run: faking(UNITS / 5) },
  {
    kind,
    attack: "fakes all results",
    cost: "all of the batch",
    tries: 10,
    run: faking(UNITS),
  },
  {
    kind,
    attack: "does one unit and gives its result for all",
    cost: "all of the batch",
    tries: 10,
    run: async (index) => tried(await batchOf(Array<string>(200).fill((await digests(1))[0]!)), index),
  },
  {
    kind,
    attack: "does a tenth of the units and names each ten times",
    cost: "all of the batch",
    tries: 10,
    run: async (index) => {
      const known = await digests(20);
      return tried(
        await batchOf(
          Array.from({ length: 200 }, (_, i) => known[i % 20]!),
          0,
          (i) => i % 20,
        ),
        index,
      );
    },
  },
  {
    kind,
    attack: "works out the right result only when it is asked, after its root",
    cost: "all of the batch",
    tries: 10,
    run: async (index) => {
      const random = new Random(22, index);
      const fake = await batchOf(Array.from({ length: 200 }, () => made(random)));
      const known = await digests(200);
      const open: ComputeParts["open"] = (_, unit) => Promise.resolve({ digest: known[unit]!, proof: fake.tree.proof(unit) });
      return tried(fake, index, { open });
    },
  },
  {
    kind,
    attack: "does not answer for the units that it has not done, a tenth",
    cost: "all of the batch",
    tries: 100,
    least: 990,
    run: async (index) => {
      const batch = await batchOf(await digests(200));
      const open: ComputeParts["open"] = (_, unit) => {
        if (unit % 10 === 3) throw new EvidenceFault("TOO_SLOW", "no answer");
        return Promise.resolve({ digest: batch.digests[unit]!, proof: batch.tree.proof(unit) });
      };
      return tried(batch, index, { open });
    },
  },
  {
    kind,
    attack: "hands in the same units again by a second account",
    cost: "the second claim",
    tries: 10,
    run: async (index) => {
      const batch = await batchOf(await digests(200));
      const owners = new Map<number, string>();
      const take: ComputeParts["take"] = (claim, _job, first) => {
        const owner = owners.get(first) ?? claim;
        owners.set(first, owner);
        return Promise.resolve(owner === claim);
      };
      const first = await tried(batch, index, { take });
      if (first.credited !== first.claimed) throw new Error("the honest claim is not paid");
      const contributor = "0x00000000000000000000000000000000000000C2";
      return tried({ ...batch, claim: { ...batch.claim, contributor } }, index, { take });
    },
  },
  {
    kind,
    attack: "makes up a job of its own that is quickly done",
    cost: "all of the batch",
    tries: 10,
    run: async (index) => {
      const batch = await batchOf(await digests(200));
      return tried({ ...batch, claim: { ...batch.claim, job: `0x${"cd".repeat(32)}` } }, index);
    },
  },
  {
    kind,
    attack: "guesses the benchmark's result to be early",
    cost: "all of the batch",
    tries: 10,
    run: (index) => benchmarked(({ result }) => ({ result: result ^ 1n, ms: 1 }), index),
  },
  {
    kind,
    attack: "is half as fast as it would like to be paid for",
    cost: "is paid for the speed it has",
    tries: 10,
    run: (index) => benchmarked(({ result }) => ({ result, ms: 2_001 }), index),
  },
];
