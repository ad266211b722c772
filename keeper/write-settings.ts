// Writes the table of settings into keeper/README.md. Run it after changing the schema: npx tsx keeper/write-settings.ts
import { readFileSync, writeFileSync } from "node:fs";
import { settingsTable } from "./src/config/settings.ts";

const readme = new URL("./README.md", import.meta.url);
const marked = /(<!-- settings -->\n)[\s\S]*?(<!-- end of settings -->)/;
writeFileSync(
  readme,
  readFileSync(readme, "utf8").replace(marked, (_, begin, end) => `${begin}${settingsTable()}\n${end}`),
);
