// How to be paid for a model that one has not made, or that knows nothing.
import { EvidenceFault, type Verdict } from "@ftns/evidence";
import { contributionValue, DEFAULT_BASE_RATES } from "@ftns/model";
import { Random } from "../../helpers/random.ts";
import { BIAS, CLASSES, END, Epoch, pointsOf, salt, task, WEIGHTS, WIDTH } from "../model/world.ts";
import { peers } from "../people.ts";
import type { Play, Try } from "./play.ts";

const WAD = 10n ** 18n;
const RATE = DEFAULT_BASE_RATES[5]!;

const worthOf = ({ units, quality, impact }: Verdict): bigint => (contributionValue(units, RATE, impact) * quality) / WAD;
const honest = new Epoch().linear(WEIGHTS, BIAS).then(worthOf);

async function tried(scored: () => Promise<Verdict>): Promise<Try> {
  const claimed = await honest;
  try {
    return { claimed, credited: worthOf(await scored()) };
  } catch (error) {
    if (error instanceof EvidenceFault) return { claimed, credited: 0n };
    throw error;
  }
}

const [kind, cost] = ["MODEL", "all of the claim"];
const contributor = peers[4]!.address;
const noise = (random: Random) => random.int(-1_000, 1_000) / 1_000;

/** After an honest model. */
const afterwards = (cheat: (epoch: Epoch, random: Random) => Promise<Verdict>) => async (index: number) => {
  const epoch = new Epoch();
  await epoch.linear(WEIGHTS, BIAS);
  return tried(() => cheat(epoch, new Random(91, index)));
};

export const MODEL_PLAYS: readonly Play[] = [
  {
    kind,
    attack: "hands in random weights where 0.7 was known, better ones by luck",
    cost: "all of the claim, but for luck: so easy a task needs a higher baseline",
    tries: 500,
    least: 950,
    run: (index) => {
      const random = new Random(92, index);
      const weights = Array.from({ length: WIDTH * CLASSES }, () => noise(random));
      const taskOf = () => Promise.resolve({ ...task, baseline: 700n });
      return tried(() => new Epoch().linear(weights, Array(CLASSES).fill(0), {}, { taskOf }));
    },
  },
  {
    kind,
    attack: "always names one class",
    cost,
    tries: 3,
    run: (index) =>
      tried(() =>
        new Epoch().linear(
          Array(WIDTH * CLASSES).fill(0),
          [0, 1, 2].map((one) => (one === index ? 1 : 0)),
        ),
      ),
  },
  {
    kind,
    attack: "gives no numbers, so that every comparison fails",
    cost,
    tries: 5,
    run: () => tried(() => new Epoch().linear(Array(WIDTH * CLASSES).fill(Number.NaN), BIAS)),
  },
  {
    kind,
    attack: "hands in another's file by a second account",
    cost,
    tries: 5,
    run: afterwards((epoch) => epoch.linear(WEIGHTS, BIAS, { contributor })),
  },
  {
    kind,
    attack: "hands in another's weights with a little noise",
    cost,
    tries: 20,
    run: afterwards((epoch, random) =>
      epoch.linear(
        WEIGHTS.map((one) => one + noise(random) / 500),
        BIAS,
        { contributor },
      ),
    ),
  },
  {
    kind,
    attack: "hands in another's weights, all of them doubled",
    cost,
    tries: 5,
    run: afterwards((epoch) =>
      epoch.linear(
        WEIGHTS.map((one) => 2 * one),
        BIAS.map((one) => 2 * one),
        { contributor },
      ),
    ),
  },
  {
    kind,
    attack: "hands a model in when the held-out set is public",
    cost,
    tries: 5,
    run: () => tried(() => new Epoch().linear(WEIGHTS, BIAS, {}, {}, END)),
  },
  {
    kind,
    attack: "asks for scores while the epoch runs, to climb by them",
    cost,
    tries: 5,
    run: () => tried(() => new Epoch().linear(WEIGHTS, BIAS, {}, { now: END - 1 })),
  },
  {
    kind,
    attack: "has a held-out set of its own shown to a verifier",
    cost,
    tries: 5,
    run: (index) => {
      const set = pointsOf(new Random(93, index));
      return tried(() => new Epoch().linear(WEIGHTS, BIAS, {}, { heldOut: () => Promise.resolve({ set, salt }) }));
    },
  },
  {
    kind,
    attack: "puts a better model in the place of the one it named",
    cost,
    tries: 5,
    run: () =>
      tried(() => {
        const epoch = new Epoch();
        const early = epoch.files.add("a model of which nothing is known yet");
        epoch.files.replace(early, Buffer.alloc(early.bytes, 1));
        return epoch.linear(WEIGHTS, BIAS, { model: early });
      }),
  },
];
