// The demo as a person starts it: a process of its own, from the command line to the report.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parseEther } from "ethers";
import type { PersonaReport, Report } from "../../demo/src/report/types.ts";
import { expectNear } from "../helpers/near.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TSX = fileURLToPath(import.meta.resolve("tsx/cli"));
/** The lapsed contributor's first step down comes on day 44. */
const DAYS = 48;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function start(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [TSX, "demo/src/main.ts", ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** Takes a free port; `release` frees it. */
async function takePort(): Promise<{ port: number; release: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return { port, release: () => new Promise((closed) => server.close(() => closed())) };
}

describe("demo: npm start", function () {
  this.timeout(240_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ftns-demo-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  describe("given prices that cannot be used", () => {
    it("names the line, starts nothing, and fails", async () => {
      const file = join(folder, "bad.csv");
      const out = join(folder, "never");
      writeFileSync(file, "date,close\n2020-01-01,10\n2020-01-02,-3\n");
      const { code, output } = await start(["--prices", file, "--out", out, "--exit"]);
      expect(code).to.equal(1);
      expect(output).to.include("line 3: the close of 2020-01-02 is negative").and.not.include("Building");
      expect(existsSync(out)).to.equal(false);
    });
  });

  describe("given a port that is taken", () => {
    it("says so and fails", async () => {
      const { port, release } = await takePort();
      const { code, output } = await start(["--port", String(port), "--out", folder, "--exit"]);
      await release();
      expect(code).to.equal(1);
      expect(output).to.include(`Port ${port} on 127.0.0.1 is taken`).and.include("--port").and.not.include("Building");
    });
  });

  describe(`given ${DAYS} days`, () => {
    let ended: Ended;
    let report: Report;
    const persona = (id: string): PersonaReport => report.personas.find((one) => one.id === id)!;

    before(async () => {
      const { port, release } = await takePort();
      await release();
      ended = await start(["--days", String(DAYS), "--port", String(port), "--out", folder, "--exit"]);
      expect(ended.code, ended.output).to.equal(0);
      report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Report;
    });

    it("prints the report in plain text, where it is written, and how long it took", () => {
      expect(ended.output).to.include(`${DAYS} days of an FTNS economy`).and.include("report.html").and.match(/all \d+\.\d s/);
      expect(ended.output).to.not.include("\x1b");
    });

    it("writes a page with a point for each day", () => {
      const html = readFileSync(join(folder, "report.html"), "utf8");
      const price = /<path class="line c1" d="([^"]*)"/.exec(html)![1]!;
      expect(price.match(/[ML]/g)).to.have.length(DAYS + 1);
    });

    it("P1, P100: reconciles to the wei", () => {
      expect(report.checks).to.have.length.greaterThan(8);
      expect(report.checks.filter((check) => !check.ok)).to.deep.equal([]);
    });

    it("P101: adjusts M once a day from the first day with a full window", () => {
      expect(report.days).to.have.length(DAYS + 1);
      expect(report.days.filter((row) => row.adjustment !== null).map((row) => row.day)).to.deep.equal(
        Array.from({ length: DAYS - 30 }, (_, i) => 31 + i),
      );
      for (const { adjustment, day } of report.days) {
        if (adjustment === null) continue;
        const before = report.days[day - 1]!.multiplier;
        expectNear(report.days[day]!.multiplier, before * adjustment.factor, 1e-9);
      }
    });

    it("pays rewards by minting first and out of recycled demurrage later", () => {
      const { rewards, rewardsFromFees, rewardsMinted, minted } = report.supply;
      expect(parseEther(rewardsFromFees) > 0n && parseEther(rewardsMinted) > 0n).to.equal(true);
      expect(parseEther(rewardsFromFees) + parseEther(rewardsMinted)).to.equal(parseEther(rewards));
      expect(minted).to.equal(rewardsMinted);
    });

    it("charges the hoarder the top rate on every day", () => {
      const { rates, effectiveMonthlyRate, statement } = persona("hoarder");
      expect(rates.map((share) => [share.days, share.monthlyRate])).to.deep.equal([[DAYS, 0.01]]);
      expectNear(effectiveMonthlyRate, 0.01, 1e-12);
      expectNear(Number(statement.end), 100_000 * (1 - 0.01 / 30) ** DAYS, 1e-6);
    });

    it("P12: gives the washing pair nothing for its trouble", () => {
      const wash = persona("wash");
      expect(Number(wash.statement.sent)).to.equal(DAYS * 20_000);
      expect(wash.peakVelocity).to.equal(0);
      expectNear(wash.effectiveMonthlyRate, persona("hoarder").effectiveMonthlyRate, 1e-12);
    });

    it("rewards the steady trader's real trade", () => {
      const trader = persona("trader");
      expect(trader.peakVelocity).to.be.greaterThan(1);
      expect(trader.effectiveMonthlyRate).to.be.lessThan(0.004);
      expect(trader.rates[0]!.monthlyRate).to.equal(0.0015);
    });

    it("charges the newcomer nothing", () => {
      const { statement, rates, proofs } = persona("newcomer");
      expect(statement.fees).to.equal("0");
      expect(rates).to.have.length(1);
      expect(rates[0]!.reason).to.equal("grace for newcomers");
      expect(proofs).to.be.greaterThan(0);
    });

    it("lets the lapsed contributor's tier step down by itself", () => {
      expect(persona("lapsed").tiers).to.deep.equal([
        { tier: "NONE", fromDay: 0, toDay: 0 },
        { tier: "POWER", fromDay: 1, toDay: 43 },
        { tier: "ACTIVE", fromDay: 44, toDay: DAYS },
      ]);
    });

    it("lets the power contributor's balance grow at the highest tier", () => {
      const { tier, balances, statement } = persona("power");
      expect(tier).to.equal("POWER");
      expect(balances.at(-1)! > balances[0]!).to.equal(true);
      expect(parseEther(statement.rewards) > 0n).to.equal(true);
    });

    it("P11: lets a share of wFTNS fall at the top rate, while nobody's wFTNS moves", () => {
      for (const id of ["wrapped", "amm"]) expectNear(persona(id).effectiveMonthlyRate, 0.01, 1e-9);
      expect(Number(persona("wrapped").statement.end)).to.be.lessThan(50_000);
      expect(report.checks.find((check) => check.name.startsWith("The pool's books"))!.ok).to.equal(true);
    });
  });
});
