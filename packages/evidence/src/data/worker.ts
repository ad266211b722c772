// The thread in which tables are read: see read.ts.
import { parentPort, workerData } from "node:worker_threads";
import { asFault } from "../common/fault.ts";
import type { Column, DataRules } from "./claim.ts";
import { profileOf } from "./profile.ts";
import type { Format } from "./rows.ts";

interface Task {
  format: Format;
  files: Uint8Array[];
  columns: Column[];
  rules: DataRules;
}

const { format, files, columns, rules } = workerData as Task;
try {
  const profile = await profileOf(format, files, columns, rules);
  parentPort!.postMessage({ profile }, [profile.signatures.buffer as ArrayBuffer]);
} catch (error) {
  const { code, detail } = asFault("BAD_DATA", error);
  parentPort!.postMessage({ code, detail });
}
