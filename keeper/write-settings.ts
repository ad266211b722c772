// Writes docs/operating/settings.md. Run it after changing the schema: npx tsx keeper/write-settings.ts
import { writeFileSync } from "node:fs";
import { settingsPage } from "./src/config/settings.ts";

writeFileSync(new URL("../docs/operating/settings.md", import.meta.url), settingsPage());
