import { settingsPage } from "@ftns/service/config/settings.ts";
import { configSchema } from "./schema.ts";

const PREFACE = `# Settings of the verifier

Written by \`npx tsx services/verifier/write-settings.ts\` from the schema in \`services/verifier/src/config/\`. The configuration is one JSON
file; a dot is an object inside an object, \`[]\` an entry of a list. A setting that is not here is refused. What they are for stands in
[verifier.md](verifier.md).
`;

/** docs/operating/verifier-settings.md. */
export const verifierSettingsPage = (): string => settingsPage(configSchema, PREFACE);
