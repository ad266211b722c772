/** What a plan's page and numbers are called. */
export function fileOf(plan: string, ending: "html" | "json"): string {
  return plan === "report" || plan === "quick" ? `simulation.${ending}` : `simulation-${plan}.${ending}`;
}
