import { expect } from "chai";
import { network } from "hardhat";
import {
  checkedUint256,
  expWad,
  lnWad,
  MathError,
  MAX_INT256,
  MAX_UINT256,
  mulDiv,
  mulDivUp,
  mulWad,
  mulWadUp,
  sqrt,
} from "@ftns/model";
import { fuzzCases, Random } from "../helpers/random.ts";

const { ethers } = await network.create();
const CHUNK = 250;

function chunks<T>(items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, i) => items.slice(i * CHUNK, (i + 1) * CHUNK));
}

describe("model math against Solady", () => {
  const random = new Random();
  const cases = fuzzCases(2_000);
  const word = () => random.magnitude(0n, MAX_UINT256);
  const harness = ethers.deployContract("MathHarness");

  describe("expWad", () => {
    it("refuses what the library refuses", async () => {
      const first = 135305999368893231589n;
      const library = await ethers.deployContract("MathHarness");
      await expect(library.expWad([first])).to.be.revert(ethers);
      expect(() => expWad(first)).to.throw(MathError, "ExpOverflow");
      expect(expWad(first - 1n)).to.equal((await library.expWad([first - 1n]))[0]);
    });

    it("equals the library bit for bit", async () => {
      const edges = [0n, 1n, -1n, -41446531673892822313n, -41446531673892822312n, 10n ** 18n, -(10n ** 18n)];
      const inputs = [...edges, ...Array.from({ length: cases }, () => random.bigint(-42n * 10n ** 18n, 135n * 10n ** 18n))];
      for (const part of chunks(inputs)) expect(part.map(expWad)).to.deep.equal([...(await (await harness).expWad(part))]);
    });
  });

  describe("lnWad", () => {
    it("refuses what the library refuses", async () => {
      for (const x of [0n, -1n]) {
        await expect((await harness).lnWad([x])).to.be.revert(ethers);
        expect(() => lnWad(x)).to.throw(MathError, "LnWadUndefined");
      }
    });

    it("equals the library bit for bit", async () => {
      const powers = Array.from({ length: 255 }, (_, i) => 1n << BigInt(i));
      const inputs = [...powers, MAX_INT256, ...Array.from({ length: cases }, () => random.magnitude(1n, MAX_INT256))];
      for (const part of chunks(inputs)) expect(part.map(lnWad)).to.deep.equal([...(await (await harness).lnWad(part))]);
    });
  });

  describe("sqrt", () => {
    it("equals the library bit for bit", async () => {
      const squares = Array.from({ length: 100 }, () => random.magnitude(0n, (1n << 128n) - 1n) ** 2n);
      const inputs = [0n, 1n, 2n, 3n, MAX_UINT256, ...squares, ...squares.map((x) => (x > 0n ? x - 1n : 0n))];
      inputs.push(...Array.from({ length: cases }, () => word()));
      for (const part of chunks(inputs)) expect(part.map(sqrt)).to.deep.equal([...(await (await harness).sqrt(part))]);
    });
  });

  describe("what no contract can be asked for", () => {
    it("is refused by name: a division by zero, the root of a negative number, more than a word", () => {
      expect(() => mulDiv(1n, 2n, 0n))
        .to.throw(MathError, "1 * 2 / 0")
        .with.property("code", "DivisionByZero");
      expect(() => mulDivUp(3n, 4n, 0n))
        .to.throw(MathError, "3 * 4 / 0")
        .with.property("code", "DivisionByZero");
      expect(() => sqrt(-1n))
        .to.throw(MathError, "-1")
        .with.property("code", "NegativeRoot");
      for (const outside of [-1n, MAX_UINT256 + 1n]) {
        expect(() => checkedUint256(outside))
          .to.throw(MathError, `${outside}`)
          .with.property("code", "Overflow");
      }
      for (const inside of [0n, MAX_UINT256]) expect(checkedUint256(inside)).to.equal(inside);
    });
  });

  describe("mulDiv and mulWad", () => {
    it("equal the library, and throw where it reverts", async () => {
      const library = await harness;
      let reverts = 0;
      for (let i = 0; i < Math.min(cases, 300); i++) {
        const [a, b, divisor] = [word(), word(), word()];
        const chain = await library
          .fullMulDiv(a, b, divisor)
          .then(([down, up]) => [down, up])
          .catch(() => "reverts");
        const chainWad = await library
          .mulWad(a, b)
          .then(([down, up]) => [down, up])
          .catch(() => "reverts");
        const attempt = (work: () => bigint[]) => {
          try {
            return work();
          } catch (error) {
            expect(error).to.be.instanceOf(MathError);
            reverts++;
            return "reverts";
          }
        };
        expect(attempt(() => [mulDiv(a, b, divisor), mulDivUp(a, b, divisor)])).to.deep.equal(chain);
        expect(attempt(() => [mulWad(a, b), mulWadUp(a, b)])).to.deep.equal(chainWad);
      }
      expect(reverts).to.be.greaterThan(0);
    });
  });
});
