// The tables of a verifier, beside those of what was seen.
import { EVIDENCE_TABLES } from "@ftns/evidence-store";
import type { Migration } from "@ftns/service/database/migrate.ts";

export const VERIFIER_TABLES: readonly Migration[] = [
  ...EVIDENCE_TABLES,
  {
    name: "verifier 1",
    sql: `
-- Claims, by the digest of what was claimed. Of a refused one only the answer is kept.
CREATE TABLE claims (
  root text PRIMARY KEY,
  proof_hash text NOT NULL,
  kind text NOT NULL,
  contributor text NOT NULL,
  -- The claim and the contributor's signed request for it, as they came; peers get the same.
  body jsonb,
  state text NOT NULL CHECK (state IN ('new', 'challenged', 'measured', 'refused')),
  -- Whether its contributor asked us, so that we ask peers for their signatures.
  gathers boolean NOT NULL,
  -- Seconds of the chain's time.
  announced_at bigint NOT NULL,
  due_at bigint NOT NULL,
  -- Bytes that challenges are about, of STORAGE.
  bytes bigint,
  -- What was measured (WAD), and when.
  units numeric(78), quality numeric(78), confidence numeric(78),
  measured_at bigint,
  -- Why it was refused.
  code text, detail text,
  -- The proof with enough signatures.
  proof jsonb,
  changed_at timestamptz NOT NULL DEFAULT now(),
  CHECK (state <> 'measured' OR (units > 0 AND quality > 0 AND confidence > 0 AND measured_at IS NOT NULL)),
  CHECK ((state = 'refused') = (code IS NOT NULL)),
  CHECK ((state = 'refused') = (body IS NULL))
);
CREATE INDEX claims_by_proof ON claims (proof_hash);
CREATE INDEX claims_open ON claims (due_at) WHERE state IN ('new', 'challenged');
CREATE INDEX claims_incomplete ON claims (root) WHERE state = 'measured' AND gathers AND proof IS NULL;
CREATE INDEX claims_by_contributor ON claims (contributor, announced_at);
-- Requests of contributors: a nonce is for one claim.
CREATE TABLE requests (
  contributor text NOT NULL,
  nonce numeric(78) NOT NULL,
  root text NOT NULL,
  deadline bigint NOT NULL,
  PRIMARY KEY (contributor, nonce)
);
-- Challenges of STORAGE, planned when the claim is announced. An answer is written once.
CREATE TABLE challenges (
  root text NOT NULL,
  number integer NOT NULL,
  at bigint NOT NULL,
  gateway integer NOT NULL,
  path jsonb NOT NULL,
  answer jsonb,
  PRIMARY KEY (root, number)
);
CREATE INDEX challenges_open ON challenges (at) WHERE answer IS NULL;
-- What was signed: one content for a proof, by itself or in a batch, for ever.
CREATE TABLE signatures (
  proof_hash text PRIMARY KEY,
  form text NOT NULL CHECK (form IN ('single', 'batch')),
  digest text NOT NULL,
  content jsonb NOT NULL,
  signature text NOT NULL,
  signed_at timestamptz NOT NULL DEFAULT now()
);
-- The secret that choices are drawn with, and reasons that operators gave.
CREATE TABLE keepsakes (
  name text PRIMARY KEY,
  value bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
`,
  },
];
