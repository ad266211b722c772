// One way of cheating, tried several times.

export interface Try {
  /** What an honest contributor would have been credited for what is claimed, in wei. */
  claimed: bigint;
  /** What is credited, in wei; 0 where the claim is refused. */
  credited: bigint;
}

export interface Play {
  kind: string;
  attack: string;
  /** What a cheat that is to go unseen has to pay. */
  cost: string;
  tries: number;
  /** Tries that must be caught, in thousandths; all, unless chance has a part in it. */
  least?: number;
  run(index: number): Promise<Try>;
}

export interface Outcome {
  play: Play;
  caught: number;
  /** Credited of what was claimed, in hundredths of a per cent. */
  credited: number;
}

export async function play(play: Play): Promise<Outcome> {
  let caught = 0;
  let [claimed, credited] = [0n, 0n];
  for (let index = 0; index < play.tries; index++) {
    const result = await play.run(index);
    if (result.credited < result.claimed) caught++;
    claimed += result.claimed;
    credited += result.credited;
  }
  return { play, caught, credited: Number((credited * 10_000n) / claimed) };
}
