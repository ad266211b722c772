import { DATA_PLAYS } from "./plays/data.ts";
import { REVIEWED_PLAYS } from "./plays/reviewed.ts";
import { play } from "./plays/play.ts";
for (const one of [...DATA_PLAYS, ...REVIEWED_PLAYS]) it(one.attack, async () => { const { caught, credited } = await play(one); console.log(one.attack, one.tries, caught, credited); });
