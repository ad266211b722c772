import { settingsPage } from "@ftns/service/config/settings.ts";
import { configSchema } from "./schema.ts";

const PREFACE = `# Settings of the keeper

Written by \`npx tsx services/keeper/write-settings.ts\` from the schema in \`services/keeper/src/config/\`. The configuration is one JSON file;
a dot is an object inside an object, \`[]\` an entry of a list. A setting that is not here is refused. What they are for stands in
[guide.md](guide.md) and [services/keeper/README.md](../../services/keeper/README.md).
`;

/** docs/operating/settings.md. */
export const keeperSettingsPage = (): string => settingsPage(configSchema, PREFACE);
