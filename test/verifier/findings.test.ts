// What counts as trouble of a verifier, from its state alone, each with its runbook.
import { readFileSync } from "node:fs";
import { Logbook, type ServiceState } from "@ftns/verifier/service/logbook.ts";
import { findingsOf } from "@ftns/verifier/service/findings.ts";
import { VerifierMetrics } from "@ftns/verifier/service/metrics.ts";
import type { Vitals } from "@ftns/verifier/service/vitals.ts";
import { expect } from "chai";
import { parse } from "yaml";

const FTNS = 10n ** 18n;
const vitals = (changes: Partial<Vitals> = {}): Vitals => ({
  head: { number: 7, timestamp: 1_000n, baseFee: 0n },
  balance: FTNS,
  registered: true,
  verifiers: 3,
  threshold: 2,
  locked: 10_000n * FTNS,
  minLock: 10_000n * FTNS,
  allowance: 1_000n * FTNS,
  used: 0n,
  unlockAt: 0n,
  feesDue: 0n,
  feesWaiting: 0n,
  claims: {},
  lateSec: 0,
  dueClaims: 0,
  ...changes,
});

const LIMITS = { maxHeadAgeSec: 180, balanceWarn: FTNS / 10n, balanceFloor: FTNS / 50n, stuckSec: 600 };

describe("verifier's troubles", () => {
  let now = 0;
  let book: Logbook;
  beforeEach(() => {
    now = 1_000;
    const clock = { steady: () => now, wall: () => 1_000_000 };
    book = new Logbook({ quorum: 0, relays: true, peers: ["north", "south"], endpoints: () => [] }, clock);
    book.noteVitals(vitals());
  });
  const found = (state: ServiceState = book.state()) =>
    findingsOf(state, { limits: LIMITS, maxClockSkewSec: 0, blocksOnDemand: true });
  const ids = () => found().map(({ id, unhealthy }) => `${id}${unhealthy ? "!" : ""}`);

  it("P364: are none when all is well", () => expect(ids()).to.deep.equal([]));

  const cases: [Partial<Vitals>, string[]][] = [
    [{ registered: false }, ["not-registered!"]],
    [{ locked: 10_000n * FTNS - 1n }, ["lock-low!"]],
    [{ unlockAt: 5n, locked: 0n }, ["leaves!"]],
    [{ used: 799n * FTNS }, []],
    [{ used: 800n * FTNS }, ["allowance-used"]],
    [{ lateSec: 900, dueClaims: 1 }, []],
    [{ lateSec: 901, dueClaims: 1 }, ["checks-late"]],
    [{ lateSec: 7_201, dueClaims: 1 }, ["checks-late!"]],
    [{ balance: FTNS / 10n - 1n }, ["balance-low"]],
    [{ balance: 0n }, ["balance-low!"]],
  ];
  for (const [change, expected] of cases) {
    const words = JSON.stringify(change, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
    it(`P364: with ${words} are ${expected.join(", ") || "none"}`, () => {
      book.noteVitals(vitals(change));
      expect(ids()).to.deep.equal(expected);
    });
  }

  it("P364: are looks that do not come, told with the reason, until one comes", () => {
    book.note({ type: "trouble", what: "look", reason: "the disk is full" });
    now += 60_000;
    expect(ids()).to.deep.equal([]);
    now += 1;
    expect(found()[0])
      .to.include({ id: "standing-still", unhealthy: true })
      .and.to.have.property("detail")
      .that.includes("the disk is full");
    book.note({ type: "looked" });
    expect(ids()).to.deep.equal([]);
  });

  it("P364: are peers that are silent for five minutes, and too few of them", () => {
    book.note({ type: "peer", peer: "north", outcome: "failed" });
    now += 300_001;
    book.note({ type: "looked" });
    book.noteVitals(vitals());
    expect(ids()).to.deep.equal(["peer-silent/north"]);
    book.note({ type: "peer", peer: "south", outcome: "nonsense" });
    now += 300_001;
    book.note({ type: "looked" });
    book.noteVitals(vitals());
    expect(ids()).to.deep.equal(["peer-silent/north", "peer-silent/south", "peers-too-few!"]);
    book.note({ type: "peer", peer: "south", outcome: "refused" });
    expect(ids()).to.deep.equal(["peer-silent/north"]);
  });

  it("P364: are faults of the last ten minutes, and checks that fail one after the other", () => {
    book.note({ type: "fault", route: "submit", reason: "x" });
    for (let check = 0; check < 4; check++) book.note({ type: "trouble", what: "check", reason: "y" });
    expect(ids()).to.deep.equal(["faults"]);
    book.note({ type: "trouble", what: "check", reason: "y" });
    expect(ids()).to.deep.equal(["faults", "checks-fail!"]);
    book.note({ type: "checked", kind: "DATA", outcome: "measured", ms: 1 });
    now += 600_000;
    book.note({ type: "looked" });
    book.noteVitals(vitals());
    expect(ids()).to.deep.equal([]);
  });

  it("P364: each lead to a runbook that is there", () => {
    const page = readFileSync("docs/operating/runbooks.md", "utf8");
    const anchors = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(" ", "-"));
    const sources = ["services/verifier/src/service/findings.ts", "packages/chain/src/health.ts"].map((path) =>
      readFileSync(path, "utf8"),
    );
    const named = sources.flatMap((text) =>
      [...text.matchAll(/runbook: "([\w-]+)"|, "([\w-]+)", true/g)].map((match) => match[1] ?? match[2]!),
    );
    named.push("verifier-not-counted");
    expect(anchors).to.include.members(named);
    const rules = parse(readFileSync("services/verifier/watch/alert-rules.yml", "utf8")).groups[0].rules;
    for (const { annotations } of rules)
      expect(anchors).to.include(annotations.runbook.replace("docs/operating/runbooks.md#", ""));
  });

  it("P364: and metrics go by the same state; rules and dashboard name only metrics that there are", async () => {
    const metrics = new VerifierMetrics({ state: () => book.state(), findings: found, account: "0x12", chainId: 1 });
    for (const event of [
      { type: "checked", kind: "DATA", outcome: "SCHEMA", ms: 10 },
      { type: "challenge", answered: true },
      { type: "request", route: "submit", status: 200, ms: 3 },
    ] as const)
      metrics.note(event);
    const text = await metrics.page();
    expect(text).to.include('ftns_verifier_checks_total{kind="DATA",outcome="SCHEMA"} 1');
    expect(text).to.include("ftns_verifier_registered 1").and.include("ftns_verifier_healthy 1");
    const names = metrics.names;
    for (const file of ["alert-rules.yml", "grafana-dashboard.json"]) {
      const used = readFileSync(`services/verifier/watch/${file}`, "utf8").match(/ftns_verifier_\w+/g)!;
      for (const name of used) expect(names, name).to.include(name.replace(/_(bucket|sum|count)$/, ""));
    }
    // What was read long ago is not shown as of now.
    now += 100_000;
    expect(await metrics.page()).to.not.match(/^ftns_verifier_registered \d/m);
  });
});
