const FLOOR = 0.02;
const START = 0.5;
const DECAY_A_DAY = 0.003;
const YEAR_DAYS = 365;

/** Growth that the policy aims at `day` days after launch, a year: from 50 % down to 2 %. */
export function targetRate(day: number): number {
  return FLOOR + (START - FLOOR) * Math.exp(-DECAY_A_DAY * day);
}

/** The price path that grows by T(d) / 365 on each day d, from day 0 to day `days`. */
export function targetPath(launchPrice: number, days: number): number[] {
  const path = [launchPrice];
  for (let day = 0; day < days; day++) path.push(path[day]! * (1 + targetRate(day) / YEAR_DAYS));
  return path;
}
