import type { Finding } from "./findings.ts";
import type { Page } from "./http/serve.ts";
import type { Metrics } from "./metrics.ts";
import type { Secrets } from "./secrets.ts";

/** What the pages are made of, asked for at each request. */
export interface HealthSource {
  metrics: Metrics;
  findings(): Finding[];
  /** What the service still waits for before it is ready; nothing when it is. */
  waitingFor(): string[];
}

/** The pages by which a service is watched: /metrics, /healthz (503 when it cannot do its work), /readyz (503 until it began). */
export function healthPages({ metrics, findings, waitingFor }: HealthSource, secrets: Secrets): Record<string, Page> {
  const pages: Record<string, Page> = {
    "/metrics": async () => ({ body: await metrics.page(), type: metrics.contentType }),
    "/healthz": () => {
      const found = findings();
      const ill = found.filter(({ unhealthy }) => unhealthy);
      const told = ({ id, severity, title, detail, runbook }: Finding) => ({ id, severity, title, detail, runbook });
      const body = {
        status: ill.length === 0 ? "ok" : "unhealthy",
        reasons: ill.map(told),
        warnings: found.filter(({ unhealthy }) => !unhealthy).map(told),
      };
      return { status: ill.length === 0 ? 200 : 503, body: JSON.stringify(body) };
    },
    "/readyz": () => {
      const waiting = waitingFor();
      const ready = waiting.length === 0;
      return { status: ready ? 200 : 503, body: JSON.stringify({ ready, waitingFor: waiting }) };
    },
  };
  return scrubbed(pages, secrets);
}

/** The same pages without any secret, whatever a reason in them may quote. */
function scrubbed(pages: Record<string, Page>, secrets: Secrets): Record<string, Page> {
  const clean =
    (page: Page): Page =>
    async () => {
      const answer = await page();
      return { ...answer, body: secrets.scrub(answer.body) };
    };
  return Object.fromEntries(Object.entries(pages).map(([path, page]) => [path, clean(page)]));
}
