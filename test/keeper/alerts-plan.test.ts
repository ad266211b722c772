import { expect } from "chai";
import type { AlertConfig } from "@ftns/service/config/watching.ts";
import { payloadOf } from "@ftns/service/alerts/payloads.ts";
import { CALM_MS, type Memory, type Message, planMessages } from "@ftns/service/alerts/plan.ts";
import type { Finding } from "@ftns/service/findings.ts";

const RULES = { minSeverity: "warning", repeatSec: 3_600 } as const;
const HOUR = 3_600_000;
const finding = (change: Partial<Finding> = {}): Finding => ({
  id: "price-stale",
  severity: "warning",
  title: "The price is old",
  detail: "3 h old",
  runbook: "feed-down",
  unhealthy: true,
  ...change,
});

describe("keeper alerts", () => {
  describe("planMessages", () => {
    /** Plays findings over time, and gives what was said at each step. */
    function play(steps: [at: number, findings: Finding[]][], rules: Parameters<typeof planMessages>[3] = RULES): string[][] {
      let memory: Memory = new Map();
      return steps.map(([at, findings]) => {
        const planned = planMessages(memory, findings, at, rules);
        memory = planned.memory;
        return planned.messages.map(({ status, id, severity }) => `${status} ${id} ${severity}`);
      });
    }
    const STALE = "firing price-stale warning";

    it("P142: tells a trouble once, and once that it is over", () => {
      const steps = play([
        [0, [finding()]],
        [1, [finding()]],
        [2, []],
        [3, []],
      ]);
      expect(steps).to.deep.equal([[STALE], [], ["resolved price-stale warning"], []]);
    });
    it("P142: tells a trouble that lasts again after a while", () => {
      expect(
        play([
          [0, [finding()]],
          [HOUR - 1, [finding()]],
          [HOUR, [finding()]],
          [HOUR + 1, [finding()]],
        ]),
      ).to.deep.equal([[STALE], [], [STALE], []]);
    });
    it("tells at once when it gets worse, and not when it gets better or the words change", () => {
      const critical = finding({ severity: "critical" });
      const steps = play([
        [0, [finding()]],
        [1, [critical]],
        [2, [finding({ detail: "other" })]],
        [3, [critical]],
      ]);
      expect(steps).to.deep.equal([[STALE], ["firing price-stale critical"], [], []]);
    });
    it("waits for a trouble's patience, and says nothing of one that passes before", () => {
      const flaky = finding({ id: "endpoint-down/a", patienceSec: 120 });
      const passing = play([
        [0, [flaky]],
        [60_000, []],
        [70_000, [flaky]],
        [180_000, [flaky]],
      ]);
      expect(passing).to.deep.equal([[], [], [], []]);
      expect(
        play([
          [0, [flaky]],
          [120_000, [flaky]],
          [130_000, []],
        ]),
      ).to.deep.equal([[], ["firing endpoint-down/a warning"], ["resolved endpoint-down/a warning"]]);
    });
    it("says nothing below the receiver's severity, until it gets that severe", () => {
      const rules = { ...RULES, minSeverity: "critical" } as const;
      const steps = play(
        [
          [0, [finding()]],
          [1, [finding({ severity: "critical" })]],
          [2, []],
        ],
        rules,
      );
      expect(steps).to.deep.equal([[], ["firing price-stale critical"], ["resolved price-stale critical"]]);
    });
    it("keeps troubles apart, and forgets those that are over for half an hour", () => {
      const other = finding({ id: "head-old" });
      const { memory } = planMessages(new Map(), [finding(), other], 0, RULES);
      const gone = planMessages(memory, [other], 1, RULES).memory;
      expect([...planMessages(gone, [other], 1 + CALM_MS, RULES).memory.keys()]).to.deep.equal(["head-old"]);
    });
    it("P255: tells one that comes and goes three times at most, however often, and once that it is over", () => {
      const steps: [number, Finding[]][] = Array.from({ length: 200 }, (_, index) => [
        index * 30_000,
        index % 2 ? [] : [finding()],
      ]);
      const rules = { ...RULES, repeatSec: 604_800 } as const;
      const said = play([...steps, [199 * 30_000 + CALM_MS - 1, []], [199 * 30_000 + CALM_MS, []], [1e9, []]], rules);
      expect(said.slice(0, 4)).to.deep.equal([[STALE], ["resolved price-stale warning"], [STALE], []]);
      expect(said.slice(3, 201).flat()).to.deep.equal([]);
      expect(said.slice(201)).to.deep.equal([["resolved price-stale warning"], []]);
    });
    it("P255: still tells at once when what comes and goes gets worse, and again after a while", () => {
      const said = play([
        [0, [finding()]],
        [1, []],
        [2, [finding()]],
        [3, []],
        [4, [finding({ severity: "critical" })]],
        [5, []],
        [HOUR + 4, [finding({ severity: "critical" })]],
      ]);
      // Away for longer than half an hour it is a new one.
      expect(said.slice(4)).to.deep.equal([["firing price-stale critical"], [], ["firing price-stale critical"]]);
    });
    it("P255: says of one that comes back that it comes and goes", () => {
      let memory: Memory = new Map();
      let last = "";
      for (const [at, found] of [
        [0, [finding()]],
        [1, []],
        [2, [finding()]],
      ] as [number, Finding[]][]) {
        const planned = planMessages(memory, found, at, RULES);
        memory = planned.memory;
        last = planned.messages[0]!.detail;
      }
      expect(last).to.equal("3 h old; it comes and goes (2 times so far): you are told when it has been away for 30 min");
    });
  });

  describe("payloadOf", () => {
    const common = { name: "ops", url: "https://hooks.example/token", ...RULES };
    const message: Message = { status: "firing", ...finding({ title: "A <b> & c", detail: "@everyone: see > it" }) };
    const speaker = { who: "keeper", account: "0xab", chainId: 7 };
    const at = new Date(1_800_000_000_000);
    const payload = (receiver: AlertConfig, what: Message = message) => payloadOf(receiver, what, speaker, at) as any;

    it("gives a webhook every field", () => {
      expect(payload({ type: "webhook", ...common })).to.deep.include({
        version: 1,
        status: "firing",
        id: "price-stale",
        severity: "warning",
        runbook: "feed-down",
        keeper: { account: "0xab", chainId: 7 },
        at: "2027-01-15T08:00:00.000Z",
      });
    });
    it("gives Slack one text, with its control characters escaped", () => {
      const { text, ...rest } = payload({ type: "slack", ...common });
      expect(rest).to.deep.equal({});
      expect(text).to.equal(
        "*WARNING: A &lt;b&gt; &amp; c*\n@everyone: see &gt; it\nRunbook: docs/operating/runbooks.md#feed-down\nkeeper 0xab on chain 7",
      );
    });
    it("gives Discord at most 2000 characters that call nobody", () => {
      const long = payload({ type: "discord", ...common }, { ...message, detail: "x".repeat(5_000) });
      expect(long.content).to.have.length(2_000);
      expect(payload({ type: "discord", ...common }).allowed_mentions).to.deep.equal({ parse: [] });
    });
    it("gives a mail gateway to, subject and text, and says when it is over", () => {
      const mail = payload({ type: "email-webhook", to: "ops@example.org", ...common }, { ...message, status: "resolved" });
      expect(Object.keys(mail)).to.deep.equal(["to", "subject", "text"]);
      expect(mail).to.include({ to: "ops@example.org", subject: "[ftns keeper] Resolved: A <b> & c" });
    });
  });
});
