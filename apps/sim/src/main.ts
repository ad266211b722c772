// npm run simulate: years of an FTNS economy under each policy.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOptions } from "./args.ts";
import { workOff } from "./crew.ts";
import { fileOf } from "./files.ts";
import { planOf } from "./plan.ts";
import { pageOf } from "./report/page.ts";
import { progressOn } from "./progress.ts";
import { isKept, openStore } from "./store.ts";
import { summarise } from "./summary.ts";
import { textOf } from "./report/text.ts";

const { plan: name, quick, seeds, out } = readOptions(process.argv.slice(2));
const plan = planOf(quick ? "quick" : name, seeds);
const folder = openStore(out);
const progress = progressOn(process.stderr, plan.units.length);
const left = plan.units.filter((unit) => !isKept(folder, unit));
const kept = plan.units.length - left.length;
let done = kept;
progress.show(done, kept);
await workOff(new URL("./worker.ts", import.meta.url), { folder }, left, () => progress.show((done += 1), kept));
progress.end();

const summary = summarise(plan, folder);
const [page, numbers] = [join(out, fileOf(plan.name, "html")), join(out, fileOf(plan.name, "json"))];
writeFileSync(numbers, `${JSON.stringify(summary)}\n`);
writeFileSync(page, pageOf(summary));
console.log(textOf(summary));
console.log(`Charts and tables: ${page}; numbers: ${numbers}`);
