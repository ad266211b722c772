// Works, and what they earn: registered from accepted proofs, paid by weekly roots out of pots.
import { expect } from "chai";
import { concat, keccak256, toUtf8Bytes } from "ethers";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { attestRoyalties, ROYALTY_LEAF_ENCODING, type RoyaltyRoot } from "@ftns/sdk/usage.ts";
import { attestations, KIND, proof, submit } from "../contributors/fixture.ts";
import { forCases, fuzzCases } from "../helpers/random.ts";
import { HOUR, type Usage, usageFixture, voucherOf, W } from "./fixture.ts";

const DAY = 24n * HOUR;
const WEEK = 7n * DAY;

/** A manifest with parents, cut where their list begins and ends. */
function manifest(parents: readonly string[], note = "") {
  const [before, after] = [`{"kind":"MODEL","note":"${note}",`, `,"size":7}`];
  const text = `${before}"parents":[${parents.map((one) => `"${one}"`).join(",")}]${after}`;
  return { before: toUtf8Bytes(before), after: toUtf8Bytes(after), root: keccak256(toUtf8Bytes(text)) };
}

describe("works and royalties", () => {
  let fixture: Awaited<ReturnType<typeof usageFixture>>;
  let u: Usage;
  before(async () => {
    fixture = await usageFixture();
  });
  beforeEach(async () => {
    u = await fixture.fresh();
  });

  const proving = () => ({
    ...u,
    verifiers: u.people.verifiers,
    place: { chainId: u.chainId, verifyingContract: u.addresses.registry },
  });

  /** An accepted proof of a model by `who`, that names `parents`. */
  async function proven(who = u.alice, parents: readonly string[] = [], kind: bigint = KIND.MODEL) {
    const text = manifest(parents);
    const d = { ...proving(), alice: who };
    const contribution = await proof(d, { contributor: who.address, kind, units: 10n ** 17n, evidenceRoot: text.root });
    const signed = await attestations(d, contribution);
    await submit(d, contribution, { signed });
    return { contribution, signed, text, parents };
  }
  type Proven = Awaited<ReturnType<typeof proven>>;

  const register = ({ contribution, signed, text, parents }: Proven, named: readonly string[] = parents) =>
    u.works.connect(u.stranger).register(contribution, signed, named.map(BigInt), text.before, text.after);

  /** A work of `who`, that builds on `parents`. */
  async function work(who = u.alice, parents: readonly bigint[] = []) {
    const made = await proven(
      who,
      parents.map((one) => `0x${one.toString(16).padStart(64, "0")}`),
    );
    await register(made);
    return BigInt(made.contribution.proofHash);
  }

  describe("when a work is registered", () => {
    it("P445: an accepted proof of a model becomes its contributor's, once, whoever asks", async () => {
      const made = await proven();
      const id = BigInt(made.contribution.proofHash);
      await expect(register(made)).to.emit(u.works, "WorkRegistered").withArgs(id, u.alice, KIND.MODEL, []);
      expect(await u.works.ownerOf(id)).to.equal(u.alice.address);
      await expect(register(made)).to.be.revertedWithCustomError(u.works, "WorkExists").withArgs(id);
    });

    it("P445: no other kind, no proof that was not accepted, no statement that was not signed", async () => {
      const compute = await proven(u.alice, [], KIND.COMPUTE);
      await expect(register(compute)).to.be.revertedWithCustomError(u.works, "NotAWorkKind").withArgs(KIND.COMPUTE);
      const d = proving();
      const contribution = await proof(d, { kind: KIND.MODEL, units: 10n ** 17n, evidenceRoot: manifest([]).root });
      const signed = await attestations(d, contribution);
      const fresh = { contribution, signed, text: manifest([]), parents: [] };
      await expect(register(fresh)).to.be.revertedWithCustomError(u.works, "ProofNotAccepted");
      const made = await proven();
      const stolen = { ...made, contribution: { ...made.contribution, contributor: u.stranger.address } };
      await expect(register(stolen)).to.be.revertedWithCustomError(u.registry, "InvalidAttestation");
      const one = { ...made, signed: made.signed.slice(0, 1) };
      await expect(register(one)).to.be.revertedWithCustomError(u.registry, "TooFewAttestations");
      await u.registry.connect(u.people.governor).removeVerifier(made.signed[0]!.signer);
      await expect(register(made)).to.be.revertedWithCustomError(u.registry, "UnregisteredSigner");
    });

    it("P446: its parents are those of the signed manifest, all of them, in their order, and works already", async () => {
      const [first, second] = [await work(), await work(u.bob)];
      const hex = [first, second].map((one) => `0x${one.toString(16).padStart(64, "0")}`);
      const made = await proven(u.bob, hex);
      for (const wrong of [[], [hex[0]!], [hex[1]!, hex[0]!], [...hex, hex[0]!]]) {
        await expect(register(made, wrong)).to.be.revertedWithCustomError(u.works, "ManifestDiffers");
      }
      await register(made);
      expect([...(await u.works.parentsOf(BigInt(made.contribution.proofHash)))]).to.deep.equal([first, second]);
      const unknown = await proven(u.bob, [`0x${"ab".repeat(32)}`]);
      await expect(register(unknown)).to.be.revertedWithCustomError(u.works, "UnknownParent");
      const five = await proven(
        u.bob,
        Array.from({ length: 5 }, () => hex[0]!),
      );
      await expect(register(five)).to.be.revertedWithCustomError(u.works, "TooManyParents").withArgs(5n, 4n);
    });

    it("P446: a text in the manifest cannot stand for the list", async () => {
      // A contributor hides its parents' list behind a note that looks like an empty one: the quotes of a note are escaped.
      const first = await work();
      const hex = `0x${first.toString(16).padStart(64, "0")}`;
      const note = JSON.stringify('"parents":[]').slice(1, -1);
      const [before, after] = [`{"note":"${note}",`, "}"];
      const text = `${before}"parents":["${hex}"]${after}`;
      const d = { ...proving(), alice: u.bob };
      const root = keccak256(toUtf8Bytes(text));
      const contribution = await proof(d, {
        contributor: u.bob.address,
        kind: KIND.MODEL,
        units: 10n ** 17n,
        evidenceRoot: root,
      });
      const signed = await attestations(d, contribution);
      await submit(d, contribution, { signed });
      // Every way to cut the manifest in two around twelve bytes of it.
      const bytes = toUtf8Bytes(text);
      const sought = toUtf8Bytes('"parents":[]');
      const cuts = bytes.findIndex((_, at) => sought.every((byte, i) => bytes[at + i] === byte));
      expect(cuts).to.equal(-1);
      const honest = { before: toUtf8Bytes(before), after: toUtf8Bytes(after), root };
      await register({ contribution, signed, text: honest, parents: [hex] });
      expect(keccak256(concat([honest.before, toUtf8Bytes(`"parents":["${hex}"]`), honest.after]))).to.equal(root);
    });
  });

  /** `amount` is paid to the operator and distributed, so that its pot of this week has a fifth of 95 %. */
  async function pot(amount = 1_000n * W) {
    await u.channels.connect(u.alice).deposit(u.terms, amount);
    const { claimed } = await u.channels.channelOf(await u.channels.channelIdOf(u.terms));
    await u.channels.claimMany(u.operator, [await voucherOf(u, u.terms, claimed + amount)]);
    await u.router.distribute(u.operator);
    return (amount * 19n) / 100n;
  }
  const weekNow = async () => (await u.clock.today()) / 7n;
  const place = () => ({ chainId: u.chainId, verifyingContract: u.addresses.royaltyRoots });

  async function statementOf(leaves: readonly (readonly [bigint, bigint])[], week: bigint, changes: Partial<RoyaltyRoot> = {}) {
    const tree = StandardMerkleTree.of(
      leaves.map((leaf, index) => [BigInt(index), ...leaf]),
      [...ROYALTY_LEAF_ENCODING],
    );
    const statement: RoyaltyRoot = {
      operator: u.operator.address,
      week,
      root: tree.root,
      total: leaves.reduce((sum, [, amount]) => sum + amount, 0n),
      works: BigInt(leaves.length),
      expiresAt: (await u.clock.now()) + DAY,
      evidenceURI: "ipfs://receipts",
      ...changes,
    };
    return { statement, tree };
  }

  const accept = async (statement: RoyaltyRoot, signers = u.people.verifiers.slice(0, 2)) =>
    u.royaltyRoots.connect(u.stranger).accept(statement, await attestRoyalties(signers, place(), statement));

  /** A root over `leaves` for the pot of last week, drawable. */
  async function open(leaves: readonly (readonly [bigint, bigint])[]) {
    const week = await weekNow();
    await u.clock.toDay((week + 1n) * 7n, 10n * HOUR);
    const { statement, tree } = await statementOf(leaves, week);
    await accept(statement);
    await u.clock.pass(3n * DAY);
    const number = await u.royaltyRoots.numberOf(u.operator, week);
    const draw = (index: number) =>
      u.royaltyRoots.connect(u.stranger).draw(number, index, leaves[index]![0], leaves[index]![1], tree.getProof(index));
    return { number, tree, draw, week };
  }

  describe("when a root is handed in", () => {
    it("P447: once for a pot, of a week that is over, with enough signatures, and at most what the pot holds", async () => {
      const id = await work();
      const held = await pot();
      const week = await weekNow();
      const early = await statementOf([[id, held]], week);
      await expect(accept(early.statement)).to.be.revertedWithCustomError(u.royaltyRoots, "RoyaltyWeekOutOfBounds");
      await u.clock.toDay((week + 1n) * 7n, HOUR);
      const { statement } = await statementOf([[id, held]], week);
      await expect(accept(statement, u.people.verifiers.slice(0, 1))).to.be.revertedWithCustomError(
        u.registry,
        "TooFewAttestations",
      );
      await expect(accept(statement, [u.people.verifiers[0]!, u.stranger as never])).to.be.revertedWithCustomError(
        u.registry,
        "UnregisteredSigner",
      );
      const more = await statementOf([[id, held + 1n]], week);
      await expect(accept(more.statement))
        .to.be.revertedWithCustomError(u.royaltyRoots, "TotalAbovePot")
        .withArgs(held + 1n, held);
      const late = { ...statement, expiresAt: (await u.clock.now()) - 1n };
      await expect(accept(late)).to.be.revertedWithCustomError(u.royaltyRoots, "RootExpired");
      const signed = await attestRoyalties(u.people.verifiers.slice(0, 2), place(), statement);
      const other = { ...statement, operator: u.other.address, total: 0n };
      await expect(u.royaltyRoots.accept(other, signed)).to.be.revertedWithCustomError(u.registry, "InvalidAttestation");
      await accept(statement);
      await expect(accept(statement)).to.be.revertedWithCustomError(u.royaltyRoots, "RootExists");
    });

    it("P447: until six weeks later", async () => {
      const id = await work();
      const held = await pot();
      const week = await weekNow();
      await u.clock.toDay((week + 7n) * 7n, -1n * HOUR);
      const last = await statementOf([[id, held]], week);
      const snapshot = await fixture.connection.networkHelpers.takeSnapshot();
      await accept(last.statement);
      await snapshot.restore();
      await u.clock.toDay((week + 7n) * 7n, HOUR);
      const late = await statementOf([[id, held]], week);
      await expect(accept(late.statement)).to.be.revertedWithCustomError(u.royaltyRoots, "RoyaltyWeekOutOfBounds");
    });

    it("P448: it counts three days later, not counting halts, and can be ended before: then another one may come", async () => {
      const id = await work();
      const held = await pot();
      const week = await weekNow();
      await u.clock.toDay((week + 1n) * 7n, HOUR);
      const { statement, tree } = await statementOf([[id, held]], week);
      await accept(statement);
      const draw = (number: bigint) => u.royaltyRoots.draw(number, 0, id, held, tree.getProof(0));
      await expect(draw(1n)).to.be.revertedWithCustomError(u.royaltyRoots, "RootNotOpen");
      await expect(u.royaltyRoots.connect(u.stranger).end(1n)).to.be.revertedWithCustomError(
        u.royaltyRoots,
        "AccessManagedUnauthorized",
      );
      const signers = (await attestRoyalties(u.people.verifiers.slice(0, 2), place(), statement)).map(({ signer }) => signer);
      await expect(u.royaltyRoots.endUnsigned(1n, signers)).to.be.revertedWithCustomError(u.royaltyRoots, "EnoughRootSigners");
      await expect(u.royaltyRoots.endUnsigned(1n, [])).to.be.revertedWithCustomError(u.royaltyRoots, "OtherRootSigners");
      await u.royaltyRoots.connect(u.people.governor).end(1n);
      await expect(draw(1n)).to.be.revertedWithCustomError(u.royaltyRoots, "RootWasEnded");

      await accept(statement);
      await u.registry.connect(u.people.governor).removeVerifier(signers[0]!);
      await u.royaltyRoots.connect(u.stranger).endUnsigned(2n, signers);
      await expect(u.royaltyRoots.connect(u.people.governor).end(2n)).to.be.revertedWithCustomError(
        u.royaltyRoots,
        "RootWasEnded",
      );
      await accept(
        statement,
        u.people.verifiers.filter(({ address }) => address !== signers[0]),
      );
      await u.breaker.connect(u.people.governor).impose(1n);
      await u.clock.pass(DAY);
      await u.breaker.connect(u.people.governor).end(1n);
      const { openAt } = await u.royaltyRoots.rootOf(3n);
      await u.clock.nextBlockAt(openAt - 1n);
      await expect(draw(3n)).to.be.revertedWithCustomError(u.royaltyRoots, "RootNotOpen").withArgs(3n, openAt);
      await u.clock.nextBlockAt(openAt);
      await draw(3n);
      await expect(u.royaltyRoots.connect(u.people.governor).end(3n)).to.be.revertedWithCustomError(u.royaltyRoots, "RootIsOpen");
      expect(await u.royaltyRoots.numberOf(u.operator, week)).to.equal(3n);
    });

    it("refuses what is no root", async () => {
      for (const number of [0n, 1n]) {
        await expect(u.royaltyRoots.draw(number, 0, 1n, 1n, [])).to.be.revertedWithCustomError(u.royaltyRoots, "UnknownRoot");
        await expect(u.royaltyRoots.rootOf(number)).to.be.revertedWithCustomError(u.royaltyRoots, "UnknownRoot");
      }
    });
  });

  describe("when royalties are drawn", () => {
    it("P449: each leaf once, by its own path and amount, to who owns the work then", async () => {
      const [a, b] = [await work(u.bob), await work(u.bob)];
      const held = await pot();
      const { draw, number, tree } = await open([
        [a, held / 3n],
        [b, held - held / 3n],
      ]);
      const before = await u.wrapper.balanceOf(u.bob);
      await draw(0);
      expect((await u.wrapper.balanceOf(u.bob)) - before).to.equal(held / 3n);
      await expect(draw(0)).to.be.revertedWithCustomError(u.royaltyRoots, "LeafDrawn").withArgs(number, 0);
      const path = tree.getProof(1);
      await expect(u.royaltyRoots.draw(number, 1, b, held, path)).to.be.revertedWithCustomError(u.royaltyRoots, "NotUnderRoot");
      await expect(u.royaltyRoots.draw(number, 1, b, held - held / 3n, [])).to.be.revertedWithCustomError(
        u.royaltyRoots,
        "NotUnderRoot",
      );
      // The same leaf under another index is another leaf, which the tree has not got.
      await expect(u.royaltyRoots.draw(number, 2, b, held - held / 3n, path)).to.be.revertedWithCustomError(
        u.royaltyRoots,
        "NotUnderRoot",
      );
      expect([await u.royaltyRoots.isDrawn(number, 0), await u.royaltyRoots.isDrawn(number, 1)]).to.deep.equal([true, false]);
      await u.works.connect(u.bob).transferFrom(u.bob, u.other, b);
      await draw(1);
      expect(await u.wrapper.balanceOf(u.other)).to.equal(held - held / 3n);
      expect(await u.wrapper.balanceOf(u.royaltyRoots)).to.equal(0n);
      expect(await u.router.royaltiesHeld()).to.equal(0n);
    });

    it("P449: leaves that are worth more than the total end where it ends", async () => {
      const [a, b] = [await work(), await work(u.bob)];
      const held = await pot();
      const week = await weekNow();
      await u.clock.toDay((week + 1n) * 7n, HOUR);
      const leaves = [
        [a, held],
        [b, held],
      ] as const;
      const { statement, tree } = await statementOf(leaves, week, { total: held });
      await accept(statement);
      await u.clock.pass(3n * DAY);
      await u.royaltyRoots.draw(1n, 0, a, held, tree.getProof(0));
      await expect(u.royaltyRoots.draw(1n, 1, b, held, tree.getProof(1)))
        .to.be.revertedWithCustomError(u.royaltyRoots, "MoreThanTotal")
        .withArgs(1n, held, 0n);
    });

    it("P450: a fifth goes to each work that it builds on, over three generations, and each draws for itself", async () => {
      const grandparent = await work(u.other);
      const parent = await work(u.bob, [grandparent]);
      const child = await work(u.stranger, [parent, grandparent]);
      const held = await pot();
      const { draw } = await open([[child, held]]);
      const bobs = await u.wrapper.balanceOf(u.bob);
      await draw(0);
      const part = held / 5n;
      expect(await u.wrapper.balanceOf(u.stranger)).to.equal(held - 2n * part);
      expect(await u.royaltyRoots.owedTo(parent)).to.equal(part);
      await u.royaltyRoots.drawOwed(parent);
      expect((await u.wrapper.balanceOf(u.bob)) - bobs).to.equal(part - part / 5n);
      expect(await u.royaltyRoots.owedTo(grandparent)).to.equal(part + part / 5n);
      await u.royaltyRoots.drawOwed(grandparent);
      expect(await u.wrapper.balanceOf(u.other)).to.equal(part + part / 5n);
      await expect(u.royaltyRoots.drawOwed(grandparent)).to.be.revertedWithCustomError(u.royaltyRoots, "NothingOwed");
      expect(await u.wrapper.balanceOf(u.royaltyRoots)).to.equal(0n);
    });

    it("P450: four parents leave a fifth, and who holds what adds up (random)", async () => {
      await forCases(fuzzCases(2), async (random) => {
        u = await fixture.fresh();
        const works: bigint[] = [];
        for (let i = 0; i < 6; i++) {
          const parents = random.shuffle(works).slice(0, random.int(0, Math.min(4, works.length)));
          works.push(await work(random.pick([u.alice, u.bob, u.other]), parents));
        }
        const held = await pot(random.bigint(1n, 1_000n) * W + random.bigint(0n, W));
        const week = await weekNow();
        const inPot = await u.router.potOf(u.operator, week);
        expect(inPot).to.be.within(held - 2n, held + 2n);
        let left = inPot;
        const leaves = works.map((id) => {
          const amount = random.bigint(0n, left);
          left -= amount;
          return [id, amount] as const;
        });
        const { draw } = await open(leaves);
        const total = leaves.reduce((sum, [, amount]) => sum + amount, 0n);
        const owed = async () => {
          let sum = 0n;
          for (const id of works) sum += await u.royaltyRoots.owedTo(id);
          return sum;
        };
        let drawn = 0n;
        for (const index of random.shuffle(leaves.map((_, i) => i))) {
          await draw(index);
          drawn += leaves[index]![1];
          const someone = random.pick(works);
          if ((await u.royaltyRoots.owedTo(someone)) !== 0n) await u.royaltyRoots.drawOwed(someone);
          expect(await u.wrapper.balanceOf(u.royaltyRoots)).to.equal(total - drawn + (await owed()));
        }
        for (let round = 0; round < 6; round++) {
          for (const id of works) if ((await u.royaltyRoots.owedTo(id)) !== 0n) await u.royaltyRoots.drawOwed(id);
        }
        expect(await u.wrapper.balanceOf(u.royaltyRoots)).to.equal(0n);
      });
    });

    it("P451: a suspended work waits, and loses nothing", async () => {
      const id = await work(u.other);
      const held = await pot();
      const { draw } = await open([[id, held]]);
      await u.works.connect(u.people.governor).setSuspended(id, true);
      await expect(draw(0)).to.be.revertedWithCustomError(u.royaltyRoots, "WorkSuspended").withArgs(id);
      await u.works.connect(u.people.governor).setSuspended(id, false);
      await draw(0);
      expect(await u.wrapper.balanceOf(u.other)).to.equal(held);
      await expect(u.works.connect(u.people.governor).setSuspended(7n, true)).to.be.revertedWithCustomError(
        u.works,
        "ERC721NonexistentToken",
      );
    });

    it("P451: what is no work draws nothing; what nobody signed for goes to the pool", async () => {
      const held = await pot();
      const { draw, week } = await open([[123n, held / 2n]]);
      await expect(draw(0)).to.be.revertedWithCustomError(u.works, "ERC721NonexistentToken").withArgs(123n);
      await u.clock.pass(9n * WEEK);
      await u.router.releasePot(u.operator, week);
      expect(await u.router.royaltiesHeld()).to.equal(0n);
    });
  });
});
