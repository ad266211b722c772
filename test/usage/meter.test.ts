// The meter, receipts, and what travels: without a chain.
import { expect } from "chai";
import { Wallet, ZeroHash } from "ethers";
import { quoteFrom } from "@ftns/model";
import { channelIdOf, signReceipt } from "@ftns/sdk/usage.ts";
import {
  charge,
  chargedOf,
  checkReceipt,
  hashQuote,
  type Layers,
  layersOf,
  type MeterState,
  NEW_METER,
  partsOf,
  paymentFromJson,
  paymentToJson,
  PRICE_PARTS,
  type Quote,
  quoteFromJson,
  quoteToJson,
  ReceiptError,
  receiptFromJson,
  receiptToJson,
  standingFromJson,
  standingToJson,
  validUntil,
  WireError,
  worksRoot,
} from "@ftns/usage";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";

const WAD = 10n ** 18n;
const layers = (random: Random, most: bigint) =>
  layersOf(Array.from({ length: 5 }, () => (random.chance(0.2) ? 0n : random.magnitude(1n, most))));

/** A quote such as the chain makes, with messy numbers. */
const quoteBy = (random: Random, day: bigint): Quote =>
  quoteFrom({
    day,
    bases: layers(random, 10n ** 26n),
    contextMultiplier: random.magnitude(WAD / 10n, 10n * WAD),
    planMultiplier: random.pick([WAD, (WAD * 95n) / 100n, (WAD * 85n) / 100n, (WAD * 75n) / 100n]),
    multiplier: random.magnitude(WAD / 10n, 10n * WAD),
    earningMultiplier: random.pick([0n, WAD, (WAD * 13n) / 10n, (WAD * 16n) / 10n]),
    sharesPerFtns: random.bigint(10n ** 24n, 2n * 10n ** 24n),
  });

describe("the meter", () => {
  it("P438: is off by less than one unit after any number of requests by any quotes, and never too high (random)", async () => {
    await forCases(fuzzCases(3, 20), (random) => {
      let state: MeterState = NEW_METER;
      let quote = quoteBy(random, 20_000n);
      let exact = 0n;
      let sum = 0n;
      for (let i = 0n; i < 5_000n; i++) {
        if (random.chance(0.01)) quote = quoteBy(random, quote.day + 1n);
        const units = layers(random, 10n ** 5n);
        exact += units.reduce((total, count, layer) => total + count * quote.prices[layer]!, 0n);
        const charged = charge(state, units, quote);
        expect(charged.index).to.equal(i);
        sum += charged.charged;
        expect(charged.cumulative).to.equal(sum);
        state = charged.state;
      }
      const off = exact - sum * PRICE_PARTS;
      expect(off >= 0n && off < PRICE_PARTS).to.equal(true);
    });
  });

  it("P438: one request of all units costs what they cost one by one", async () => {
    await forCases(fuzzCases(20), (random) => {
      const quote = quoteBy(random, 1n);
      const parts = Array.from({ length: 200 }, () => layers(random, 1_000n));
      const all = parts.reduce<Layers>((a, b) => layersOf(a.map((count, i) => count + b[i]!)), [0n, 0n, 0n, 0n, 0n]);
      const state = parts.reduce((before, units) => charge(before, units, quote).state, NEW_METER);
      expect(chargedOf(state)).to.equal(charge(NEW_METER, all, quote).cumulative);
    });
  });

  it("P439: never gives more discount than was allotted, and none to a request that it doesn't cover", async () => {
    await forCases(fuzzCases(20), (random) => {
      const quote = quoteBy(random, 1n);
      const allotted = random.magnitude(0n, 10n ** 20n);
      let state: MeterState = NEW_METER;
      for (let i = 0; i < 200; i++) {
        const units = layers(random, 10n ** 4n);
        const { state: next } = charge(state, units, quote, allotted);
        const saved = state.parts + partsOf(units, quote.prices) - next.parts;
        if (saved === 0n) expect(next.discount).to.equal(state.discount);
        else {
          expect(next.parts - state.parts).to.equal(partsOf(units, quote.discounted));
          // In FTNS, rounded up.
          expect((next.discount - state.discount) * quote.unitsPerFtns >= saved).to.equal(true);
          expect((next.discount - state.discount - 1n) * quote.unitsPerFtns < saved).to.equal(true);
        }
        expect(next.discount <= allotted).to.equal(true);
        state = next;
      }
    });
  });

  it("P439: gives exactly what was allotted, and nothing of a wei more", () => {
    const quote: Quote = { day: 1n, prices: [130n, 0n, 0n, 0n, 0n], discounted: [100n, 0n, 0n, 0n, 0n], unitsPerFtns: 30n };
    const units: Layers = [1n, 0n, 0n, 0n, 0n];
    expect(charge(NEW_METER, units, quote, 1n).state).to.deep.equal({ parts: 100n, discount: 1n, requests: 1n });
    expect(charge(NEW_METER, units, quote, 0n).state).to.deep.equal({ parts: 130n, discount: 0n, requests: 1n });
    expect(charge(NEW_METER, units, { ...quote, unitsPerFtns: 29n }, 1n).state.parts).to.equal(130n);
  });

  it("refuses fewer layers than five, and fewer units than none", () => {
    const quote: Quote = { day: 1n, prices: [1n, 1n, 1n, 1n, 1n], discounted: [1n, 1n, 1n, 1n, 1n], unitsPerFtns: 1n };
    for (const units of [[1n, 2n, 3n, 4n], [1n, 2n, 3n, 4n, -1n], []]) {
      expect(() => charge(NEW_METER, units as unknown as Layers, quote)).to.throw(RangeError);
    }
    expect(validUntil(quote)).to.equal(2n * 86_400n + 7_200n);
  });
});

