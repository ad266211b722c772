// One verifier of three is a liar, and processes are killed where it hurts: the proof comes all the same, and nobody signs two contents.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { QUICK_ENV, RUN_TS } from "../helpers/node.ts";
import { documentOf, Files, type Person } from "./contributors.ts";
import { CHAIN_ID, get, openWorld, post, until, type VerifierProcess, type World } from "./world.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

describe("verifiers among hostile ones", function () {
  // Processes start slowly on a machine that has much to do.
  this.timeout(240_000);
  let world: World;
  let files: Files;
  let north: VerifierProcess;
  let south: VerifierProcess;
  let liar: ChildProcess;
  let author: Person;
  let reviewer: Person;

  before(async () => {
    [world, files] = await Promise.all([openWorld(), Files.open()]);
    [, author, reviewer] = world.people.users as unknown as [Person, Person, Person];
    const west = world.seats[2]!;
    const args = [
      ...RUN_TS,
      "test/verifier/liar.ts",
      String(west.port),
      west.key,
      String(CHAIN_ID),
      world.place.verifyingContract,
    ];
    liar = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { PATH: process.env["PATH"], ...QUICK_ENV },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(liar.stdout!, "data");
    [north, south] = (await Promise.all(world.seats.slice(0, 2).map((seat) => world.start(seat, limitsOf())))) as [
      VerifierProcess,
      VerifierProcess,
    ];
    await world.lift(reviewer);
  });
  after(async () => {
    liar?.kill("SIGKILL");
    await files?.close();
    await world?.close();
  });

  const limitsOf = () => ({
    limits: { lookMs: 100, requestsPerMinute: 2_400, submitWaitMs: 3_000, openClaims: 100, claimsPerDay: 1_000 },
  });
  const west = () => world.seats[2]!;
  const setMode = (mode: string) => post(`${west().url}/mode`, JSON.stringify(mode));
  const attack = async (what: object) => (await post(`${west().url}/attack`, what)).body;
  const standing = async (process: VerifierProcess, hash: string) =>
    (await get(`${process.seat.url}/api/v1/peers/standing/${hash}`)).body;
  const newBody = async () => world.bodyOf(author, await documentOf(world, files, author, reviewer));
  const complete = (hash: string, at = north) =>
    until(async () => {
      const { body } = await world.proofAt(at.seat, hash);
      return body.state === "complete" && body;
    }, `${hash} is complete`);

  /** One content for a proof, wherever it was signed, and the registry takes it. */
  async function isSound(hash: string): Promise<void> {
    const { proof } = await complete(hash);
    const said = await Promise.all([north, south].map((process) => standing(process, hash)));
    const digests = new Set(said.flatMap(({ signed }) => (signed === undefined ? [] : [signed.digest])));
    expect(digests.size).to.equal(1);
    const { contribution, attestations, reviews } = proof;
    // A block of the present, which a transaction would make.
    await world.clock.pass(1n);
    await world.registry.connect(author).submit.staticCall(contribution, attestations, reviews);
  }

  const wicked: [mode: string, what: string][] = [
    ["refuse", "refuses, and is busy for ever"],
    ["silent", "takes requests and never answers"],
    ["late", "answers late"],
    ["nonsense", "answers nonsense"],
    ["replay", "gives signatures of other proofs"],
    ["greedy", "says more than there is"],
    ["stingy", "says half of what there is"],
    ["faithless", "agrees and does not sign"],
  ];
  for (const [mode, what] of wicked) {
    it(`P349: get a proof with one that ${what}`, async () => {
      await setMode(mode);
      const body = await newBody();
      const { body: said } = await world.submit(north.seat, body);
      await isSound(said.proof_id);
    });
  }

  it("P350: are not made to sign two contents by one that asks each for another", async () => {
    await setMode("refuse");
    for (let turn = 0; turn < 5; turn++) {
      const body = await newBody();
      // Both have checked it, and nobody gathers.
      const claims = await Promise.all(
        [north, south].map((process) =>
          until(async () => {
            const { body: heard } = await post(`${process.seat.url}/api/v1/peers/claims`, body);
            return heard.state === "measured" && heard;
          }, "it is measured"),
        ),
      );
      const [{ figures, root }] = claims as [any];
      const proofHash = (await get(`${north.seat.url}/api/v1/evidence/${root}`)).status === 200 ? await hashOf(root) : "";
      const observedAt = Number(await world.clock.now());
      const contents = [1_000n, 970n].map((share) => ({
        contributor: author.address,
        kind: "4",
        proofHash,
        units: ((BigInt(figures.units) * share) / 1_000n).toString(),
        quality: figures.quality,
        confidence: figures.confidence,
        impact: (10n ** 18n).toString(),
        observedAt: String(observedAt),
        expiresAt: String(observedAt + 7 * 86_400),
        evidenceRoot: root,
        evidenceURI: `${west().url}/api/v1/evidence/${root}`,
      }));
      const answers: { status: number; body: any }[] = await attack({
        kind: "split",
        at: [north.seat.url, south.seat.url],
        contents,
      });
      expect(answers.filter(({ status }) => status === 200).length, JSON.stringify(answers)).to.be.at.most(1);
      // The contributor comes to its proof, also where one of them is bound to what the liar made up.
      await world.submit(north.seat, await world.bodyOf(author, body.claim));
      await isSound(proofHash);
    }
  });

  it("P350: take no ask that its verifier did not sign, and no content that they did not find", async () => {
    const body = await newBody();
    const { body: said } = await world.submit(north.seat, body);
    const { proof } = await complete(said.proof_id);
    const other = { ...proof.contribution, units: (BigInt(proof.contribution.units) + 1n).toString() };
    const [answer] = await attack({ kind: "split", at: [north.seat.url], contents: [other] });
    expect([answer.status, answer.body.code]).to.deep.equal([409, "SIGNED_OTHERWISE"]);
    // What is signed already is given again to whoever asks for the very same.
    const [same] = await attack({ kind: "split", at: [north.seat.url], contents: [proof.contribution] });
    expect(same.body.signature).to.equal((await standing(north, said.proof_id)).signed.signature);
    // Neither is what would be over before anybody could use it.
    const short = await newBody();
    const { body: measured } = await until(async () => {
      const heard = await post(`${north.seat.url}/api/v1/peers/claims`, short);
      return heard.body.state === "measured" && heard;
    }, "it is measured");
    const fields = {
      ...other,
      proofHash: await hashOf(measured.root),
      evidenceRoot: measured.root,
      units: measured.figures.units,
    };
    const evidenceURI = `${west().url}/api/v1/evidence/${measured.root}`;
    const over = { ...fields, evidenceURI, expiresAt: String(BigInt(other.observedAt) + 86_400n) };
    const [objected] = await attack({ kind: "split", at: [north.seat.url], contents: [over] });
    expect([objected.status, objected.body.code, objected.body.error]).to.satisfy(
      ([status, code, words]: [number, string, string]) => status === 409 && code === "DISAGREES" && words.includes("7 days"),
    );
    const unknown = { ...other, proofHash: `0x${"ab".repeat(32)}`, evidenceRoot: `0x${"cd".repeat(32)}` };
    const [refused] = await attack({ kind: "split", at: [north.seat.url], contents: [unknown] });
    expect([refused.status, refused.body.code]).to.deep.equal([409, "NOT_MEASURED"]);
  });

  it("P351: answer others while one floods them", async () => {
    const flood = attack({ kind: "flood", at: north.seat.url, from: "127.0.0.77", requests: 4_000, body: "{}" });
    const { body: said } = await world.submit(north.seat, await newBody());
    await isSound(said.proof_id);
    const outcomes = (await flood) as Record<string, number>;
    expect(outcomes["429"], JSON.stringify(outcomes)).to.be.greaterThan(500);
  });

  it("P352: sign what they signed before, or nothing, after they were killed in the middle of it", async () => {
    await setMode("refuse");
    const command = ["node", fileURLToPath(new URL("./killing-signer.mjs", import.meta.url)), south.seat.folder];
    const key = { command, address: south.seat.address, timeoutMs: 20_000 };
    await south.kill();
    south = await world.start(south.seat, { ...limitsOf(), key });

    // Just before the commit: the signature was made and nobody knows it.
    writeFileSync(join(south.seat.folder, "kill"), "");
    const first = await world.submit(north.seat, await newBody());
    await south.ended;
    const database = await world.database(south.seat);
    const rows = (hash: string) => database.query("SELECT digest, signature FROM signatures WHERE proof_hash = $1", [hash]);
    expect(await rows(first.body.proof_id)).to.deep.equal([]);
    south = await world.start(south.seat, { ...limitsOf(), key });
    await isSound(first.body.proof_id);

    // Just after it: nobody was told, and what was written is what is told later.
    const body = await newBody();
    const second = world.submit(north.seat, body).catch(() => undefined);
    const hash = await hashOf(body.request.evidenceRoot, north);
    const [written] = await until(async () => {
      const found = await rows(hash);
      return found.length > 0 && found;
    }, "it is written");
    await south.kill();
    await second;
    south = await world.start(south.seat, limitsOf());
    await isSound(hash);
    expect(await rows(hash)).to.deep.equal([written]);
    expect((await standing(south, hash)).signed.signature).to.equal((written as any).signature);
    await database.close();
  });

  it("P353: do not start with a database that has forgotten what the chain knows, unless somebody says why", async () => {
    // What it signed counts, so that the chain knows its key.
    const { body: said } = await world.submit(north.seat, await newBody());
    const { contribution, attestations, reviews } = (await complete(said.proof_id)).proof;
    await world.registry.connect(author).submit(contribution, attestations, reviews);
    await south.kill();
    const empty = { ...limitsOf(), database: { folder: world.own.folder, name: "verifier_empty" } };
    const refused = await world.start(south.seat, empty).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(refused).to.include("ended with 2").and.include("holds no signature").and.include("--accept-empty-memory");
    const started = await world.start(south.seat, empty, [
      "--accept-empty-memory",
      "the disk burned; all proofs are on the chain",
    ]);
    expect(started.output).to.include("the disk burned");
    await started.kill();
    south = await world.start(south.seat, limitsOf());
  });

  async function hashOf(root: string, at = north): Promise<string> {
    const database = await world.database(at.seat);
    const [row] = await until(async () => {
      const found = await database.query<{ proof_hash: string }>("SELECT proof_hash FROM claims WHERE root = $1", [root]);
      return found.length > 0 && found;
    }, "the claim is known");
    await database.close();
    return row!.proof_hash;
  }
});
