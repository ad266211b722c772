// The tables of what was seen. A database's other tables come from the service that owns it.
import type { Migration } from "@ftns/service/database/migrate.ts";

export const EVIDENCE_TABLES: readonly Migration[] = [
  {
    name: "evidence 1",
    sql: `
-- Blocks of storage, and from when until when they count for a claim (seconds).
CREATE TABLE held_blocks (
  digest bytea NOT NULL,
  claim text NOT NULL,
  starts bigint NOT NULL,
  ends bigint NOT NULL CHECK (ends > starts),
  PRIMARY KEY (digest, starts, claim)
);
-- Works, by the SHA-256 of their files: each belongs to one claim for ever.
CREATE TABLE works (
  name text PRIMARY KEY,
  claim text NOT NULL
);
-- Units of a job of computation: from the first one up to, not including, the end.
CREATE TABLE computed_units (
  job text NOT NULL,
  starts bigint NOT NULL,
  ends bigint NOT NULL CHECK (ends > starts),
  claim text NOT NULL,
  PRIMARY KEY (job, starts)
);
-- What models named, one class for each sample of their task's set.
CREATE TABLE named_classes (
  task text NOT NULL,
  claim text NOT NULL,
  named bytea NOT NULL,
  PRIMARY KEY (task, claim)
);
-- Signatures (MinHash) of documents and of rows of tables.
CREATE TABLE likeness (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  realm text NOT NULL,
  claim text NOT NULL,
  signature bytea NOT NULL
);
-- Where a signature is looked for: by 64 bits of each of its bands.
CREATE TABLE likeness_bands (
  band bigint NOT NULL,
  id bigint NOT NULL,
  PRIMARY KEY (band, id)
);
`,
  },
];
