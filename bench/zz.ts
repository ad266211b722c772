import { batchRows } from "./batches.ts";
for (const r of await batchRows()) console.log(r.name, r.gas);
