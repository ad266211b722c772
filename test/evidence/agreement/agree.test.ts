// What verifiers agree on who measured a little different things.
import { agree, canSign, type Figures, type Measured } from "@ftns/evidence";
import { expect } from "chai";
import { forCases, fuzzCases } from "../../helpers/random.ts";

const WAD = 10n ** 18n;
const figures = (units: bigint, quality = WAD, confidence = WAD): Figures => ({ units: units * WAD, quality, confidence });
const said = (verifier: string, one: Figures): Measured => ({ verifier, figures: one });

describe("agreement of verifiers", () => {
  const home = said("home", figures(1_000n));

  describe("given three verifiers of whom two must sign", () => {
    it("is the least of the two highest that lie near each other", () => {
      expect(agree(home, [said("a", figures(990n)), said("b", figures(960n))], 2)).to.deep.equal({
        figures: figures(990n),
        signers: ["home", "a"],
      });
    });

    it("P358: leaves out whoever says far too little", () => {
      for (const lie of [0n, 1n, 949n]) {
        expect(agree(home, [said("liar", figures(lie)), said("a", figures(999n))], 2), String(lie)).to.deep.equal({
          figures: figures(999n),
          signers: ["home", "a"],
        });
        expect(agree(home, [said("liar", figures(lie))], 2)).to.equal(undefined);
      }
    });

    it("P358: is raised by nobody above what the one who asks measured", () => {
      const found = agree(home, [said("liar", figures(1_000_000n)), said("a", figures(950n))], 2);
      expect(found).to.deep.equal({ figures: figures(950n), signers: ["home", "a"] });
      const slightly = agree(home, [said("liar", figures(1_040n)), said("a", figures(950n))], 2);
      expect(slightly).to.deep.equal({ figures: figures(1_000n), signers: ["home", "liar"] });
    });

    it("takes a voice at the tolerance, and none below", () => {
      expect(agree(home, [said("a", figures(950n))], 2)?.figures).to.deep.equal(figures(950n));
      const below: Figures = { ...figures(950n), units: 950n * WAD - 1n };
      expect(agree(home, [said("a", below)], 2)).to.equal(undefined);
    });

    it("looks at quality and confidence as at units", () => {
      for (const name of ["quality", "confidence"] as const) {
        const low = said("a", { ...figures(1_000n), [name]: (WAD * 949n) / 1_000n });
        expect(agree(home, [low], 2), name).to.equal(undefined);
      }
    });

    it("counts a verifier once, whatever it says twice", () => {
      const twice = [said("a", figures(10n)), said("a", figures(1_000n)), said("home", figures(1_000n))];
      expect(agree(home, twice, 2)).to.equal(undefined);
    });
  });

  describe("random voices", () => {
    it("P358: give figures that each signer can sign, the most that enough can, whatever a minority of liars says", () =>
      forCases(fuzzCases(300), (random) => {
        const near = () => figures(1_000n - BigInt(random.int(0, 39)), WAD - BigInt(random.int(0, 29)) * 10n ** 15n);
        const any = () => figures(BigInt(random.int(0, 2_999)), BigInt(random.int(0, 1_000)) * 10n ** 15n);
        const own = said("home", near());
        const honest = ["a", "b"].map((name) => said(name, near()));
        const liars = ["x", "y"].map((name) => said(name, any()));
        const threshold = 2 + random.int(0, 1);
        const found = agree(own, [...liars, ...honest], threshold);
        const voices = [own, ...honest, ...liars];
        if (found === undefined) {
          // With a distance of at most 4 % all three honest ones could have signed the least of theirs.
          expect.fail(`no agreement among ${JSON.stringify(voices, (_, value) => String(value))}`);
        }
        expect(found.signers).to.include("home").and.to.have.length.at.least(threshold);
        for (const { verifier, figures: measured } of voices) {
          expect(found.signers.includes(verifier)).to.equal(canSign(found.figures, measured));
        }
        const alone = agree(own, honest, threshold)!;
        expect(found.figures.units * found.figures.quality >= alone.figures.units * alone.figures.quality).to.equal(true);
        expect(found.figures.units <= own.figures.units && found.figures.quality <= own.figures.quality).to.equal(true);
      }));
  });
});
