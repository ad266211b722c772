import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FTNS } from "../helpers/economy.ts";
import { attest } from "../helpers/sign.ts";
import { worth } from "../verifiers/fixture.ts";
import { type Cli, cliFixture, KEY } from "./fixture.ts";

const { start, close, ethers } = await cliFixture();

describe("ftns, the command line", function () {
  this.timeout(60_000);
  let cli: Cli;
  beforeEach(async () => {
    cli = await start();
  });
  after(() => close());

  const asJson = (text: string) => JSON.parse(text) as Record<string, any>;

  describe("looking", () => {
    it("tells what an account holds and why, for people and for programs", async () => {
      const { code, out } = await cli.run(["account", cli.person]);
      expect(code).to.equal(0);
      expect(out).to.include("It holds 1000 FTNS.");
      expect(out).to.match(/The next day boundary, .* takes 0\.333333 FTNS, a thirtieth of 1 % a month\./);
      expect(out).to.include("It has proven no contribution yet");
      const json = asJson((await cli.run(["--json", "account", cli.person])).out);
      expect(json["holds"]["balance"]).to.equal((1_000n * FTNS).toString());
      expect(json["words"].length).to.be.greaterThan(2);
    });

    it("takes the account of the key, or the one that is named in the environment", async () => {
      expect((await cli.act("account")).out).to.include(cli.person);
      expect((await cli.run(["account"], { env: { FTNS_ADDRESS: cli.person } })).out).to.include(cli.person);
    });

    it("projects, and the days are those that come", async () => {
      const { out, code } = await cli.run(["--json", "project", cli.person, "--days", "40"]);
      expect(code).to.equal(0);
      const { days } = asJson(out) as unknown as { days: { day: number; balance: string }[] };
      expect(days).to.have.length(40);
      await cli.d.clock.toDay(BigInt(days[39]!.day), 5n);
      expect(days[39]!.balance).to.equal((await cli.d.token.balanceOf(cli.person)).toString());
    });

    it("projects what a plan would change", async () => {
      const { out } = await cli.run(["project", cli.person, "--stake", "900"]);
      expect(out).to.match(/After 90 days: 9\d\.\d+ FTNS/);
      const refused = await cli.run(["project", cli.person, "--stake", "1001"]);
      expect(refused).to.include({ code: 1, err: "more would leave than there is. Name smaller amounts." });
    });

    it("says how the economy stands", async () => {
      const { out, code } = await cli.run(["status"]);
      expect(code).to.equal(0);
      expect(out).to.include("Price: none reported yet");
      expect(out).to.include("M, the supply multiplier: 1; never adjusted");
      expect(out).to.include("No emergency is open");
      expect((await cli.run(["emergency"])).out).to.include("PRICE_CRASH: cannot be known now");
    });
  });

  describe("why", () => {
    it("names each change of a transaction with its reason", async () => {
      const { d } = cli;
      await d.clock.toDaysAhead(3n, 3_600n);
      const contribution = await worth(d, { address: cli.person } as never, 60n * FTNS);
      const file = join(cli.folder, "proof.json");
      const attestations = await attest(d.verifiers.slice(0, 2), contribution, d.place);
      writeFileSync(
        file,
        JSON.stringify({ contribution, attestations }, (_, one) => (typeof one === "bigint" ? one.toString() : one)),
      );
      const proved = await cli.act("prove", file);
      expect(proved.err).to.equal("");
      expect(proved.code).to.equal(0);
      expect(proved.out).to.include("on the word of 2 verifiers");
      expect(proved.out).to.match(
        /\+[\d.]+ FTNS: a reward of 7[\d.]+ FTNS for a COMPUTE proof: worth 60 FTNS, times M 1, times 1\.3 for tier ACTIVE/,
      );
      const [, hash] = /sent as (0x[0-9a-f]{64})/.exec(proved.out)!;
      const why = await cli.run(["why", hash!, cli.person]);
      expect(why.out).to.match(/-0\.99\d+ FTNS: .* of demurrage that had become due were settled/);
      expect(why.out).to.include("2 verifiers vouched for it");
      expect((await cli.run(["why", `0x${"ab".repeat(32)}`, cli.person])).code).to.equal(1);
    });

    it("names what a day brought, and what it took without anybody settling it", async () => {
      const { d } = cli;
      const received = new Date(Number(await d.clock.now()) * 1_000).toISOString().slice(0, 10);
      expect((await cli.run(["why", received, cli.person])).out).to.match(/\+1000 FTNS: 1000 FTNS from 0x/);
      await d.clock.toDaysAhead(2n, 3_600n);
      const quiet = new Date(Number(await d.clock.now()) * 1_000).toISOString().slice(0, 10);
      const { out } = await cli.run(["why", quiet, cli.person]);
      expect(out).to.match(/takes 0\.33322\d* FTNS and leaves .* \(not settled yet\)/);
      expect((await cli.run(["why", "2099-01-01", cli.person])).err).to.include("has not begun on this chain");
    });
  });

  describe("acting", () => {
    it("stakes in one transaction, asks back, and withdraws", async () => {
      const { d } = cli;
      const staked = await cli.act("stake", "250");
      expect(staked.err).to.equal("");
      expect(staked.out)
        .to.include("to have them back takes 7 days from when you ask")
        .and.to.include("-250 FTNS: 250 FTNS were staked");
      expect(await d.vault.stakedOf(cli.person)).to.equal(250n * FTNS);
      expect((await cli.act("unstake", "50")).code).to.equal(0);
      const early = await cli.act("withdraw");
      expect(early.code).to.equal(1);
      expect(early.err).to.match(/It would be refused: the stake can be taken from .* Nothing was sent\./);
      await d.clock.toDaysAhead(8n, 60n);
      const out = await cli.act("withdraw");
      expect(out.out).to.match(/\+49\.\d+ FTNS: 49\.\d+ FTNS of its stake came back/);
    });

    it("wraps and unwraps", async () => {
      expect((await cli.act("wrap", "100")).out).to.include("-100 FTNS: 100 FTNS were wrapped into wFTNS");
      expect((await cli.run(["account", cli.person])).out).to.include("It holds wFTNS worth 100 FTNS");
      expect((await cli.act("unwrap", "all")).out).to.match(/\+(100|99\.9+)\d* FTNS: .* for wFTNS that were given back/);
    });

    it("has nothing to claim before something is earned, and claims what there is", async () => {
      expect((await cli.act("claim")).err).to.include("has nothing to claim");
      await cli.act("stake", "500");
      await cli.d.clock.toDaysAhead(30n, 60n);
      await cli.d.token.settle(cli.d.people.treasury);
      const claimed = await cli.act("claim");
      expect(claimed.out).to.match(/\+[\d.]+ FTNS: yield of its stake/);
    });

    it("delegates, proposes with the deposit, shows what it would do, and votes", async () => {
      const { d } = cli;
      await d.token.connect(d.people.treasury).transfer(cli.person, 600_000n * FTNS);
      await cli.act("stake", "600000");
      await d.clock.toDaysAhead(1n, 60n);
      const calls = join(cli.folder, "calls.json");
      const data = d.pool.interface.encodeFunctionData("setEmissionShare", [5n * 10n ** 14n]);
      writeFileSync(calls, JSON.stringify([{ target: d.pool.target, data }]));
      const proposed = await cli.act("propose", calls, "--description", "Halve the emission");
      expect(proposed.err).to.equal("");
      expect(proposed.out).to.include("Lock the deposit of 1000 FTNS");
      const [, id] = /Proposal (\d{20,})/.exec(proposed.out)!;
      const shown = await cli.run(["proposal", id!]);
      expect(shown.out)
        .to.include("Halve the emission")
        .and.to.include("RewardPool.setEmissionShare: Sets the share of the supply that may be minted a day.");
      expect(shown.out).to.include("share = 0.05 %");
      await d.clock.toDaysAhead(2n, 60n);
      expect((await cli.act("vote", id!, "for")).code).to.equal(0);
      expect((await cli.run(["proposal", id!])).out).to.match(/is open\.[\s\S]*For 600000 FTNS/);
      expect((await cli.act("delegate", d.bob.address)).out).to.include("casts your votes from then on");
      expect(await d.vault.delegates(cli.person)).to.equal(d.bob.address);
    });

    it("refuses a trigger whose condition nobody knows, and sends nothing", async () => {
      const nonce = await ethers.provider.getTransactionCount(cli.person);
      const { code, err } = await cli.act("trigger", "price-crash");
      expect(code).to.equal(1);
      expect(err).to.include("It would be refused").and.to.include("Nothing was sent.");
      expect((await cli.act("emergency-vote", "halt-transactions", "for")).err).to.include("is not put to the vote now");
      expect(await ethers.provider.getTransactionCount(cli.person)).to.equal(nonce);
    });
  });

  describe("asking first (P473)", () => {
    it("shows what will happen, and sends nothing on a no", async () => {
      const nonce = await ethers.provider.getTransactionCount(cli.person);
      const { code, out, err } = await cli.run(["--key-env", "FTNS_TEST_KEY", "stake", "1"], { answers: ["n"] });
      expect(out).to.include("StakingVault.stakeWithPermit").and.to.include("Send it? [y/N]");
      expect({ code, err }).to.deep.equal({ code: 3, err: "Nothing was sent." });
      expect(await ethers.provider.getTransactionCount(cli.person)).to.equal(nonce);
    });

    it("sends nothing where nobody can answer, unless --yes is there", async () => {
      const quiet = await cli.run(["--key-env", "FTNS_TEST_KEY", "stake", "1"]);
      expect(quiet.code).to.equal(2);
      expect(quiet.err).to.include("Add --yes");
      const json = await cli.run(["--key-env", "FTNS_TEST_KEY", "--json", "--yes", "stake", "1"]);
      expect(json.code).to.equal(0);
      const [sent, ...done] = json.out.split("\n");
      expect(asJson(sent!)["sent"]).to.match(/^0x/);
      expect(asJson(done.join("\n"))["changes"][0]["amount"]).to.equal((-FTNS).toString());
    });
  });

  describe("given something that it cannot use (P473)", () => {
    const bad: [string, string[], number, RegExp][] = [
      ["no amount", ["stake", "a lot"], 2, /"a lot" is no amount; write it as "12\.5 FTNS"/],
      ["nothing", ["stake", "0"], 2, /The amount is nothing/],
      ["less than a wei", ["stake", "0.0000000000000000001"], 2, /more than 18 digits/],
      ["more than there is", ["stake", "1000.1"], 1, /holds 1000 FTNS, less than 1000\.1 FTNS.*Nothing was sent/],
      ["no address", ["account", "bob.eth"], 2, /"bob\.eth" is no address/],
      ["no day", ["why", "yesterday"], 2, /"yesterday" is no day; write it as 2026-01-31/],
      ["no proposal", ["vote", "seven", "for"], 2, /"seven" is no proposal/],
      ["a proposal that nobody made", ["vote", "7", "for"], 1, /would be refused/],
      ["no choice", ["vote", "7", "perhaps"], 2, /Vote against, for, abstain/],
      ["no trigger", ["trigger", "flood"], 2, /There are PRICE_CRASH/],
      ["too many days", ["project", "--days", "9999"], 2, /whole number from 1 to 3650/],
      ["no proof", ["prove", "nothing.json"], 2, /nothing\.json cannot be read/],
      ["no calls", ["propose", "nothing.json", "--description", "x"], 2, /nothing\.json cannot be read/],
      ["an unknown shell", ["completions", "fish"], 2, /There are some for bash and zsh/],
    ];
    for (const [what, argv, code, words] of bad) {
      it(`says what to do: ${what}`, async () => {
        const nonce = await ethers.provider.getTransactionCount(cli.person);
        const ran = await cli.act(...argv);
        expect(ran.code, ran.err).to.equal(code);
        expect(ran.err).to.match(words);
        expect(await ethers.provider.getTransactionCount(cli.person)).to.equal(nonce);
      });
    }

    it("says which setting is missing or wrong", async () => {
      const err = async (argv: string[], env = {}) => (await cli.run(argv, { env })).err;
      expect(await err(["stake", "1"])).to.include("No key is named");
      expect(await err(["--rpc", "ftp://x", "status"])).to.include("is no http:// or https:// URL");
      expect(await err(["--rpc", "http://127.0.0.1:1", "status"])).to.include("does not answer");
      expect(await err(["status"], { FTNS_DEPLOYMENT: "nowhere.json" })).to.include("cannot be read");
      const empty = join(cli.folder, "empty.json");
      writeFileSync(empty, "{}");
      expect(await err(["--deployment", empty, "status"])).to.include("has no FTNSAccessManager");
      expect(await err(["--signer", "vault", "stake", "1"])).to.include("Add --address");
      expect(await err(["--keystore", "k.json", "stake", "1"])).to.include("Add --password-file");
    });

    it("notices a record of another chain", async () => {
      const other = join(cli.folder, "other.json");
      const record = JSON.parse((await import("node:fs")).readFileSync(cli.record, "utf8")) as Record<string, string>;
      writeFileSync(other, JSON.stringify({ ...record, "Economy#FTNSToken": `0x${"77".repeat(20)}` }));
      expect((await cli.run(["--deployment", other, "status"])).err).to.include("nothing stands at 0x7777");
    });
  });

  it("watches, and ends when it is told to", async () => {
    const stop = new AbortController();
    let begun = () => {};
    const begins = new Promise<void>((done) => (begun = done));
    const heard = (text: string) => {
      begun();
      if (text.includes("+1 FTNS")) stop.abort();
    };
    const watching = cli.run(["watch", cli.person, "--every", "1", "--looks", "30"], { signal: stop.signal, heard });
    await begins;
    await cli.d.token.connect(cli.d.people.treasury).transfer(cli.person, FTNS);
    const { out } = await watching;
    expect(out)
      .to.include("holds 1000 FTNS")
      .and.to.match(/\+1 FTNS: 1 FTNS from 0x/);
    expect((await cli.run(["watch", cli.person], { signal: stop.signal })).code).to.equal(0);
  });

  it("completes commands and options in bash and zsh", async () => {
    for (const shell of ["bash", "zsh"]) {
      const { out } = await cli.run(["completions", shell]);
      for (const word of ["stake", "emergency-vote", "--deployment"]) expect(out).to.include(word);
      if (existsSync(`/bin/${shell}`)) expect(spawnSync(`/bin/${shell}`, ["-n"], { input: out }).status, shell).to.equal(0);
    }
    const { out } = await cli.run(["completions", "bash"]);
    const script = `${out}\nCOMP_WORDS=(ftns st); COMP_CWORD=1; _ftns; echo "\${COMPREPLY[*]}"`;
    expect(spawnSync("/bin/bash", ["-c", script], { encoding: "utf8" }).stdout.trim()).to.equal("status stake");
  });

  it("prints its key nowhere", async () => {
    const outputs = [await cli.act("stake", "1"), await cli.act("stake", "999999"), await cli.act("--json", "account")];
    for (const { out, err } of outputs) expect(out + err).not.to.include(KEY.slice(2, 20));
  });
});