describe("a receipt", () => {
  const operator = new Wallet(`0x${"11".repeat(32)}`);
  const stranger = new Wallet(`0x${"22".repeat(32)}`);
  const place = { chainId: 31_337n, verifyingContract: `0x${"ab".repeat(20)}` };
  const channelId = channelIdOf({ payer: stranger.address, operator: operator.address, voucherKey: stranger.address, salt: 7n });
  const quote: Quote = {
    day: 20_000n,
    prices: [3n * PRICE_PARTS, PRICE_PARTS / 2n, 1n, 1n, PRICE_PARTS],
    discounted: [3n * PRICE_PARTS, PRICE_PARTS / 2n, 1n, 1n, PRICE_PARTS],
    unitsPerFtns: 10n ** 24n,
  };
  const units: Layers = [1n, 3n, 5n, 0n, 2n];
  const before: MeterState = { parts: (PRICE_PARTS * 3n) / 2n, discount: 0n, requests: 4n };
  const good = {
    channelId,
    index: 4n,
    request: `0x${"cd".repeat(32)}`,
    quote: hashQuote(quote),
    units,
    works: ZeroHash,
    // 1.5 + 3 + 1.5 + 2 = 8.000000000000000005 less 1 that was charged before.
    charged: 7n,
    cumulative: 8n,
  };
  const expected = { place, operator: operator.address, channelId, request: good.request, quote, before, allotted: 0n, most: 7n };
  const signed = async (changes: Partial<typeof good> = {}, signer = operator) => {
    const receipt = { ...good, ...changes };
    return { receipt, signature: await signReceipt(signer, place, receipt) };
  };

  it("P440: holds where everything in it is so", async () => {
    const counted = checkReceipt(await signed(), expected);
    expect(counted.state).to.deep.equal({ parts: before.parts + partsOf(units, quote.prices), discount: 0n, requests: 5n });
  });

  it("P440: does not hold where one thing is not", async () => {
    const wrong: [Partial<typeof good>, RegExp][] = [
      [{ channelId: ZeroHash }, /another channel/],
      [{ index: 5n }, /should be number 4/],
      [{ request: ZeroHash }, /another request/],
      [{ quote: ZeroHash }, /another quote/],
      [{ units: [2n, 3n, 5n, 0n, 2n] }, /charges 7 units/],
      [{ charged: 8n }, /charges 8 units of wFTNS, and 7 are due/],
      [{ cumulative: 9n }, /9 units of wFTNS were charged in all, and it is 8/],
    ];
    for (const [changes, words] of wrong) {
      const receipt = await signed(changes);
      expect(() => checkReceipt(receipt, expected), String(words)).to.throw(ReceiptError, words);
    }
    const forged = await signed({}, stranger);
    expect(() => checkReceipt(forged, expected)).to.throw(ReceiptError, /not signed by the operator/);
    const { receipt } = await signed();
    expect(() => checkReceipt({ receipt, signature: "0x1234" }, expected)).to.throw(ReceiptError, /not signed/);
    const fine = await signed();
    expect(() => checkReceipt(fine, { ...expected, most: 6n })).to.throw(ReceiptError, /above the 6 agreed to/);
    expect(() => checkReceipt(fine, { ...expected, place: { ...place, chainId: 1n } })).to.throw(ReceiptError, /not signed/);
  });

  it("names works as OpenZeppelin's tree does, and none by zero", async () => {
    const works = Array.from({ length: 5 }, (_, i) => ({ work: `0x${String(i).repeat(64)}`, weight: BigInt(i) + 1n }));
    const tree = StandardMerkleTree.of(
      works.map(({ work, weight }) => [work, weight]),
      ["bytes32", "uint256"],
    );
    expect(await worksRoot(works)).to.equal(tree.root);
    expect(await worksRoot([])).to.equal(ZeroHash);
  });
});

