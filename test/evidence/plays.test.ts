import { STORAGE_PLAYS } from "./plays/storage.ts";
import { COMPUTE_PLAYS } from "./plays/compute.ts";
import { play } from "./plays/play.ts";
for (const one of [...STORAGE_PLAYS, ...COMPUTE_PLAYS]) it(one.attack, async () => { const { caught, credited } = await play(one); console.log(one.attack, one.tries, caught, credited); });
