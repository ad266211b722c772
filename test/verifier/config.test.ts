import { readFileSync } from "node:fs";
import { parseConfig } from "@ftns/verifier";
import { verifierSettingsPage } from "@ftns/verifier/config/settings.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { RateLimiter } from "@ftns/verifier/api/limiter.ts";
import { expect } from "chai";

const EXAMPLE = "services/verifier/config.example.json";
const example = () => JSON.parse(readFileSync(EXAMPLE, "utf8"));
const KEY = `0x${"5a".repeat(32)}`;

function refusalOf(path: string, value: unknown): string {
  const config = example();
  const names = path.split("/");
  const last = names.pop()!;
  const place = names.reduce((inner, name) => inner[name], config);
  if (value === undefined) delete place[last];
  else place[last] = value;
  try {
    parseConfig(config);
  } catch (error) {
    if (error instanceof ServiceError) return error.advice;
    throw error;
  }
  return expect.fail(`${path} was not refused`);
}

describe("verifier's configuration", () => {
  it("takes the example, with what is left out at its default", () => {
    const config = parseConfig(example());
    expect(config).to.deep.include({ mode: "production", attesters: [], alerts: [] });
    expect(config.limits).to.include({ checksAtOnce: 4, lookMs: 1_000 });
    expect(config.fetch.allowPrivate).to.equal(false);
  });

  const faults: [path: string, value: unknown, ...words: string[]][] = [
    ["key", undefined, "key: found nothing"],
    ["key", KEY, "not shown", "never stands in this file"],
    ["key", { env: "VERIFIER_KEY" }, "holds no key in production"],
    ["fetch", { allowPrivate: true }, "strangers would choose what your network is asked"],
    ["publicUrl", "https://x.example/", "without a slash at its end"],
    ["publicUrl", "x.example", "expected an http"],
    ["database", {}, "database"],
    ["database/folder", "", "for the machine's own"],
    ["database", { url: "https://x" }, "for a server that runs"],
    ["peers/1/name", "north", "another peer has this name"],
    ["peers/1/address", "0x6666666666666666666666666666666666666666", "another peer has this account"],
    ["http/port", 8547, "listen uses this port"],
    ["relay", { account: { keystore: "verifier.keystore.json", passwordFile: "keystore.password" } }, "must send nothing"],
    ["models", { tasks: [{ name: "0x12" }] }, "32 bytes"],
    ["limits", { checksAtOnce: 0 }, "from 1 to 16"],
    ["limits", { balanceFloor: 1 }, "cannot be above limits.balanceWarn"],
    ["unknown", 1, "unknown setting"],
  ];
  for (const [path, value, ...words] of faults) {
    it(`refuses ${path} ${value === undefined ? "left out" : JSON.stringify(value).slice(0, 40)}, and says why`, () => {
      const refusal = refusalOf(path, value);
      for (const word of words) expect(refusal).to.include(word);
      expect(refusal).to.include("docs/operating/verifier-settings.md").and.not.include(KEY.slice(4));
    });
  }

  it("is told setting by setting in its page", () => {
    const page = readFileSync("docs/operating/verifier-settings.md", "utf8");
    expect(page, "run: npx tsx services/verifier/write-settings.ts").to.equal(verifierSettingsPage());
  });
});

describe("verifier's limit of requests", () => {
  it("answers so many of one place in a minute, and others as before", () => {
    const limiter = new RateLimiter(60);
    for (let request = 0; request < 60; request++) expect(limiter.take("a", 0)).to.equal(0);
    expect(limiter.take("a", 0)).to.equal(1);
    expect(limiter.take("b", 0)).to.equal(0);
    expect(limiter.take("a", 999)).to.equal(1);
    expect(limiter.take("a", 2_000)).to.equal(0);
  });

  it("remembers no more places than it can", () => {
    const limiter = new RateLimiter(1);
    expect(limiter.take("first", 0)).to.equal(0);
    for (let place = 0; place < 10_000; place++) limiter.take(`place ${place}`, 0);
    expect(limiter.take("first", 0)).to.equal(0);
  });
});
