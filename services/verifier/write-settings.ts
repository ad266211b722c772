// Writes docs/operating/verifier-settings.md. Run it after changing the schema: npx tsx services/verifier/write-settings.ts
import { writeFileSync } from "node:fs";
import { verifierSettingsPage } from "@ftns/verifier/config/settings.ts";

writeFileSync(new URL("../../docs/operating/verifier-settings.md", import.meta.url), verifierSettingsPage());
