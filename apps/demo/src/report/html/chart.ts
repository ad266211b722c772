import { escape } from "./escape.ts";
import type { Scale } from "./scale.ts";

export interface Line {
  readonly name: string;
  /** Class that gives the colour: c1 to c4. */
  readonly color: "c1" | "c2" | "c3" | "c4";
  /** One value a day from day 0 on; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
  readonly filled?: boolean;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** The chart in a sentence, for those who cannot see it. */
  readonly description: string;
  readonly lines: readonly Line[];
  readonly scale: Scale;
  readonly format: (value: number) => string;
  /** What the reader sees for each day, such as its date. */
  readonly labels: readonly string[];
  readonly small?: boolean;
  /** A line across the chart, such as M = 1. */
  readonly reference?: number;
}

/** Side of every drawing; it is stretched to its place. */
export const SIZE = 1000;

function y(scale: Scale, value: number): string {
  const share = Math.min(1, Math.max(0, scale.at(value)));
  return ((1 - share) * SIZE).toFixed(1);
}

function x(index: number, count: number): string {
  return ((index / Math.max(1, count - 1)) * SIZE).toFixed(1);
}

/** Points of a line, a new stretch after each hole. */
export function pathOf(values: readonly (number | null)[], scale: Scale): string {
  let pen = "M";
  const parts: string[] = [];
  values.forEach((value, i) => {
    if (value === null) pen = "M";
    else {
      parts.push(`${pen}${x(i, values.length)} ${y(scale, value)}`);
      pen = "L";
    }
  });
  return parts.join("");
}

function drawLine(line: Line, scale: Scale): string {
  const path = pathOf(line.values, scale);
  const area = line.filled ? `<path class="area ${line.color}" d="${path}L${SIZE} ${SIZE}L0 ${SIZE}Z"/>` : "";
  return `${area}<path class="line ${line.color}${line.dashed ? " dashed" : ""}" d="${path}"/>`;
}

/** About five day labels, first and last always. */
function dayTicks(count: number, small: boolean): number[] {
  const step = Math.ceil((count - 1) / (small ? 3 : 6) / 5) * 5 || 1;
  const ticks: number[] = [];
  for (let day = 0; day <= count - 1 - step / 2; day += step) ticks.push(day);
  return [...ticks, count - 1];
}

interface Figure {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly className: string;
  /** Entries, in HTML. */
  readonly legend: string;
  readonly labels: readonly string[];
  /** What is shown for each element marked `data-line`, day by day. */
  readonly readings: readonly (readonly string[])[];
  /** Inside of the SVG, and HTML over it. */
  readonly drawing: string;
  readonly words: string;
  readonly small: boolean;
}

/** An SVG that stretches to any width, with labels in HTML so that text keeps its size on a phone and on paper. */
export function renderFigure({
  id,
  title,
  description,
  className,
  legend,
  labels,
  readings,
  drawing,
  words,
  small,
}: Figure): string {
  const xLabels = dayTicks(labels.length, small)
    .map((day) => `<span class="x" style="left:${Number(x(day, labels.length)) / 10}%">${day === 0 ? "day 0" : day}</span>`)
    .join("");
  return `<figure class="${className}" data-chart="${escape(JSON.stringify({ labels, readings }))}">
<ul class="legend" aria-hidden="true">${legend}<li class="when" data-when></li></ul>
<div class="plot"><svg viewBox="0 0 ${SIZE} ${SIZE}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${escape(title)}</title><desc id="${id}-d">${escape(description)}</desc>
${drawing}</svg>${words}${xLabels}<span class="cross" hidden></span></div>
</figure>`;
}

export function renderChart(chart: Chart): string {
  const { id, title, description, scale, lines, labels, format, small = false } = chart;
  const grid = scale.ticks.map((tick) => `<path class="grid" d="M0 ${y(scale, tick)}H${SIZE}"/>`).join("");
  const reference = chart.reference === undefined ? "" : `<path class="reference" d="M0 ${y(scale, chart.reference)}H${SIZE}"/>`;
  const yLabels = scale.ticks
    .map((tick) => `<span class="y" style="top:${Number(y(scale, tick)) / 10}%">${escape(format(tick))}</span>`)
    .join("");
  const legend = lines
    .map((line) => `<li><i class="${line.color}${line.dashed ? " dashed" : ""}"></i>${escape(line.name)}<b data-line></b></li>`)
    .join("");
  return renderFigure({
    id,
    title,
    description,
    className: `chart${small ? " small" : ""}`,
    legend,
    labels,
    readings: lines.map(({ values }) => values.map((value) => (value === null ? "–" : format(value)))),
    drawing: `${grid}${reference}${lines.map((line) => drawLine(line, scale)).join("")}`,
    words: yLabels,
    small,
  });
}
