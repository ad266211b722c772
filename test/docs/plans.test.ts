// The README says what is not built yet, and stops saying so when it is.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";

describe("what is not built yet", () => {
  const readme = readFileSync("README.md", "utf8");
  const part = /\n## Not built yet\n(.*?)\n## /s.exec(`${readme}\n## `)![1]!;
  const rows = [...part.matchAll(/^\| (.+?) \| (.+?) \|$/gm)].slice(2);
  const places = rows.flatMap((row) => row[2]!.split(", "));

  it("is a list of places", () => {
    expect(places.length).to.be.greaterThan(0);
    for (const place of places) expect(place).to.match(/^(packages|services|apps|contracts)\/[\w-]+$/);
  });

  it("is not there: what has come is taken from the list, and told above it", () => {
    expect(places.filter((place) => existsSync(place))).to.deep.equal([]);
  });

  it("and what is there is told: every package, service, app and folder of contracts stands in the README", () => {
    const built = ["packages", "services", "apps", "contracts"].flatMap((top) =>
      readdirSync(top, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [`${top}/${entry.name}/`] : [])),
    );
    expect(built.filter((place) => !readme.includes(place))).to.deep.equal([]);
  });
});
