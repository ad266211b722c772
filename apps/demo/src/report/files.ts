/** What a run leaves in its folder. */
export const REPORT_FILES = ["report.html", "report.json"] as const;
