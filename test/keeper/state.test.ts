import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { z } from "zod/v4";
import { readState, writeState, writeText } from "@ftns/service/state/file.ts";

const schema = z.object({ until: z.string().transform(BigInt) });

describe("state files", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ftns-state-"));
    path = join(folder, "deep", "state.json");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe("readState", () => {
    const given = (text: string) => {
      mkdirSync(join(folder, "deep"));
      writeFileSync(path, text);
    };

    it("given no file, has neither value nor warning", async () => {
      expect(await readState(path, schema)).to.deep.equal({});
    });
    for (const [what, text, words] of [
      ["half a file", '{"until": "1', "holds no valid JSON"],
      ["an empty file", "", "holds no valid JSON"],
      ["another shape", '{"until": 7}', "does not hold what it should (until: "],
      ["a foreign file", " ".repeat(17 * 1_024 * 1_024), "more than 16777216"],
    ] as const) {
      it(`given ${what}, warns and gives no value`, async () => {
        given(text);
        const { value, warning } = await readState(path, schema);
        expect(value).to.equal(undefined);
        expect(warning).to.contain(path).and.to.contain(words);
      });
    }
    it("given a folder in its place, warns", async () => {
      mkdirSync(path, { recursive: true });
      expect((await readState(path, schema)).warning).to.contain("cannot be read (EISDIR)");
    });
  });

  describe("writeState", () => {
    it("gives back what was written, bigints too, for its owner alone", async () => {
      expect(await writeState(path, { until: 2n ** 90n })).to.equal(undefined);
      expect(await readState(path, schema)).to.deep.equal({ value: { until: 2n ** 90n } });
      expect(statSync(path).mode & 0o777).to.equal(0o600);
      expect(readdirSync(join(folder, "deep"))).to.deep.equal(["state.json"]);
    });
    it("when several writes are asked for at once, keeps the last", async () => {
      const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(20_000 - 900 * index));
      expect(await Promise.all(texts.map((text) => writeText(path, text)))).to.deep.equal(texts.map(() => undefined));
      expect(readFileSync(path, "utf8") === texts.at(-1)).to.equal(true);
    });
    it("when it cannot write, warns, keeps the old file and leaves nothing behind", async () => {
      await writeState(path, { until: 1n });
      // Something that cannot be replaced by a file stands in for a full disk.
      const blocked = join(folder, "deep", "blocked.json");
      mkdirSync(join(blocked, "full"), { recursive: true });
      expect(await writeState(blocked, {}))
        .to.contain(blocked)
        .and.to.contain("cannot be written (");
      expect(await writeState(join(path, "below-a-file.json"), {})).to.contain("cannot be written (");
      expect(await readState(path, schema)).to.deep.equal({ value: { until: 1n } });
      expect(readdirSync(join(folder, "deep")).sort()).to.deep.equal(["blocked.json", "state.json"]);
    });
  });
});
