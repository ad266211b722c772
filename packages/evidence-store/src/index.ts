export { type Seen, withSeen } from "./seen.ts";
export { EVIDENCE_TABLES } from "./tables.ts";
