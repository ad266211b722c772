import { expect } from "chai";
import { AbiCoder, Wallet, concat, id, keccak256, recoverAddress, toUtf8Bytes } from "ethers";
import { readFileSync } from "node:fs";
import {
  type Consent,
  type Contribution,
  type Review,
  attest,
  hashConsent,
  hashContribution,
  hashMarketReport,
  hashReview,
  signConsent,
  signContribution,
  signMarketReport,
  signMarketReports,
  signReview,
} from "@ftns/sdk/signing.ts";

const place = { chainId: 31_337n, verifyingContract: `0x${"12".repeat(20)}` };
const wallet = new Wallet(id("somebody"));

const contribution: Contribution = {
  contributor: `0x${"34".repeat(20)}`,
  kind: 2n,
  proofHash: id("proof"),
  units: 3n,
  quality: 4n,
  confidence: 5n,
  impact: 6n,
  observedAt: 7n,
  expiresAt: 8n,
  evidenceRoot: id("manifest"),
  evidenceURI: "ipfs://somewhere",
};
const review: Review = { proofHash: id("proof"), reviewer: wallet.address, rating: 5n, reviewedAt: 9n };
const consent: Consent = { contributionHash: hashContribution(place, contribution), submitter: wallet.address, deadline: 10n };
const report = {
  price: 1n,
  meanPrice: 7n,
  since: 8n,
  volume6h: 2n,
  meanVolume6h: 3n,
  txTotal: 4n,
  txFailed: 5n,
  sendersDay: 9n,
  observedAt: 6n,
};

/** The type's text as the contracts have it. */
function typeText(file: string, name: string): string {
  const text = readFileSync(file, "utf8");
  return new RegExp(`"(${name}\\([^"]+\\))"`).exec(text)![1]!;
}

const coder = AbiCoder.defaultAbiCoder();
const REGISTRY = { name: "FTNS ContributorRegistry", file: "contracts/contributors/ContributionHash.sol", version: "1" };
const FEED = { name: "FTNS MedianFeed", file: "contracts/prices/MedianFeed.sol", version: "2" };

/** EIP-712 by hand, with the type's text from the contracts. */
function digestOf({ name, file, version }: typeof REGISTRY, type: string, value: object): { digest: string } {
  const text = typeText(file, type);
  const types = text
    .slice(type.length + 1, -1)
    .split(",")
    .map((field) => field.split(" ")[0]!);
  const values = Object.values(value).map((one, i) => (types[i] === "string" ? id(one as string) : one));
  const struct = keccak256(
    coder.encode(["bytes32", ...types.map((one) => (one === "string" ? "bytes32" : one))], [id(text), ...values]),
  );
  const domain = keccak256(
    coder.encode(
      ["bytes32", "bytes32", "bytes32", "uint256", "address"],
      [
        id("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        id(name),
        id(version),
        place.chainId,
        place.verifyingContract,
      ],
    ),
  );
  return { digest: keccak256(concat([toUtf8Bytes("\x19\x01"), domain, struct])) };
}

describe("SDK: what people sign", () => {
  it("hashes as the contracts do", () => {
    expect(hashContribution(place, contribution)).to.equal(digestOf(REGISTRY, "Contribution", contribution).digest);
    expect(hashReview(place, review)).to.equal(digestOf(REGISTRY, "Review", review).digest);
    expect(hashConsent(place, consent)).to.equal(digestOf(REGISTRY, "Consent", consent).digest);
    expect(hashMarketReport(place, report)).to.equal(digestOf(FEED, "MarketReport", report).digest);
  });

  it("signs what it hashes", async () => {
    const signatures = [
      [hashContribution(place, contribution), await signContribution(wallet, place, contribution)],
      [hashReview(place, review), await signReview(wallet, place, review)],
      [hashConsent(place, consent), await signConsent(wallet, place, consent)],
      [hashMarketReport(place, report), await signMarketReport(wallet, place, report)],
    ] as const;
    for (const [digest, signature] of signatures) expect(recoverAddress(digest, signature)).to.equal(wallet.address);
  });

  it("puts signers in the order that the contracts ask for", async () => {
    const signers = ["a", "b", "c", "d"].map((name) => new Wallet(id(name)));
    const ascending = signers.map(({ address }) => address).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    expect((await attest(signers, place, contribution)).map(({ signer }) => signer)).to.deep.equal(ascending);
    const reports = await signMarketReports(
      place,
      signers.map((signer) => ({ signer, report })),
    );
    expect(reports.map(({ reporter }) => reporter)).to.deep.equal(ascending);
  });
});
