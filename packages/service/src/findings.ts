export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that is wrong now. The same trouble keeps its id for as long as it lasts. */
export interface Finding {
  id: string;
  severity: Severity;
  title: string;
  detail: string;
  /** The chapter of docs/operating/runbooks.md that tells what to do. */
  runbook: string;
  /** The service cannot do its work: /healthz says 503. */
  unhealthy: boolean;
  /** Not worth a message before it has lasted so long (seconds). */
  patienceSec?: number;
}
