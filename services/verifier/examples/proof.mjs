// What a contributor does with a verifier, with nothing but ethers. The key of the contributor (or reviewer) is in the variable KEY.
//
//   node proof.mjs review <claim.json> <rating>            a peer signs its review of the claim's work; prints it
//   node proof.mjs submit <verifier> <claim.json>          hands the claim in; prints the answer
//   node proof.mjs show <verifier> <proof id>              how the proof stands
//   node proof.mjs hand-in <verifier> <proof id> <rpc>     sends the complete proof to the registry and pays the gas
//   node proof.mjs consent <verifier> <proof id>           lets the verifier hand it in, where it does that
//
// REGISTRY and CHAIN_ID say where: they are part of everything that is signed.
import { readFileSync } from "node:fs";
import { Contract, JsonRpcProvider, keccak256, toUtf8Bytes, TypedDataEncoder, Wallet, ZeroAddress } from "ethers";

const HOUR_SEC = 3_600;
const [command, ...args] = process.argv.slice(2);
const wallet = new Wallet(need("KEY"));
const place = { chainId: BigInt(need("CHAIN_ID")), verifyingContract: need("REGISTRY") };
const REGISTRY = { name: "FTNS ContributorRegistry", version: "1", ...place };
const EVIDENCE = { name: "FTNS Evidence", version: "1", ...place };

const CONTRIBUTION = [
  ["address", "contributor"],
  ["uint8", "kind"],
  ["bytes32", "proofHash"],
  ["uint256", "units"],
  ["uint256", "quality"],
  ["uint256", "confidence"],
  ["uint256", "impact"],
  ["uint256", "observedAt"],
  ["uint256", "expiresAt"],
  ["bytes32", "evidenceRoot"],
  ["string", "evidenceURI"],
];
const SUBMIT =
  `function submit((${CONTRIBUTION.map((field) => field.join(" ")).join(", ")}) contribution, (address signer, bytes signature)[] attestations, ` +
  "((bytes32 proofHash, address reviewer, uint8 rating, uint256 reviewedAt) review, bytes signature)[] reviews)";

const commands = { review, submit, show, "hand-in": handIn, consent };
if (!Object.hasOwn(commands, command)) fail(`Say one of ${Object.keys(commands).join(", ")}.`);
await commands[command](...args);

/** Files in a fixed order, so that the same files are the same work. */
async function review(file, rating) {
  const { kind, artefacts, files } = readClaim(file);
  const content = [...new Set((artefacts ?? files).map(({ sha256 }) => sha256))].sort();
  const signed = {
    proofHash: keccak256(toUtf8Bytes(canonical({ kind, content }))),
    reviewer: wallet.address,
    rating: Number(rating),
    reviewedAt: now(),
  };
  const types = fields("Review", [
    ["bytes32", "proofHash"],
    ["address", "reviewer"],
    ["uint8", "rating"],
    ["uint256", "reviewedAt"],
  ]);
  const { proofHash: _, ...shown } = signed;
  print({ ...shown, signature: await wallet.signTypedData(REGISTRY, types, signed) });
}

async function submit(verifier, file) {
  const claim = readClaim(file);
  const request = {
    contributor: wallet.address,
    evidenceRoot: keccak256(toUtf8Bytes(canonical(claim))),
    nonce: String(BigInt(process.env.NONCE ?? Date.now())),
    deadline: now() + HOUR_SEC,
  };
  const types = fields("SubmitProof", [
    ["address", "contributor"],
    ["bytes32", "evidenceRoot"],
    ["uint256", "nonce"],
    ["uint256", "deadline"],
  ]);
  const signature = await wallet.signTypedData(EVIDENCE, types, request);
  print(await ask(`${verifier}/api/v1/contributors/submit-proof`, { claim, request, signature }));
}

async function show(verifier, id) {
  print(await ask(`${verifier}/api/v1/proofs/${id}`));
}

async function handIn(verifier, id, rpc) {
  const { contribution, attestations, reviews } = (await complete(verifier, id)).proof;
  const registry = new Contract(place.verifyingContract, [SUBMIT], wallet.connect(new JsonRpcProvider(rpc)));
  const sent = await registry.submit(contribution, attestations, reviews);
  print({ transaction: sent.hash, block: (await sent.wait()).blockNumber });
}

async function consent(verifier, id) {
  const { contribution } = (await complete(verifier, id)).proof;
  const types = fields("Contribution", CONTRIBUTION);
  const value = {
    contributionHash: TypedDataEncoder.hash(REGISTRY, types, contribution),
    submitter: ZeroAddress,
    deadline: String(now() + HOUR_SEC),
  };
  const asked = fields("Consent", [
    ["bytes32", "contributionHash"],
    ["address", "submitter"],
    ["uint256", "deadline"],
  ]);
  const signature = await wallet.signTypedData(REGISTRY, asked, value);
  print(await ask(`${verifier}/api/v1/proofs/${id}/relay`, { consent: value, signature }));
}

async function complete(verifier, id) {
  const answer = await ask(`${verifier}/api/v1/proofs/${id}`);
  return answer.state === "complete" ? answer : fail(`The proof is not complete yet: ${answer.detail ?? answer.state}`);
}

/** Names sorted, no spaces: one text for one claim. */
function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
    .join(",")}}`;
}

async function ask(url, body) {
  const response = await fetch(
    url,
    body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
  );
  const answer = await response.json();
  return response.ok ? answer : fail(`${answer.code}: ${answer.error}`);
}

function readClaim(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

function need(name) {
  return process.env[name] || fail(`Set ${name}.`);
}

/** The chain's time, where it is not the world's. */
function now() {
  return Number(process.env.NOW ?? Math.floor(Date.now() / 1_000));
}

function fields(name, all) {
  return { [name]: all.map(([type, field]) => ({ name: field, type })) };
}

function print(value) {
  console.log(JSON.stringify(value, null, 2));
}

function fail(words) {
  console.error(words);
  process.exit(1);
}
