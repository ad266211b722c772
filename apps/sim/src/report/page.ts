import type { Summary } from "../summary.ts";
export function pageOf(s: Summary): string { return JSON.stringify(s).length.toString(); }