describe("what travels", () => {
  const terms = {
    payer: new Wallet(`0x${"11".repeat(32)}`).address,
    operator: new Wallet(`0x${"22".repeat(32)}`).address,
    voucherKey: new Wallet(`0x${"33".repeat(32)}`).address,
    salt: 2n ** 256n - 1n,
  };
  const payment = { terms, cumulative: 123n, signature: `0x${"ab".repeat(65)}` };
  const quote: Quote = { day: 1n, prices: [1n, 2n, 3n, 4n, 5n], discounted: [0n, 1n, 2n, 3n, 4n], unitsPerFtns: 9n };

  it("comes back as it went, through JSON", () => {
    const through = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    expect(paymentFromJson(through(paymentToJson(payment)))).to.deep.equal(payment);
    expect(quoteFromJson(through(quoteToJson(quote)))).to.deep.equal(quote);
    const receipt = {
      channelId: channelIdOf(terms),
      index: 1n,
      request: ZeroHash,
      quote: hashQuote(quote),
      units: [1n, 2n, 3n, 4n, 5n] as Layers,
      works: ZeroHash,
      charged: 6n,
      cumulative: 7n,
    };
    const signed = { receipt, signature: payment.signature };
    expect(receiptFromJson(through(receiptToJson(signed)))).to.deep.equal(signed);
    const standing = { charged: 1n, discount: 2n, parts: 3n, requests: 4n, cumulative: 5n, signature: payment.signature };
    expect(standingFromJson(through(standingToJson(standing)))).to.deep.equal(standing);
  });

  it("P441: is refused where it is not what it should be", () => {
    const json = paymentToJson(payment);
    const bad: unknown[] = [
      null,
      [],
      "text",
      { ...json, payer: "0x12" },
      { ...json, salt: -1 },
      { ...json, salt: "-1" },
      { ...json, salt: "0x10" },
      { ...json, cumulative: 12 },
      { ...json, cumulative: String(2n ** 256n) },
      { ...json, cumulative: "9".repeat(1_000_000) },
      { ...json, signature: "0x" },
      { ...json, signature: `0x${"ab".repeat(66)}` },
    ];
    for (const one of bad) expect(() => paymentFromJson(one)).to.throw(WireError);
    for (const changes of [{ prices: ["1"] }, { prices: "12345" }, { day: null }]) {
      expect(() => quoteFromJson({ ...quoteToJson(quote), ...changes })).to.throw(WireError);
    }
  });
});
