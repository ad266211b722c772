// Contributors and verifiers, each verifier a process with a key and a database of its own: the ways that are meant.
import { ROUTES } from "@ftns/verifier/api/routes.ts";
import { hashContribution, signConsent } from "@ftns/sdk";
import { expect } from "chai";
import { type HDNodeWallet, Wallet, ZeroAddress } from "ethers";
import { documentOf, Files, gatewayWith, type Person } from "./contributors.ts";
import { get, openWorld, post, until, type VerifierProcess, type World } from "./world.ts";

describe("verifier service", function () {
  // Processes start slowly on a machine that has much to do.
  this.timeout(240_000);
  let world: World;
  let files: Files;
  let north: VerifierProcess;
  let south: VerifierProcess;
  let author: Person;
  let reviewer: Person;
  const printed: string[] = [];
  const toClose: { close(): Promise<void> }[] = [];

  before(async () => {
    [world, files] = await Promise.all([openWorld(), Files.open()]);
    [, author, reviewer] = world.people.users as unknown as [Person, Person, Person];
    [north, south] = (await Promise.all(world.seats.slice(0, 2).map((seat) => world.start(seat)))) as [
      VerifierProcess,
      VerifierProcess,
    ];
    // Their keys sign this apart from them, which they would take for a sign of lost memory if they had not started yet.
    await world.lift(reviewer);
  });
  after(async () => {
    printed.push(north?.output ?? "", south?.output ?? "");
    await files?.close();
    for (const one of toClose) await one.close();
    await world?.close();
  });

  /** What each verifier has signed of a proof. */
  const signedAt = async (hash: string) =>
    Promise.all([north, south].map(({ seat }) => get(`${seat.url}/api/v1/peers/standing/${hash}`)));
  const document = (count = 1) => documentOf(world, files, author, reviewer, count);

  it("P344: takes evidence to a proof that the registry counts, and says what it is worth", async () => {
    const { status, body } = await world.submit(north.seat, await world.bodyOf(author, await document(3)));
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(ROUTES.submit.answers[200].safeParse(body).success).to.equal(true);
    expect(body).to.include({ state: "complete", contribution_value: "15", quality_score: 1, new_contributor_status: "none" });
    const { contribution, attestations, reviews } = body.proof;
    await world.registry.connect(author).submit(contribution, attestations, reviews);
    expect(await world.registry.isProofUsed(body.proof_id)).to.equal(true);

    // The other one checked it for itself, and signed the very same.
    const standings = await signedAt(body.proof_id);
    expect(new Set(standings.map((standing) => standing.body.signed.digest)).size).to.equal(1);
    const evidence = await get(contribution.evidenceURI);
    expect(evidence.body.request.evidenceRoot).to.equal(contribution.evidenceRoot);
  });

  it("P345: tells a contributor's status as the registry has it", async () => {
    const { status, body } = await get(`${south.seat.url}/api/v1/contributors/${author.address}/status`);
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(ROUTES.status.answers[200].safeParse(body).error?.issues ?? []).to.deep.equal([]);
    expect(body).to.include({
      contributor_tier: "basic",
      contribution_score: "15",
      can_earn_ftns: true,
      earning_multiplier: 1,
      average_quality: 1,
      complete: true,
    });
    expect(body.grace_period_expires).to.be.a("string");
    expect(body.score_by_kind).to.deep.equal([{ kind: "DOCUMENTATION", score: "15", proofs: 1 }]);
    expect(body.counting).to.have.length(1);
    expect(body.next_tier).to.deep.include({ tier: "active", missing_score: "35" });
    const day = 86_400_000;
    expect(Date.parse(body.counting[0].counts_until) - Date.parse(body.last_contribution)).to.equal(29 * day);
    const stranger = await get(`${south.seat.url}/api/v1/contributors/${ZeroAddress}/status`);
    expect(stranger.body).to.include({
      contributor_tier: "none",
      last_contribution: null,
      can_earn_ftns: false,
      grace_period_expires: null,
    });
  });

  it("P346: gives the same request the same answer, and a nonce to one claim only", async () => {
    const claim = await document();
    const body = await world.bodyOf(author, claim, { nonce: 10_000n });
    const first = await world.submit(north.seat, body);
    const again = await world.submit(north.seat, body);
    expect(first.status).to.equal(200);
    expect(again).to.deep.equal(first);
    const other = await world.submit(north.seat, await world.bodyOf(author, await document(), { nonce: 10_000n }));
    expect([other.status, other.body.code]).to.deep.equal([409, "NONCE_USED"]);
    // The peer that heard of the first knows its nonce too.
    const there = await world.submit(south.seat, await world.bodyOf(author, await document(), { nonce: 10_000n }));
    expect([there.status, there.body.code]).to.deep.equal([409, "NONCE_USED"]);
  });

  it("P346: takes nothing in another's name, late, for long, or for another claim", async () => {
    const claim = await document();
    const now = Number(await world.clock.now());
    const stranger = Wallet.createRandom();
    const good = await world.bodyOf(author, claim);
    const wrong: [object, number, string][] = [
      [
        await world.bodyOf(
          { address: author.address, signTypedData: stranger.signTypedData.bind(stranger) as HDNodeWallet["signTypedData"] },
          claim,
        ),
        401,
        "BAD_SIGNATURE",
      ],
      [await world.bodyOf(stranger, claim), 400, "BAD_REQUEST"],
      [await world.bodyOf(author, claim, { deadline: now - 1 }), 400, "TOO_LATE"],
      [await world.bodyOf(author, claim, { deadline: now + 2 * 86_400 }), 400, "BAD_REQUEST"],
      [{ ...good, claim: { ...claim, parents: [`0x${"12".repeat(32)}`] } }, 400, "BAD_REQUEST"],
      [{ ...good, request: { ...good.request, nonce: "77777" } }, 401, "BAD_SIGNATURE"],
    ];
    for (const [body, status, code] of wrong) {
      const said = await world.submit(north.seat, body);
      expect([said.status, said.body.code]).to.deep.equal([status, code]);
    }
  });

  it("P347: signs one content, also when a contributor asks several verifiers at once", async () => {
    const bodies = await Promise.all(Array.from({ length: 4 }, async () => world.bodyOf(author, await document())));
    const asked = bodies.flatMap((body) => [north, south].map(({ seat }) => world.submit(seat, body)));
    for (const { body } of await Promise.all(asked)) {
      const done = await until(async () => {
        const { body: now } = await world.proofAt(north.seat, body.proof_id);
        return now.state === "complete" && now;
      }, `${body.proof_id} is complete`);
      const standings = await signedAt(body.proof_id);
      expect(new Set(standings.map((standing) => standing.body.signed.digest)).size, body.proof_id).to.equal(1);
      expect(done.proof.attestations).to.have.length(2);
    }
  });

  it("P348: puts its challenges over the whole time, forgets none by a restart, and hands the proof in with consent", async () => {
    const served = await gatewayWith(1);
    toClose.push(served.gateway);
    const now = Number(await world.clock.now());
    const claim = {
      kind: "STORAGE",
      contributor: author.address,
      gateways: [served.gateway.url],
      from: now + 120,
      until: now + 120 + 3_600,
      files: [{ ...served.file }],
    };
    const taken = await world.submit(north.seat, await world.bodyOf(author, claim));
    expect([taken.status, taken.body.state]).to.deep.equal([202, "waiting"]);
    const counts = async (process: VerifierProcess) => {
      const database = await world.database(process.seat);
      const [row] = await database.query<{ planned: number; put: number }>(
        "SELECT count(*)::int AS planned, count(answer)::int AS put FROM challenges WHERE root = $1",
        [taken.body.evidence_root],
      );
      await database.close();
      return row!;
    };
    for (const process of [north, south]) await until(async () => (await counts(process)).planned === 24, "both have planned");
    for (let step = 0; step < 15; step++) {
      await world.clock.pass(252n);
      if (step === 5) {
        const before = await counts(south);
        await south.kill();
        printed.push(south.output);
        south = await world.start(south.seat);
        expect((await counts(south)).put).to.be.at.least(before.put);
      }
      const due = Number(await world.clock.now()) - 1;
      for (const process of [north, south]) {
        const database = await world.database(process.seat);
        const open = async () => {
          const sql = "SELECT FROM challenges WHERE answer IS NULL AND at <= $1";
          return (await database.query(sql, [due])).length === 0;
        };
        await until(open, `all challenges up to ${due} are put`);
        await database.close();
      }
    }
    const complete = await until(async () => {
      const { body } = await world.proofAt(north.seat, taken.body.proof_id);
      return body.state === "complete" && body;
    }, "the proof of storage");
    for (const process of [north, south]) expect((await counts(process)).put).to.equal(24);
    // A file of 30,000 bytes for an hour, all of it answered.
    expect(BigInt(complete.proof.contribution.units)).to.equal((30_000n * 10n ** 18n) / 2n ** 30n);
    expect(complete).to.include({ quality_score: 1, verification_confidence: 1 });

    const contribution = Object.fromEntries(Object.entries(complete.proof.contribution)) as any;
    const relay = `${north.seat.url}/api/v1/proofs/${complete.proof_id}/relay`;
    const consentFor = async (submitter: string, hash = hashContribution(world.place, contribution)) => {
      const consent = { contributionHash: hash, submitter, deadline: BigInt(Number(await world.clock.now()) + 600) };
      return {
        consent: { ...consent, deadline: consent.deadline.toString() },
        signature: await signConsent(author, world.place, consent),
      };
    };
    expect((await post(relay, await consentFor(ZeroAddress, `0x${"00".repeat(32)}`))).body.code).to.equal("BAD_REQUEST");
    expect((await post(relay, await consentFor(author.address))).body.code).to.equal("FORBIDDEN");
    const { signature: _, ...consented } = await consentFor(ZeroAddress);
    expect((await post(relay, { ...consented, signature: `0x${"11".repeat(65)}` })).body.code).to.equal("BAD_SIGNATURE");
    const handedIn = await post(relay, await consentFor(ZeroAddress));
    expect(handedIn.status, JSON.stringify(handedIn.body)).to.equal(200);
    expect(await world.registry.isProofUsed(complete.proof_id)).to.equal(true);
  });

  it("stops in order when it is told to, and has printed no secret", async () => {
    await south.kill("SIGTERM");
    expect(await south.ended).to.equal(0);
    printed.push(south.output, north.output);
    const all = printed.join("\n").toLowerCase();
    for (const { key } of world.seats) expect(all).to.not.include(key.slice(2).toLowerCase());
  });
});
