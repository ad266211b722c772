// What strangers send and serve: each is a clear error with a code, and nothing of it is kept or signed.
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commitmentTo, type HeldOut } from "@ftns/evidence";
import { jobName } from "@ftns/verifier";
import { openApi } from "@ftns/verifier/api/openapi.ts";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import { binaryOf } from "../evidence/compute/wat.ts";
import { linear } from "../evidence/model/onnx.ts";
import { openGateway } from "../evidence/storage/gateway.ts";
import { documentOf, Files, gatewayWith, type Person } from "./contributors.ts";
import { get, openWorld, post, until, type VerifierProcess, type World } from "./world.ts";

const ENDLESS = binaryOf(`(module
  (memory (export "memory") 1)
  (func (export "input") (param i32) (result i32) (i32.const 16))
  (func (export "run") (param i32 i64) (result i64) (loop $for_ever (br $for_ever)) (i64.const 0)))`);
const BUDGET = 1_000_000;
const TASK = `0x${"7a".repeat(32)}`;
const SAMPLES = 200;
const much = Buffer.alloc(1_000_000);
/** 50 MB of zeros. */
const bomb = gzipSync(Buffer.alloc(50_000_000));
const WIDTH = 4;

describe("verifier given bad input", function () {
  // Processes start slowly on a machine that has much to do.
  this.timeout(240_000);
  let world: World;
  let files: Files;
  let north: VerifierProcess;
  let author: Person;
  let reviewer: Person;
  const toClose: { close(): Promise<void> }[] = [];

  before(async () => {
    [world, files] = await Promise.all([openWorld(), Files.open()]);
    [, author, reviewer] = world.people.users as unknown as [Person, Person, Person];
    const seat = world.seats[0]!;
    writeFileSync(join(seat.folder, "endless.wasm"), ENDLESS);
    writeFileSync(join(seat.folder, "input"), "x");
    const set: HeldOut = {
      inputs: Float32Array.from({ length: SAMPLES * WIDTH }, (_, index) => index % 7),
      labels: Uint8Array.from({ length: SAMPLES }, (_, index) => index % 2),
    };
    const salt = new Uint8Array(32).fill(9);
    const held = { salt: Buffer.from(salt).toString("hex"), inputs: [...set.inputs], labels: [...set.labels] };
    writeFileSync(join(seat.folder, "held-out.json"), JSON.stringify(held));
    const epochEndsAt = Number(await world.clock.now()) + 600;
    north = await world.start(seat, {
      peers: [],
      compute: { jobs: [{ module: "endless.wasm", input: "input", units: 1_000, budget: BUDGET }], benchmarkTurns: 3_000_000 },
      models: {
        tasks: [
          {
            name: TASK,
            width: WIDTH,
            classes: 2,
            epochEndsAt,
            baseline: 100,
            commitment: commitmentTo(salt, set),
            heldOut: "held-out.json",
          },
        ],
      },
      limits: { lookMs: 100, requestsPerMinute: 100_000, submitWaitMs: 30_000, openClaims: 100, claimsPerDay: 1_000 },
    });
    await world.lift(reviewer);
  });
  after(async () => {
    await files?.close();
    for (const one of toClose) await one.close();
    await world?.close();
  });

  const submit = async (claim: any) => world.submit(north.seat, await world.bodyOf(author, claim));

  /** Rows of what was seen and signed. */
  async function kept(): Promise<Record<string, number>> {
    const database = await world.database(north.seat);
    const tables = ["held_blocks", "works", "computed_units", "named_classes", "likeness", "signatures", "challenges"];
    const counts: Record<string, number> = {};
    for (const table of tables)
      counts[table] = (await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`))[0]!.count;
    const [row] = await database.query<{ count: number }>("SELECT count(*)::int AS count FROM claims WHERE body IS NOT NULL");
    await database.close();
    return { ...counts, bodies: row!.count };
  }

  async function isRefused(claim: any, code: string, status = 422): Promise<void> {
    const before = await kept();
    const said = await submit(claim);
    expect([said.status, said.body.code], JSON.stringify(said.body)).to.deep.equal([status, code]);
    expect(said.body.error).to.be.a("string").and.have.length.below(400);
    expect(await kept()).to.deep.equal(before);
  }

  const storage = async (changes: object) => {
    const now = Number(await world.clock.now());
    return {
      kind: "STORAGE",
      contributor: author.address,
      gateways: ["http://127.0.0.1:1"],
      from: now + 60,
      until: now + 3_660,
      files: [{ cid: "bafkqaaa", bytes: 10 }],
      ...changes,
    };
  };

  describe("requests", () => {
    const path = () => `${north.seat.url}/api/v1/contributors/submit-proof`;
    it("P354: that are too large, cut, packed, of another type or no JSON end with a code", async () => {
      // The service answers and hangs up while the rest is still on its way: some of its callers only see the end of it.
      const large = await post(path(), JSON.stringify({ claim: "x".repeat(1_200_000) })).catch((error: Error) => error);
      if (large instanceof Error) expect(String(large.cause)).to.match(/closed|reset|EPIPE/i);
      else expect([large.status, large.body.code]).to.deep.equal([413, "TOO_LARGE"]);
      const cases: [string, Record<string, string>][] = [
        ['{"claim": {"kind": "STOR', {}],
        ["[]", {}],
        ['{"claim": 7, "request": {}, "signature": "0x12"}', {}],
        [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, {}],
        ["{}", { "content-type": "text/plain" }],
        ["{}", { "content-encoding": "gzip" }],
      ];
      for (const [body, headers] of cases) {
        // The connection that was hung up on may be taken once more before that is noticed.
        const said = await post(path(), body, headers).catch(() => post(path(), body, headers));
        expect([said.status, said.body.code], body.slice(0, 40)).to.deep.equal([400, "BAD_REQUEST"]);
      }
      const chunked = await fetch(path(), {
        method: "POST",
        body: new ReadableStream({
          pull(controller) {
            controller.enqueue(new Uint8Array(100_000).fill(32));
          },
        }),
        duplex: "half",
        headers: { "content-type": "application/json" },
      } as RequestInit).then(
        ({ status }) => status,
        () => 413,
      );
      expect(chunked).to.equal(413);
      const ask = (url: string) => get(url).catch(() => get(url));
      for (const bad of ["0x12", "nobody", `0x${"g".repeat(40)}`])
        expect((await ask(`${north.seat.url}/api/v1/contributors/${bad}/status`)).body.code).to.equal("BAD_REQUEST");
      expect((await get(`${north.seat.url}/api/v1/proofs/0x${"00".repeat(32)}`)).body.code).to.equal("NOT_FOUND");
      expect((await fetch(path())).status).to.equal(405);
    });

    it("P354: that come too slowly are cut off", async () => {
      const { port } = north.seat;
      const socket = connect(port, "127.0.0.1");
      socket.write(`POST /api/v1/contributors/submit-proof HTTP/1.1\r\nhost: x\r\n`);
      const started = Date.now();
      await new Promise((done) => socket.once("close", done).resume());
      expect(Date.now() - started).to.be.below(15_000);
    });

    it("P354: are described by a document that is OpenAPI, with every schema of the claims", async () => {
      const { body } = await get(`${north.seat.url}/openapi.json`);
      const { valid, errors } = await new Validator().validate(structuredClone(body));
      expect(valid, JSON.stringify(errors)).to.equal(true);
      expect(body).to.deep.equal(JSON.parse(JSON.stringify(openApi(north.seat.url))));
      expect(Object.keys(body.paths)).to.include.members([
        "/api/v1/contributors/submit-proof",
        "/api/v1/contributors/{address}/status",
        "/api/v1/proofs/{hash}",
      ]);
      expect(Object.keys(body.components.schemas)).to.have.length(5);
    });
  });

  it("P354: claims of no kind, of votes, and of another form are refused with a code", async () => {
    await isRefused({ kind: "NOTHING", contributor: author.address }, "SCHEMA");
    await isRefused({ kind: "GOVERNANCE", contributor: author.address }, "SCHEMA");
    await isRefused(await storage({ more: 1 }), "SCHEMA");
    const now = Number(await world.clock.now());
    await isRefused(await storage({ from: now - 4_000, until: now - 10 }), "SCHEMA");
  });

  it("P354: storage of another codec or hash, unreachable, redirected, packed or lying is refused with a code", async () => {
    await isRefused(await storage({ files: [{ cid: "no cid", bytes: 10 }] }), "BAD_CID");
    const cbor = CID.parse("bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua").toString();
    await isRefused(await storage({ files: [{ cid: cbor, bytes: 10 }] }), "WRONG_CODEC");
    const served = await gatewayWith(2);
    toClose.push(served.gateway);
    await isRefused(await storage({ files: [served.file] }), "UNREACHABLE");
    await isRefused(
      await storage({ gateways: [served.gateway.url], files: [{ ...served.file, bytes: 10 * served.file.bytes }] }),
      "SIZE_MISMATCH",
    );
    const inwards = await openGateway(
      (_digest, _request, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
    );
    const packed = await openGateway(
      (_digest, _request, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
    );
    const liar = await openGateway((_digest, _request, response) => void response.end("other bytes"));
    const endless = await openGateway((_digest, _request, response) => {
      response.on("error", () => undefined);
      const more = () => response.destroyed || (response.write(much), setTimeout(more, 1));
      more();
    });
    toClose.push(inwards, packed, liar, endless);
    for (const [gateway, code] of [
      [inwards, "REDIRECT"],
      [packed, "ENCODED"],
      [liar, "HASH_MISMATCH"],
      [endless, "TOO_LARGE"],
    ] as const)
      await isRefused(await storage({ gateways: [gateway.url], files: [served.file] }), code);
  });

  it("P354: documents that are not the named ones, or too large, are refused with a code", async () => {
    const good = await documentOf(world, files, author, reviewer);
    const [artefact] = good.artefacts as [(typeof good.artefacts)[0]];
    await isRefused({ ...good, artefacts: [{ ...artefact, bytes: 2_000_000 }] }, "SCHEMA");
    const other = files.add("something else");
    await isRefused({ ...good, artefacts: [{ ...artefact, url: other.url, bytes: other.bytes }] }, "HASH_MISMATCH");
    await isRefused({ ...good, artefacts: [{ ...artefact, bytes: artefact.bytes - 1 }] }, "TOO_LARGE");
    const bad = { ...good, reviews: [{ ...good.reviews[0]!, rating: 4 }] };
    await isRefused(bad, "BAD_REVIEW");
  });

  it("P354: a program that never ends is stopped by its budget, one that is unknown is not run", async () => {
    const job = jobName({ module: ENDLESS, input: Buffer.from("x"), units: 1_000, budget: BigInt(BUDGET) });
    const claim = {
      kind: "COMPUTE",
      contributor: author.address,
      job,
      first: 0,
      units: 1,
      resultsRoot: "",
      openings: `${files.url}/units`,
    };
    const { resultLeaf, outputDigest, solve, runUnits } = await import("@ftns/evidence");
    const { buildTree } = await import("@ftns/merkle");
    const digest = outputDigest(new Uint8Array());
    const tree = await buildTree(1, () => resultLeaf(0, digest));
    files.pages.set("/units/0", (response) => void response.end(JSON.stringify({ digest, proof: tree.proof(0) })));
    files.answer = async (url, response) => {
      const [, start, turns] = /^\/units\/benchmark\/(0x[0-9a-f]+)\/(\d+)$/.exec(url) ?? [];
      if (start === undefined) return false;
      const { result } = await solve({ start: BigInt(start), turns: Number(turns) }, runUnits);
      response.end(JSON.stringify({ result: `0x${result.toString(16)}` }));
      return true;
    };
    await isRefused({ ...claim, resultsRoot: tree.root }, "OUT_OF_BUDGET");
    await isRefused({ ...claim, resultsRoot: `0x${"12".repeat(32)}` }, "BAD_PROOF");
    await isRefused({ ...claim, resultsRoot: tree.root, job: `0x${"34".repeat(32)}` }, "UNKNOWN_JOB");
  });

  it("P354: a model waits for the end of its epoch, and one of another shape or none is refused with a code", async () => {
    const shapes = [
      linear(Array<number>((WIDTH + 1) * 2).fill(1), [0, 0]),
      linear(Array<number>(WIDTH * 3).fill(1), [0, 0, 0]),
      Buffer.from("no model"),
    ];
    const claims = shapes.map((model) => ({ kind: "MODEL", contributor: author.address, task: TASK, model: files.add(model) }));
    const said = await Promise.all(claims.map((claim) => submit(claim)));
    for (const { status, body } of said) expect([status, body.state]).to.deep.equal([202, "waiting"]);
    await world.clock.pass(700n);
    for (const { body } of said) {
      const refused = await until(async () => {
        const { body: now } = await world.proofAt(north.seat, body.proof_id);
        return now.state === "refused" && now;
      }, "it is refused");
      expect(refused.code).to.equal("BAD_MODEL");
    }
    expect((await kept())["named_classes"]).to.equal(0);
  });

  it("P354: asks no private address unless its operator allows it", async () => {
    await north.kill();
    const why = ["--accept-empty-memory", "the test lifted its reviewer by itself"];
    north = await world.start(world.seats[0]!, { peers: [], fetch: { allowPrivate: false } }, why);

    const good = await documentOf(world, files, author, reviewer);
    await isRefused(good, "BAD_URL");
    const [artefact] = good.artefacts as [(typeof good.artefacts)[0]];
    await isRefused({ ...good, artefacts: [{ ...artefact, url: "https://127.0.0.1/x" }] }, "PRIVATE_ADDRESS");
    await isRefused({ ...good, artefacts: [{ ...artefact, url: "https://localhost/x" }] }, "PRIVATE_ADDRESS");
  });
});
