// P342: each cheat that we know of is caught, at the rate that docs/evidence.md tells, and is credited no more than what is true.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { COMPUTE_PLAYS } from "./plays/compute.ts";
import { DATA_PLAYS } from "./plays/data.ts";
import { MODEL_PLAYS } from "./plays/model.ts";
import { type Outcome, type Play, play } from "./plays/play.ts";
import { REVIEWED_PLAYS } from "./plays/reviewed.ts";
import { STORAGE_PLAYS } from "./plays/storage.ts";

const FILE = new URL("../../docs/evidence.md", import.meta.url);
const BEGIN = "<!-- written by npm run evidence -->\n";
const END = "<!-- end -->\n";

const PLAYS: readonly Play[] = [...STORAGE_PLAYS, ...COMPUTE_PLAYS, ...DATA_PLAYS, ...REVIEWED_PLAYS, ...MODEL_PLAYS];

describe("cheats with evidence", () => {
  const outcomes: Outcome[] = [];

  for (const one of PLAYS) {
    it(`P342: ${one.kind}: who ${one.attack}`, async () => {
      const outcome = await play(one);
      outcomes.push(outcome);
      expect(outcome.caught * 1_000).to.be.at.least(one.tries * (one.least ?? 1_000));
    });
  }

  it("P342: are six or more for each kind", () => {
    for (const kind of ["STORAGE", "COMPUTE", "DATA", "DOCUMENTATION", "RESEARCH", "TEACHING", "MODEL"]) {
      expect(PLAYS.filter((one) => one.kind === kind).length, kind).to.be.at.least(6);
    }
  });

  it("P342: pay no more for a part than the part", () => {
    const credited = (words: string) => outcomes.find(({ play }) => play.attack.startsWith(words))!.credited / 100;
    expect(credited("keeps four fifths")).to.be.within(77, 83);
    expect(credited("deletes all when")).to.be.within(72, 78);
    expect(credited("fakes 5 %")).to.be.lessThan(1);
  });

  it("P342: docs/evidence.md tells of them (npm run evidence rewrites it)", function () {
    if (outcomes.length < PLAYS.length) this.skip();
    const table = `${BEGIN}${tableOf(outcomes)}${END}`;
    const text = readFileSync(FILE, "utf8");
    const [from, to] = [text.indexOf(BEGIN), text.indexOf(END) + END.length];
    if (process.env["UPDATE_DOCS"] === "1") {
      writeFileSync(FILE, text.slice(0, from) + table + text.slice(to));
      console.log(table);
    } else expect(text.slice(from, to)).to.equal(table);
  });
});

function tableOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(
    ({ play: { kind, attack, tries, cost }, caught, credited }) =>
      `| ${kind} | ${attack} | ${tries.toLocaleString("en")} | ${caught.toLocaleString("en")} | ${(credited / 100).toFixed(1)} % | ${cost} |`,
  );
  return `| kind | who | tries | caught | credited | what it costs |\n| --- | --- | ---: | ---: | ---: | --- |\n${rows.join("\n")}\n`;
}
