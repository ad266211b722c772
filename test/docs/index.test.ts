// The indexes at the heads of long texts name all that follows.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { headingsOf, linksOf } from "./markdown.ts";

describe("the index of docs/decisions.md", () => {
  const text = readFileSync("docs/decisions.md", "utf8");
  const index = text.slice(0, text.indexOf("\n## "));
  const headings = headingsOf(text).filter(({ level }) => level > 1);

  it("names every heading once, in the order of the text", () => {
    expect(linksOf(index).map(({ target }) => target)).to.deep.equal(headings.map(({ anchor }) => `#${anchor}`));
  });

  it("calls each by its title", () => {
    const titles = [...index.matchAll(/\[([^\]]+)\]\(#/g)].map((match) => match[1]);
    expect(titles).to.deep.equal(headings.map(({ title }) => title));
  });
});

describe("the changelog", () => {
  const versions = headingsOf(readFileSync("CHANGELOG.md", "utf8")).filter(({ level }) => level === 2);
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

  it("begins with what is not released, and knows the version of the package", () => {
    expect(versions[0]!.title).to.equal("[Unreleased]");
    expect(versions.map(({ title }) => title)).to.include(`[${version}]`);
  });
});
