// Series of values in the notation of Prometheus' own rule tests, so that promtool can be given the same ones.

/** Seconds between two values, and between two looks at a rule. */
export const STEP = 60;

export type Labels = Readonly<Record<string, string>>;

export interface Series {
  labels: Labels;
  /** By step; a gap where nothing was scraped. */
  values: readonly (number | undefined)[];
}

/** `name{label="value"}` as labels, the name under `__name__`. */
export function labelsOf(text: string): Labels {
  const [, name, inner = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?$/.exec(text)!;
  const pairs = [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label!, value!]);
  return { __name__: name!, ...Object.fromEntries(pairs) };
}

/** `0x3` is 0 0 0 0, `0+2x3` is 0 2 4 6, `_x3` is three gaps, and `1 _ 2` is 1, a gap, 2. */
export function valuesOf(text: string): (number | undefined)[] {
  return text.split(/\s+/).flatMap((part): (number | undefined)[] => {
    const gaps = /^_(?:x(\d+))?$/.exec(part);
    if (gaps !== null) return Array.from({ length: Number(gaps[1] ?? 1) }, () => undefined);
    const run = /^(-?[\d.]+)([+-][\d.]+)?x(\d+)$/.exec(part);
    if (run === null) return [Number(part)];
    const [first, by, times] = [Number(run[1]), Number(run[2] ?? 0), Number(run[3])];
    return Array.from({ length: times + 1 }, (_, i) => first + by * i);
  });
}
