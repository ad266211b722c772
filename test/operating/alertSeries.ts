// What alert rules are tried on, in the notation of Prometheus' rule tests: a value a minute.

export interface AlertCase {
  what: string;
  /** Series by their name and labels. */
  series: Record<string, string>;
  /** Minute of the look. */
  at: number;
  /** Labels of the alerts that fire, without the severity; none: it is quiet. */
  fires: Record<string, string>[];
}

/** The series of one service as they are scraped, and the cases that its rules have in common. */
export function casesOf(service: string, port: number) {
  const WHERE = { job: `ftns-${service}`, instance: `${service}:${port}` };
  /** A metric of the service as it is scraped. */
  const of = (name: string, labels: Record<string, string> = {}): string => {
    const inner = Object.entries({ ...labels, ...WHERE }).map(([label, value]) => `${label}="${value}"`);
    return `ftns_${service}_${name}{${inner.join(",")}}`;
  };
  const up = `up{job="ftns-${service}",instance="${service}:${port}"}`;
  const firing = (labels: Record<string, string> = {}) => [{ ...labels, ...WHERE }];

  /** A gauge above or below its limit for long enough, at the limit, and back in time. */
  function gauge(name: string, bad: number, limit: number, minutes: number, labels: Record<string, string> = {}): AlertCase[] {
    const series = of(name, labels);
    const at = minutes + 1;
    const cases: AlertCase[] = [
      { what: `${bad} for ${at} minutes`, series: { [series]: `${bad}x60` }, at, fires: firing(labels) },
      { what: `its limit, ${limit}`, series: { [series]: `${limit}x60` }, at: 50, fires: [] },
      { what: "no value", series: { [of("healthy")]: "1x60" }, at: 50, fires: [] },
    ];
    if (minutes > 0) {
      cases.push({ what: "not yet long enough", series: { [series]: `${bad}x60` }, at: minutes - 1, fires: [] });
      cases.push({
        what: "good again in between",
        series: { [series]: `${bad}x${minutes - 1} ${limit} ${bad}x60` },
        at,
        fires: [],
      });
    }
    return cases;
  }

  /** A counter of trouble: the first event ever, a further one, and one that is long past. */
  function counter(name: string, labels: Record<string, string>, minutes: number): AlertCase[] {
    const series = of(name, labels);
    return [
      { what: "its first event, never seen before", series: { [series]: "_x10 1x60" }, at: 12, fires: firing(labels) },
      { what: "one more event", series: { [series]: "4x10 5x60" }, at: 12, fires: firing(labels) },
      { what: "an event after a restart", series: { [series]: "4x10 0x2 1x60" }, at: 15, fires: firing(labels) },
      { what: "nothing new", series: { [series]: `5x${minutes + 60}` }, at: minutes + 40, fires: [] },
      { what: "an event that is long past", series: { [series]: `_x10 1x${minutes + 60}` }, at: minutes + 40, fires: [] },
      { what: "a counter that begins at zero", series: { [series]: "_x10 0x60" }, at: 12, fires: [] },
    ];
  }

  return { of, up, firing, gauge, counter };
}
