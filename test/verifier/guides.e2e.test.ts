// The commands of the two guides, as they are written there: the contributor's and the operator's.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { QUICK_ENV, RUN_TS } from "../helpers/node.ts";
import { Files, someText, type Person } from "./contributors.ts";
import { accountKey, CHAIN_ID, openWorld, until, type VerifierProcess, type World } from "./world.ts";

const CONTRIBUTORS = readFileSync("docs/contributing-proofs.md", "utf8");
const OPERATORS = readFileSync("docs/operating/verifier.md", "utf8");

/** Lines of the guide's shell blocks. */
const commandsOf = (guide: string) =>
  [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()])),
  );
const AUTHOR = 9;
const REVIEWER = 10;

describe("guides of verifiers", function () {
  this.timeout(240_000);
  let world: World;
  let files: Files;
  let north: VerifierProcess;
  let author: Person;
  let reviewer: Person;
  before(async () => {
    [world, files] = await Promise.all([openWorld(), Files.open()]);
    const { ethers } = world.connection;
    author = (await ethers.getSigners()).find(({ address }) => address === addressOf(AUTHOR))! as unknown as Person;
    reviewer = (await ethers.getSigners()).find(({ address }) => address === addressOf(REVIEWER))! as unknown as Person;
    [north] = (await Promise.all(world.seats.slice(0, 2).map((seat) => world.start(seat)))) as [VerifierProcess];
    await world.lift(reviewer);
  });
  after(async () => {
    await files?.close();
    await world?.close();
  });
  const addressOf = (index: number) => new (world.connection.ethers as any).Wallet(accountKey(index)).address as string;

  it("the contributor's leads from a document to a reward", async () => {
    const folder = mkdtempSync(join(world.folder, "guide-"));
    symlinkSync(resolve("services/verifier/examples/proof.mjs"), join(folder, "proof.mjs"));
    const text = someText();
    writeFileSync(join(folder, "guide.md"), text);
    const { url } = files.add(text);
    const env: Record<string, string> = {
      PATH: process.env["PATH"]!,
      VERIFIER: north.seat.url,
      REGISTRY: world.place.verifyingContract,
      CHAIN_ID: String(CHAIN_ID),
      RPC: world.chain.url,
      MY_KEY: accountKey(AUTHOR),
      MY_ADDRESS: author.address,
      REVIEWERS_KEY: accountKey(REVIEWER),
    };
    const run = async (line: string): Promise<string> => {
      // This chain's time is not the world's.
      const given = { ...env, NOW: String(Number(await world.clock.now())) };
      const child = spawn("sh", ["-c", `set -e; ${line}`], { cwd: folder, env: given, stdio: ["ignore", "pipe", "pipe"] });
      let [printed, wrong] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (wrong += chunk.toString()));
      const [code] = (await once(child, "close")) as [number];
      expect(code, `${line}\n${wrong}${printed}`).to.equal(0);
      return printed;
    };
    const [where, sha256sum, wc, review, submit, show, handIn, consent, status, ...more] = commandsOf(CONTRIBUTORS) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    expect(more).to.deep.equal([]);
    for (const name of ["VERIFIER", "REGISTRY", "CHAIN_ID", "RPC"]) expect(where).to.include(`${name}=`);

    const sha256 = (await run(sha256sum)).split(" ")[0]!;
    const bytes = Number((await run(wc)).trim().split(" ")[0]);
    const [, example] = /```json\n([\s\S]*?)```/.exec(CONTRIBUTORS)!;
    const claim = JSON.parse(example!);
    const write = (reviews: unknown[]) =>
      writeFileSync(
        join(folder, "claim.json"),
        JSON.stringify({ ...claim, contributor: author.address, artefacts: [{ sha256, bytes, url }], reviews }),
      );
    write([]);
    const signed = JSON.parse(await run(review));
    expect(Object.keys(signed)).to.have.members(["reviewer", "rating", "reviewedAt", "signature"]);
    write([signed]);
    const submitted = JSON.parse(await run(submit));
    env["PROOF_ID"] = submitted.proof_id;
    await until(async () => JSON.parse(await run(show)).state === "complete", "it is complete");
    expect(JSON.parse(await run(handIn))).to.have.all.keys("transaction", "block");
    const standing = JSON.parse(await run(status));
    expect(standing).to.include({ contributor: author.address, contribution_score: "5" });

    // The other way: with consent, for another document.
    const other = someText();
    writeFileSync(join(folder, "guide.md"), other);
    const added = files.add(other);
    writeFileSync(join(folder, "claim.json"), JSON.stringify({ ...claim, contributor: author.address, artefacts: [added] }));
    const again = JSON.parse(await run(review));
    writeFileSync(
      join(folder, "claim.json"),
      JSON.stringify({ ...claim, contributor: author.address, artefacts: [added], reviews: [again] }),
    );
    env["PROOF_ID"] = JSON.parse(await run(submit)).proof_id;
    await until(async () => JSON.parse(await run(show)).state === "complete", "it is complete");
    expect(JSON.parse(await run(consent))).to.have.all.keys("hash", "block");
    expect(JSON.parse(await run(status))).to.include({ contribution_score: "10", contributor_tier: "basic" });
  });

  it("the operator's leads from nothing to a verifier that signs", async () => {
    const [seat] = world.seats as [World["seats"][0]];
    await north.kill("SIGTERM");
    const folder = mkdtempSync(join(world.folder, "operator-"));
    const script = [process.execPath, ...RUN_TS, resolve("services/verifier/src/main.ts")].map((part) => `'${part}'`).join(" ");
    writeFileSync(join(folder, "verifier"), `#!/bin/sh\nexec ${script} "$@"\n`);
    chmodSync(join(folder, "verifier"), 0o755);
    const env = { PATH: `${folder}:${process.env["PATH"]}`, SOUTH_URL: world.seats[1]!.url, ...QUICK_ENV };
    // The chain lives in this process, which must not stand still meanwhile.
    const run = async (line: string) => {
      const child = spawn("sh", ["-c", line], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let [said, wrong] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (wrong += chunk.toString()));
      const [status] = (await once(child, "close")) as [number];
      return { status, said, wrong };
    };
    const [password, newKey, check, start, status, accept, ...more] = commandsOf(OPERATORS) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    expect(more).to.deep.equal([]);
    expect((await run(password)).status).to.equal(0);
    const made = await run(newKey);
    expect([made.status, made.wrong]).to.deep.equal([0, ""]);
    expect(made.said).to.match(/^0x[0-9a-fA-F]{40}\n$/);

    // With the key that governance registered, which exists already.
    const [, importKey] = /`(verifier import-key [^`]+)`/.exec(OPERATORS)!;
    execFileSync("rm", [join(folder, "verifier.keystore.json")]);
    writeFileSync(join(folder, "key.txt"), `${seat.key}\n`);
    expect(await run(importKey!)).to.deep.equal({ status: 0, said: `${seat.address}\n`, wrong: "" });

    const example = JSON.parse(readFileSync("services/verifier/config.example.json", "utf8"));
    const { contracts, database, listen, chain } = world.configOf(seat);
    const peers = world.seats
      .slice(1)
      .map(({ address }, index) => ({ ...example.peers[index], address, ...(index === 1 && { url: { env: "SOUTH_URL" } }) }));
    peers[0].url = world.seats[1]!.url;
    peers[1].url = world.seats[2]!.url;
    const { http: _, ...rest } = example;
    writeFileSync(join(folder, "verifier.json"), JSON.stringify({ ...rest, chain, contracts, database, listen, peers }));
    const checked = await run(check);
    expect(checked.said, checked.said)
      .to.include("registered, with a lock of 100000 FTNS")
      .and.include("signatures are known")
      .and.not.include("FAULT");
    expect([checked.status, checked.wrong]).to.deep.equal([0, ""]);

    const running: ChildProcess = spawn("sh", ["-c", `exec ${start}`], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    running.stdout!.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await until(async () => said.includes("answers at"), "it answers");
    const told = await run(status);
    expect(told.said)
      .to.include("3 are registered, this one among them; 2 sign a proof")
      .and.match(/signed +2 proofs/);
    expect([told.status, told.wrong]).to.deep.equal([0, ""]);
    running.kill("SIGTERM");
    expect((await once(running, "exit"))[0]).to.equal(0);
    expect(said).to.not.include(seat.key.slice(2));
    // A database that knows the key's signatures needs no reason, and takes none amiss.
    expect(accept).to.match(/^verifier run --config verifier.json --accept-empty-memory "/);
  });
});
