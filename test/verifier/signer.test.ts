// The one place where a verifier signs: one content for a proof, whoever asks at once and whatever fails in between.
import { hashContribution, type Contribution } from "@ftns/sdk";
import { Database } from "@ftns/service/database/database.ts";
import { VERIFIER_TABLES } from "@ftns/verifier/claims/tables.ts";
import { ProofSigner, SignedOtherwise } from "@ftns/verifier/signing/signer.ts";
import { SigningTurns } from "@ftns/verifier/signing/turns.ts";
import { expect } from "chai";
import { id, recoverAddress, Wallet } from "ethers";
import { type OwnServer, ownServer } from "../database/local.ts";
import { forCases, fuzzCases } from "../helpers/random.ts";

const PLACE = { chainId: 31_337n, verifyingContract: `0x${"12".repeat(20)}` };
const wallet = new Wallet(id("a verifier"));
const WAD = 10n ** 18n;

const statement = (name: string, units = 1n): Contribution => ({
  contributor: `0x${"34".repeat(20)}`,
  kind: 4n,
  proofHash: id(name),
  units: units * WAD,
  quality: WAD,
  confidence: WAD,
  impact: WAD,
  observedAt: 7n,
  expiresAt: 8n,
  evidenceRoot: id("claim"),
  evidenceURI: "https://somewhere",
});

describe("verifier's signer", () => {
  let own: OwnServer;
  let database: Database;
  before(async () => {
    own = ownServer();
    await own.server.ensure();
    database = await Database.open({ server: own.server, name: "signer" }, VERIFIER_TABLES);
  });
  after(async () => {
    await database?.close();
    await own.end();
  });
  const signer = () => new ProofSigner(wallet, PLACE, database);

  it("P347: signs one content of those that are asked for at once, and gives it again", async () => {
    let proofs = 0;
    await forCases(fuzzCases(8), async (random) => {
      const name = `proof ${proofs++}`;
      const asked = Array.from({ length: 5 }, () => statement(name, BigInt(random.int(1, 3))));
      const results = await Promise.allSettled(asked.map((one) => signer().sign(one)));
      const given = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      const digests = new Set(given.map(({ digest }) => digest));
      expect(digests.size).to.equal(1);
      for (const [index, result] of results.entries()) {
        const same = hashContribution(PLACE, asked[index]!) === given[0]!.digest;
        expect(result.status).to.equal(same ? "fulfilled" : "rejected");
        if (result.status === "rejected") {
          expect(result.reason).to.be.instanceOf(SignedOtherwise);
          expect((result.reason as SignedOtherwise).signed).to.deep.equal(given[0]);
        }
      }
      expect(recoverAddress(given[0]!.digest, given[0]!.signature)).to.equal(wallet.address);
      expect(await signer().signed(id(name))).to.deep.equal(given[0]);
    });
  });

  it("P352: keeps nothing of a signature that was not made, so that another content can be signed", async () => {
    const broken = new ProofSigner(
      {
        ...wallet,
        address: wallet.address,
        signTransaction: () => Promise.reject(new Error("no")),
        signTypedData: () => Promise.reject(new Error("the device is gone")),
      },
      PLACE,
      database,
    );
    const first = await broken.sign(statement("broken")).catch(String);
    expect(first).to.equal("Error: the device is gone");
    expect(await signer().signed(id("broken"))).to.equal(undefined);
    const second = await signer().sign(statement("broken", 2n));
    expect(second.contribution.units).to.equal(2n * WAD);
  });

  it("P347: signs nothing by itself that it signed in a batch", async () => {
    const sql = "INSERT INTO signatures (proof_hash, form, digest, content, signature) VALUES ($1, 'batch', $2, '{}', '0x')";
    await database.query(sql, [id("in a batch"), id("the batch")]);
    const refused = await signer()
      .sign(statement("in a batch"))
      .catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(SignedOtherwise);
    expect((refused as SignedOtherwise).signed).to.equal(undefined);
    expect(await signer().signed(id("in a batch"))).to.equal(undefined);
  });

  it("gives one turn at a time for a proof, and does not wait for one peer for ever", async () => {
    const turns = new SigningTurns();
    let end: () => void = () => undefined;
    const first = turns.take("a", () => new Promise<number>((done) => (end = () => done(1))));
    expect(turns.isBusy("a")).to.equal(true);
    expect(await turns.take("a", () => Promise.resolve(2))).to.equal(undefined);
    expect(await turns.take("b", () => Promise.resolve(3))).to.deep.equal({ result: 3 });
    end();
    expect(await first).to.deep.equal({ result: 1 });
    await turns.take("a", () => Promise.reject(new Error("it failed"))).catch(() => undefined);
    expect(turns.isBusy("a")).to.equal(false);
    expect([0, 7_999, 8_000].map((ms) => turns.waitsFor("a", "north", ms))).to.deep.equal([true, true, false]);
    expect(turns.waitsFor("a", "south", 8_000)).to.equal(true);
  });
});
