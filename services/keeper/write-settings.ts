// Writes docs/operating/settings.md. Run it after changing the schema: npx tsx services/keeper/write-settings.ts
import { writeFileSync } from "node:fs";
import { keeperSettingsPage } from "@ftns/keeper/config/settings.ts";

writeFileSync(new URL("../../docs/operating/settings.md", import.meta.url), keeperSettingsPage());
