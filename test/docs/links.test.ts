// Every link and every path in our texts leads to something.
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { brokenLinks, codeOf, headingsOf, linksOf } from "./markdown.ts";

const TEXTS = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...globSync(["docs/**/*.md", "{packages,services,apps}/**/README.md"], {
    exclude: (name) => name.includes("node_modules"),
  }).sort(),
];

describe("links of the texts", () => {
  it("are looked at in all of them", () => {
    expect(TEXTS).to.include.members([
      "docs/decisions.md",
      "docs/operating/guide.md",
      "services/keeper/README.md",
      "apps/demo/README.md",
    ]);
    expect(TEXTS.flatMap((path) => linksOf(readFileSync(path, "utf8"))).length).to.be.greaterThan(50);
  });

  for (const path of TEXTS) {
    it(`of ${path} lead to files and headings that exist`, () => {
      expect(brokenLinks(path)).to.deep.equal([]);
    });
  }

  describe("given a text with links", () => {
    const broken = (text: string) => brokenLinks("docs/units.md", text);

    it("names what does not exist, with its line", () => {
      expect(broken("fine: [a](decisions.md)\n\n[b](nothing.md) and [c](../services/nothing/)")).to.deep.equal([
        "docs/units.md:3: nothing.md does not exist",
        "docs/units.md:3: ../services/nothing/ does not exist",
      ]);
    });

    it("names headings that do not exist, in the text itself and elsewhere", () => {
      expect(
        broken("## Here it is\n\n[a](#here-it-is) [b](#there) [c](decisions.md#token) [d](decisions.md#tokens)"),
      ).to.deep.equal([
        "docs/units.md:3: #there names a heading that does not exist",
        "docs/units.md:3: decisions.md#tokens names a heading that does not exist",
      ]);
      expect(broken("[a](../package.json#scripts)")).to.have.length(1);
    });

    it("names links that leave the repository", () => {
      expect(broken("[a](../../elsewhere.md) [b](/README.md)")).to.deep.equal([
        "docs/units.md:1: ../../elsewhere.md leads out of the repository",
        "docs/units.md:1: /README.md begins at the root of a file system",
      ]);
    });

    it("sees images, definitions and titles", () => {
      const text = '![a](one.svg) [b](two.md "a title")\n\n[c]: three.md\n';
      expect(linksOf(text)).to.deep.equal([
        { line: 1, target: "one.svg" },
        { line: 1, target: "two.md" },
        { line: 3, target: "three.md" },
      ]);
    });

    it("leaves code and the web alone", () => {
      expect(broken("`[a](nothing.md)` [b](https://example.org/x.md)\n\n```\n[c](nothing.md)\n```\n")).to.deep.equal([]);
    });

    it("forms the anchors of headings as GitHub does", () => {
      const text = "# Token, wrapper (P1 to P19)\n\n```\n# no heading\n```\n\n## `jobs.report-price`\n\n## Twice\n\n## Twice\n";
      expect(headingsOf(text).map(({ anchor }) => anchor)).to.deep.equal([
        "token-wrapper-p1-to-p19",
        "jobsreport-price",
        "twice",
        "twice-1",
      ]);
    });
  });
});

describe("paths in the texts", () => {
  const isPath = (code: string) => /^[\w@.-]+(\/[\w@.-]+)*(\/|\.(ts|mjs|sol|json|yml|yaml))$/.test(code);
  /** Paths of `text` that are found in none of `folders`. */
  const missing = (text: string, folders: string[]) =>
    codeOf(text)
      .filter((code) => isPath(code) && code.includes("/"))
      .filter((code) => !folders.some((folder) => existsSync(join(folder, code))));
  const section = (path: string, heading: string) => {
    const text = readFileSync(path, "utf8");
    const start = text.indexOf(`\n## ${heading}\n`);
    expect(start, `${path} has no heading ${heading}`).to.be.greaterThan(-1);
    const end = text.indexOf("\n## ", start + 1);
    return text.slice(start, end === -1 ? undefined : end);
  };

  for (const [path, heading, folders] of [
    ["README.md", "Where things are", ["."]],
    ["apps/demo/README.md", "What happens", ["apps/demo/src", "."]],
    ["services/keeper/README.md", "Parts", ["services/keeper", "."]],
    ["services/verifier/README.md", "Parts", ["services/verifier", "."]],
    ["CONTRIBUTING.md", "Layout", ["."]],
    ["CONTRIBUTING.md", "How a change is made", ["."]],
    ["SECURITY.md", "What is in scope", ["."]],
  ] as const) {
    it(`of ${path}, ${heading}, exist`, () => {
      const text = section(path, heading);
      expect(codeOf(text).filter(isPath)).to.not.have.length(0);
      expect(missing(text, [...folders])).to.deep.equal([]);
    });
  }

  it("of README's map are all there are: contracts, packages, services, apps and tests", () => {
    const named = codeOf(section("README.md", "Where things are"));
    const isNamed = (folder: string) => named.some((code) => code.startsWith(`${folder}/`));
    const folders = (under: string) =>
      readdirSync(under, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
        .map(({ name }) => `${under}/${name}`);
    const all = ["contracts", "packages", "services", "apps", "test"].flatMap(folders);
    expect(all.filter((folder) => folder !== "test/helpers" && !isNamed(folder))).to.deep.equal([]);
  });
});
