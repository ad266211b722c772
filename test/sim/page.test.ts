// What the page of the simulation escapes and what its marks demand.
import { expect } from "chai";
import { escape } from "@ftns/sim/report/escape.ts";
import { filled } from "@ftns/sim/report/markdown.ts";

describe("the pages of the simulation", () => {
  it("escape what would be read as HTML", () => {
    expect(escape(`<a href="x">R&D's</a>`)).to.equal("&lt;a href=&quot;x&quot;&gt;R&amp;D&#39;s&lt;/a&gt;");
  });

  it("put each part between its marks, dollar signs and all, and refuse a page without them", () => {
    const page = "before\n<!-- simulation: a -->\nold\n<!-- end -->\nafter";
    expect(filled(page, { a: "new $1" })).to.equal("before\n<!-- simulation: a -->\nnew $1\n<!-- end -->\nafter");
    expect(() => filled(page, { b: "" })).to.throw('no part "<!-- simulation: b -->"');
  });
});
