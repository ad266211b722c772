/**
 * Which figures verifiers sign, where their measurements differ a little: others asked for other blocks, at other times. They sign the
 * least of what a sufficient number of them measured, each within a tolerance of its own measurement and never above it.
 */
import type { Verdict } from "../common/amounts.ts";

export type Figures = Pick<Verdict, "units" | "quality" | "confidence">;

/** What one verifier measured. */
export interface Measured {
  verifier: string;
  figures: Figures;
}

export interface Agreement {
  figures: Figures;
  /** All who can sign them, the one who asks among them. */
  signers: string[];
}

/** A verifier signs what is at most so many thousandths below its own measurement. */
export const TOLERANCE_THOUSANDTHS = 50n;

const NAMES = ["units", "quality", "confidence"] as const;

/** Whether a verifier that measured `own` may sign `said`: no number above its own, and none far below. */
export function canSign(said: Figures, own: Figures): boolean {
  return NAMES.every((name) => said[name] > 0n && said[name] <= own[name] && isNear(said[name], own[name]));
}

/** Rounded against the one who says less. */
const isNear = (said: bigint, own: bigint): boolean => said * 1_000n >= own * (1_000n - TOLERANCE_THOUSANDTHS);

/**
 * The most that `own` and enough others, `threshold` in all, can sign; undefined where there are too few. So whoever says far too little
 * is left out as soon as enough others agree, and whoever says too much raises nothing above what `own` measured.
 */
export function agree(own: Measured, others: readonly Measured[], threshold: number): Agreement | undefined {
  const all = [own, ...others.filter(({ verifier }) => verifier !== own.verifier)];
  // Of one verifier the first word counts.
  const voices = all.filter(({ verifier }, index) => all.findIndex((one) => one.verifier === verifier) === index);
  const choices = (name: keyof Figures): bigint[] => {
    const values = voices.map(({ figures }) => figures[name]);
    return [...new Set(values)].filter((value) => value > 0n && value <= own.figures[name] && isNear(value, own.figures[name]));
  };
  let best: Agreement | undefined;
  for (const units of choices("units")) {
    for (const quality of choices("quality")) {
      for (const confidence of choices("confidence")) {
        const figures = { units, quality, confidence };
        const signers = voices.filter((voice) => canSign(figures, voice.figures)).map(({ verifier }) => verifier);
        if (signers.length < threshold) continue;
        const agreement = { figures, signers };
        if (best === undefined || isBetter(agreement, best)) best = agreement;
      }
    }
  }
  return best;
}

/** By what the contributor is credited, then by confidence, then by the number of signers. */
function isBetter(one: Agreement, other: Agreement): boolean {
  const [a, b] = [one, other].map(({ figures: { units, quality } }) => units * quality) as [bigint, bigint];
  if (a !== b) return a > b;
  if (one.figures.confidence !== other.figures.confidence) return one.figures.confidence > other.figures.confidence;
  return one.signers.length > other.signers.length;
}
