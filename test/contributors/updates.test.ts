// What the token, the staking vault and the pool are told of a proof.
import { contracts } from "@ftns/sdk/contracts.ts";
import { expect } from "chai";
import { startOf } from "../helpers/time.ts";
import {
  attestations,
  bareRegistry,
  contribute,
  fieldsOf,
  FTNS,
  KIND,
  proof,
  registryFixture,
  submit,
  TIER,
  toldIn,
  WAD,
  wad,
  type BareRegistry,
  type Registry,
} from "./fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;

const LAST_DAY = 65_000n;

describe("ContributorRegistry: what others are told", () => {
  let d: BareRegistry;
  let economy: Registry;
  let start: bigint;
  beforeEach(async () => {
    economy = await fresh();
    d = await bareRegistry(economy);
    start = await d.clock.today();
  });

  const schedule = (through: bigint) => [through, through, through];
  const rulesWith = async (changes: object) =>
    d.registry.connect(d.people.admin).setProofRules({ ...fieldsOf(await d.registry.proofRules()), ...changes });

  describe("the token", () => {
    it("learns the schedule, and may let others borrow 20 times value and quality, up to 20 times the window's", async () => {
      const first = await toldIn(d, contribute(d, d.alice, 200n));
      expect(first.TokenTold).to.deep.equal([d.alice.address, schedule(start + 43n), 3_600n * FTNS, 3_600n * FTNS, start + 90n]);
      await d.clock.toDaysAhead(10n);
      const second = await toldIn(d, contribute(d, d.alice, 10n, { quality: WAD }));
      const days = [start + 53n, start + 43n, start + 43n]; // it carries BASIC alone, ten days longer
      expect(second.TokenTold).to.deep.equal([d.alice.address, days, 200n * FTNS, 3_800n * FTNS, 0n]);
      await d.clock.toDaysAhead(20n); // the first has left the window
      const third = await toldIn(d, contribute(d, d.alice, 10n, { quality: WAD }));
      expect(third.TokenTold?.slice(2, 4)).to.deep.equal([200n * FTNS, 400n * FTNS]);
    });

    it("counts the window without diversity, and rounds for the protocol", async () => {
      await contribute(d, d.alice, 10n, { quality: WAD });
      const odd = await proof(d, { kind: KIND.MODEL, units: wad("0.030000000000000001"), quality: wad("0.333") });
      const { TokenTold } = await toldIn(d, submit(d, odd));
      expect(TokenTold?.[2]).to.equal(20n * wad("0.999000000000000033"));
      expect(TokenTold?.[3]).to.equal(20n * wad("10.999"));
    });

    it("is told with every proof, also of one that changes no day", async () => {
      await contribute(d, d.alice, 200n);
      const { TokenTold } = await toldIn(d, submit(d, await proof(d, { units: 20n, quality: WAD })));
      expect(TokenTold).to.deep.equal([d.alice.address, schedule(start + 43n), 20n, 3_600n * FTNS, 0n]);
    });

    it("is told by the present factor, and of none at zero", async () => {
      await rulesWith({ vouchingFactor: 0n });
      expect((await toldIn(d, contribute(d, d.alice, 10n))).TokenTold?.slice(2, 4)).to.deep.equal([0n, 0n]);
      await rulesWith({ vouchingFactor: 50n });
      expect((await toldIn(d, contribute(d, d.alice, 10n))).TokenTold?.slice(2, 4)).to.deep.equal([450n * FTNS, 900n * FTNS]);
    });

    it("is told of nothing more to lend by a refresh", async () => {
      await contribute(d, d.alice, 200n);
      const { TokenTold, PoolTold } = await toldIn(d, d.registry.connect(d.eve).refresh(d.alice));
      expect(TokenTold).to.deep.equal([d.alice.address, schedule(start + 43n), 0n, ethers.MaxUint256, 0n]);
      expect(PoolTold).to.equal(undefined);
    });
  });

  describe("the vault", () => {
    const commitments = (...days: bigint[]) => days.reduce((word, day, i) => word | (day << BigInt(16 * i)), 0n);

    it("learns the schedule, the commitments and the cover of 20 times the score, with every proof", async () => {
      const first = await toldIn(d, contribute(d, d.alice, 200n));
      expect(first.VaultTold).to.deep.equal([d.alice.address, schedule(start + 43n), commitments(0n, start), 3_600n * FTNS]);
      const second = await toldIn(d, submit(d, await proof(d, { kind: KIND.MODEL, units: wad("0.1"), quality: WAD })));
      expect(second.VaultTold).to.deep.equal([
        d.alice.address,
        schedule(start + 43n),
        commitments(0n, start, 0n, start),
        20n * wad("213.75"), // (180 + 10) * 1.125
      ]);
    });

    it("finds each kind under its commitment, from 2 FTNS on", async () => {
      const commitmentOf = [0, 1, 3, 2, 4, 3, 4, 4];
      for (const [i, kind] of Object.values(KIND).entries()) {
        d = await bareRegistry(await fresh());
        await d.registry
          .connect(d.people.admin)
          .setReviewRules({ ...fieldsOf(await d.registry.reviewRules()), required: [0, 0, 0, 0, 0, 0, 0, 0] });
        const rate = await d.registry.baseRate(kind);
        const worth = async (value: bigint) => submit(d, await proof(d, { kind, units: (value * WAD + rate - 1n) / rate }));
        await worth(wad("1.99"));
        expect((await d.registry.standingOf(d.alice)).commitmentDays).to.equal(0n);
        await worth(2n * FTNS);
        expect((await d.registry.standingOf(d.alice)).commitmentDays).to.equal(start << BigInt(16 * commitmentOf[i]!));
      }
    });

    it("keeps the cover of the latest proof at a refresh, when the score has gone", async () => {
      await contribute(d, d.alice, 200n);
      await d.clock.toDaysAhead(40n);
      expect((await d.registry.statusOf(d.alice)).score).to.equal(0n);
      const { VaultTold } = await toldIn(d, d.registry.refresh(d.alice));
      expect(VaultTold?.[3]).to.equal(3_600n * FTNS);
      expect((await d.registry.standingOf(d.alice)).cover).to.equal(3_600n * FTNS);
    });

    it("is told by the present factor, and of none at zero", async () => {
      await contribute(d, d.alice, 200n);
      await rulesWith({ stakeCover: 100n });
      expect((await toldIn(d, d.registry.refresh(d.alice))).VaultTold?.[3]).to.equal(18_000n * FTNS);
      await rulesWith({ stakeCover: 0n });
      expect((await toldIn(d, contribute(d, d.alice, 200n))).VaultTold?.[3]).to.equal(0n);
    });

    it("learns what standingOf says, which loses less than a millionth of a point of score", async () => {
      const odd = await proof(d, { kind: KIND.MODEL, units: wad("0.1234567"), quality: wad("0.777") });
      const { VaultTold } = await toldIn(d, submit(d, odd)); // 12.34567 * 0.777 = 9.59258559
      expect(VaultTold?.[3]).to.equal(20n * wad("9.592585"));
      expect([...(await d.registry.standingOf(d.alice))]).to.deep.equal(VaultTold?.slice(1));
    });

    it("is not told before it is named", async () => {
      const bare = await ethers.deployContract("ContributorRegistry", [
        d.manager,
        d.counterparts,
        d.counterparts,
        d.verifiers.map(({ address }) => address),
        2n,
      ]);
      const place = { ...d.place, verifyingContract: await bare.getAddress() };
      const told = await toldIn(
        d,
        contribute({ ...d, registry: contracts.registry(place.verifyingContract, bare.runner), place }, d.alice, 200n),
      );
      expect(Object.keys(told)).to.deep.equal(["TokenTold", "PoolTold"]);
    });

    it("makes the proof wait when it fails (P32)", async () => {
      await d.counterparts.setVaultFails(true);
      const contribution = await proof(d);
      const signed = await attestations(d, contribution);
      await expect(submit(d, contribution, { signed })).to.be.revertedWithCustomError(d.counterparts, "VaultFails");
      expect(await d.registry.isProofUsed(contribution.proofHash)).to.equal(false);
      await d.counterparts.setVaultFails(false);
      await submit(d, contribution, { signed });
    });
  });

  describe("the pool", () => {
    it("learns kind, value and the tier that the proof led to, also for none", async () => {
      expect((await toldIn(d, contribute(d, d.alice, 11n))).PoolTold).to.deep.equal([
        d.alice.address,
        KIND.COMPUTE,
        11n * FTNS,
        TIER.NONE,
      ]);
      const model = submit(d, await proof(d, { kind: KIND.MODEL, units: WAD, quality: WAD }));
      expect((await toldIn(d, model)).PoolTold).to.deep.equal([d.alice.address, KIND.MODEL, 100n * FTNS, TIER.POWER]);
    });
  });

  describe("at the edges of what is stored", () => {
    it("keeps a score above 1,099,511.627775 FTNS as that: the cover stays at its limit", async () => {
      await rulesWith({ maxValue: 100_000n * FTNS, stakeCover: 1n, vouchingFactor: 1n });
      let told: Awaited<ReturnType<typeof toldIn>> = {};
      for (let i = 0; i < 11; i++) told = await toldIn(d, contribute(d, d.alice, 100_000n, { quality: WAD }));
      expect(told.VaultTold?.[3]).to.equal(wad("1099511.627775"));
      expect(told.TokenTold?.[3]).to.equal(1_100_000n * FTNS);
      expect((await d.registry.statusOf(d.alice)).score).to.equal(1_100_000n * FTNS);
    });

    it("works through the last day of the calendar, and no proof lands after it", async () => {
      await connection.networkHelpers.time.increaseTo(startOf(LAST_DAY) + 3_600n);
      const told = await toldIn(d, contribute(d, d.alice, 200n));
      expect(told.TokenTold?.slice(1)).to.deep.equal([schedule(LAST_DAY + 43n), 3_600n * FTNS, 3_600n * FTNS, LAST_DAY + 90n]);
      expect((await d.registry.standingOf(d.alice)).commitmentDays).to.equal(LAST_DAY << 16n);
      expect(await d.registry.basicSince(d.alice)).to.equal(LAST_DAY);
      await connection.networkHelpers.time.increaseTo(startOf(LAST_DAY + 1n));
      const late = await proof(d, { observedAt: startOf(LAST_DAY) });
      const errors = await ethers.getContractAt("ProtocolTime", d.registry);
      await expect(submit(d, late))
        .to.be.revertedWithCustomError(errors, "CalendarEnded")
        .withArgs(LAST_DAY + 1n);
      await expect(d.registry.refresh(d.alice)).to.be.revert(ethers);
    });
  });

  describe("countVote", () => {
    it("reverts for anyone but VoteProofs", async () => {
      const { registry, people } = economy;
      for (const who of [d.eve, people.governor, people.admin]) {
        await expect(registry.connect(who).countVote(d.alice, ethers.id("vote"), FTNS))
          .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
          .withArgs(who);
      }
    });

    it("reverts for no value, more than the base rate, or a vote that counted", async () => {
      const votes = d.registry.connect(d.people.admin);
      for (const value of [0n, 2n * FTNS + 1n]) {
        await expect(votes.countVote(d.alice, ethers.id("vote"), value))
          .to.be.revertedWithCustomError(d.registry, "VoteValueOutOfBounds")
          .withArgs(value, 2n * FTNS);
      }
      await votes.countVote(d.alice, ethers.id("vote"), 1n);
      await expect(votes.countVote(d.bob, ethers.id("vote"), 1n))
        .to.be.revertedWithCustomError(d.registry, "ProofAlreadyUsed")
        .withArgs(ethers.id("vote"));
    });

    it("counts like a proof of GOVERNANCE of quality 1, worth what is said", async () => {
      const votes = d.registry.connect(d.people.admin);
      const small = await toldIn(d, votes.countVote(d.alice, ethers.id("1"), wad("1.5")));
      expect(small.TokenTold?.slice(2, 4)).to.deep.equal([30n * FTNS, 30n * FTNS]);
      expect(small.PoolTold).to.deep.equal([d.alice.address, KIND.GOVERNANCE, wad("1.5"), TIER.NONE]);
      expect(small.VaultTold?.[2]).to.equal(0n); // too little for the commitment
      const full = await toldIn(d, votes.countVote(d.alice, ethers.id("2"), 2n * FTNS));
      expect(full.VaultTold?.[2]).to.equal(start << 32n);
      const status = await d.registry.statusOf(d.alice);
      expect([status.score, status.averageQuality]).to.deep.equal([wad("3.5"), WAD]);
    });
  });
});
