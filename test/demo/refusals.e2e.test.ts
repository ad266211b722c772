// What the demo refuses before it builds anything.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ownFolder, start, takePort } from "./process.ts";

describe("demo: npm start", function () {
  this.timeout(240_000);
  const folder = ownFolder();

  describe("given prices that cannot be used", () => {
    it("names the line, starts nothing, and fails", async () => {
      const file = join(folder(), "bad.csv");
      const out = join(folder(), "never");
      writeFileSync(file, "date,close\n2020-01-01,10\n2020-01-02,-3\n");
      const { code, output } = await start(["--prices", file, "--out", out, "--exit"]);
      expect(code).to.equal(1);
      expect(output).to.include("line 3: the close of 2020-01-02 is negative").and.not.include("Building");
      expect(existsSync(out)).to.equal(false);
    });
  });

  describe("given a folder that the report cannot be written to", () => {
    it("P268: says so before anything is built or replayed, and fails", async () => {
      const out = join(folder(), "in the way");
      // A folder where the page should be: not even an administrator can write that.
      mkdirSync(join(out, "report.html"), { recursive: true });
      const file = join(folder(), "a file");
      writeFileSync(file, "");
      for (const place of [out, join(file, "below")]) {
        const { code, output } = await start(["--out", place, "--exit"]);
        expect(code).to.equal(1);
        expect(output)
          .to.match(/I cannot write the report to .* \((EISDIR|ENOTDIR)\)/)
          .and.include("--out")
          .and.not.include("Building");
      }
      expect(readdirSync(out)).to.deep.equal(["report.html"]);
    });
  });

  describe("given a port that is taken", () => {
    it("says so and fails", async () => {
      const { port, release } = await takePort();
      const { code, output } = await start(["--port", String(port), "--out", folder(), "--exit"]);
      await release();
      expect(code).to.equal(1);
      expect(output).to.include(`Port ${port} on 127.0.0.1 is taken`).and.include("--port").and.not.include("Building");
    });
  });
});
