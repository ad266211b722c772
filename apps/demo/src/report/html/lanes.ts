import { renderFigure, SIZE } from "./chart.ts";
import { escape } from "./escape.ts";

/** Numbers of one job, one a day. */
export interface Lane {
  readonly name: string;
  /** In words, when no day is pointed at. */
  readonly total: string;
  readonly looks: readonly number[];
  readonly due: readonly number[];
  readonly done: readonly number[];
  readonly lostRaces: readonly number[];
}

export interface Lanes {
  readonly id: string;
  readonly title: string;
  readonly lanes: readonly Lane[];
  readonly labels: readonly string[];
}

/** Shares of a lane: its name stands above its bars. */
const NAME_SHARE = 0.45;
const BAR_SHARE = 0.5;
/** Of the room of a day. */
const BAR_WIDTH = 0.8;
/** Of a lane's bars: a single act among many looks must be seen. */
const MIN_ACT = 0.15;

/** A bar for each day whose value is above zero; they stand at `bottom`, `full` is as high as `height`, and none is lower than the share `least`. */
export function barsPath(values: readonly number[], full: number, bottom: number, height: number, least = 0): string {
  const room = SIZE / Math.max(1, values.length - 1);
  const width = (room * BAR_WIDTH).toFixed(1);
  return values
    .map((value, day) => {
      if (value <= 0 || full <= 0) return "";
      const tall = (Math.min(1, Math.max(value / full, least)) * height).toFixed(1);
      return `M${(day * room - (room * BAR_WIDTH) / 2).toFixed(1)} ${bottom.toFixed(1)}v-${tall}h${width}v${tall}z`;
    })
    .join("");
}

function drawLane({ looks, due, lostRaces }: Lane, place: number, count: number): string {
  const height = (SIZE / count) * BAR_SHARE;
  const bottom = (SIZE / count) * (place + NAME_SHARE + BAR_SHARE);
  const full = Math.max(1, ...looks);
  const bars = (color: string, values: readonly number[], least?: number) =>
    `<path class="bar ${color}" d="${barsPath(values, full, bottom, height, least)}"/>`;
  return `${bars("idle", looks)}${bars("due", due, MIN_ACT)}${bars("lost", lostRaces, MIN_ACT)}<path class="grid" d="M0 ${bottom.toFixed(1)}H${SIZE}"/>`;
}

function reading({ looks, done, lostRaces }: Lane, day: number): string {
  const lost = lostRaces[day]! > 0 ? `, ${lostRaces[day]} lost` : "";
  return `${looks[day]} looks, ${done[day]} done${lost}`;
}

/** Bars for several jobs above each other, on the days of all other charts. */
export function renderLanes({ id, title, lanes, labels }: Lanes): string {
  const names = lanes
    .map(
      (lane, place) =>
        `<span class="lane" style="top:${((place / lanes.length) * 100).toFixed(2)}%">${escape(lane.name)}<i>${escape(lane.total)}</i><b data-line></b></span>`,
    )
    .join("");
  return renderFigure({
    id,
    title,
    description: lanes.map(({ name, total }) => `${name}: ${total}`).join("; "),
    className: "lanes",
    legend: `<li><i class="idle"></i>looked, nothing to do</li><li><i class="due"></i>something to do</li><li><i class="lost"></i>the other keeper was faster</li>`,
    labels,
    readings: lanes.map((lane) => labels.map((_, day) => reading(lane, day))),
    drawing: lanes.map((lane, place) => drawLane(lane, place, lanes.length)).join(""),
    words: names,
    small: false,
  });
}
