// A registered verifier that lies, as a process of its own. It answers where a verifier would, in the way that it is told at /mode, and
// attacks others when it is told at /attack. Arguments: port, private key, chain, registry.
import { Agent, createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { type Contribution, hashContribution, signAsk, signContribution } from "@ftns/sdk";
import { Wallet } from "ethers";

const [port, key, chainId, registry] = process.argv.slice(2) as [string, string, string, string];
const wallet = new Wallet(key);
const place = { chainId: BigInt(chainId), verifyingContract: registry };

type Mode = "refuse" | "silent" | "late" | "nonsense" | "replay" | "greedy" | "stingy" | "faithless";
let mode: Mode = "refuse";
const LATE_MS = 2_500;
/** What honest ones measured, by root: the liar checks nothing. */
const figures = new Map<string, { units: string; quality: string; confidence: string }>();
const heard: unknown[] = [];
let oldSignature: string | undefined;

const server = createServer((request, response) => {
  void bodyOf(request).then((text) => answer(request.url ?? "", text, response));
});
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("lies\n"));

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function answer(url: string, text: string, response: ServerResponse): Promise<void> {
  const say = (body: unknown, status = 200) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (url === "/mode") {
    mode = JSON.parse(text) as Mode;
    return void say({});
  }
  if (url === "/heard") return void say(heard);
  if (url === "/attack") return void say(await attack(JSON.parse(text) as Attack));
  heard.push({ url, text });
  if (mode === "silent") return;
  if (mode === "late") await new Promise((done) => setTimeout(done, LATE_MS));
  if (mode === "nonsense") {
    const all = [
      "<html>",
      '{"state":',
      "null",
      `[${"1,".repeat(100_000)}1]`,
      '{"signature":"0x00"}',
      '{"root":7,"state":"measured"}',
    ];
    return void response.writeHead(200).end(all[heard.length % all.length]);
  }
  if (url.startsWith("/api/v1/peers/standing/")) return void say({ busy: mode === "refuse" });
  if (url === "/api/v1/peers/claims") return void say(await claimAnswer(text));
  if (url === "/api/v1/peers/signatures") return void say(...(await signatureAnswer(text)));
  say({ code: "NOT_FOUND", error: "" }, 404);
}

async function claimAnswer(text: string): Promise<unknown> {
  const { request } = JSON.parse(text) as { request: { evidenceRoot: string } };
  const root = request.evidenceRoot;
  if (mode === "refuse") return { root, state: "refused", code: "SCHEMA" };
  const known = figures.get(root) ?? {
    units: "1000000000000000000",
    quality: "1000000000000000000",
    confidence: "1000000000000000000",
  };
  const times = (value: string, share: bigint) => ((BigInt(value) * share) / 1_000n).toString();
  const share = mode === "greedy" ? 1_040n : mode === "stingy" ? 500n : 1_000n;
  return { root, state: "measured", figures: { ...known, units: times(known.units, share) } };
}

async function signatureAnswer(text: string): Promise<[body: unknown, status: number]> {
  const { contribution } = JSON.parse(text) as { contribution: Record<string, string> };
  if (mode === "refuse" || mode === "faithless") return [{ code: "BUSY", error: "not now" }, 409];
  const signature = await signContribution(wallet, place, contributionOf(contribution));
  if (mode !== "replay") return [{ signature }, 200];
  const old = oldSignature ?? `0x${"11".repeat(65)}`;
  oldSignature ??= signature;
  return [{ signature: old }, 200];
}

function contributionOf(given: Record<string, string>): Contribution {
  const numbers = ["kind", "units", "quality", "confidence", "impact", "observedAt", "expiresAt"];
  return { ...given, ...Object.fromEntries(numbers.map((name) => [name, BigInt(given[name]!)])) } as unknown as Contribution;
}

type Attack =
  | { kind: "learn"; root: string; figures: { units: string; quality: string; confidence: string } }
  /** Asks each of `at` for a signature under a content of its own, all at once. */
  | { kind: "split"; at: string[]; contents: Record<string, string>[] }
  | { kind: "flood"; at: string; from: string; requests: number; body: string };

async function attack(what: Attack): Promise<unknown> {
  if (what.kind === "learn") {
    figures.set(what.root, what.figures);
    return {};
  }
  if (what.kind === "flood") return flood(what);
  return Promise.all(
    what.at.map(async (url, index) => {
      const contribution = contributionOf(what.contents[index]!);
      const digest = hashContribution(place, contribution);
      const deadline = Number(what.contents[index]!["observedAt"]) + 300;
      const ask = { asker: wallet.address, digest, deadline };
      const signature = await signAsk(wallet, place, { ...ask, deadline: BigInt(deadline) });
      const body = JSON.stringify({ contribution: what.contents[index], ask, signature });
      const response = await fetch(`${url}/api/v1/peers/signatures`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
      return { status: response.status, body: await response.json() };
    }),
  );
}

async function flood({ at, from, requests, body }: Extract<Attack, { kind: "flood" }>): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const one = () =>
    new Promise<void>((done) => {
      const sent = httpRequest(
        `${at}/api/v1/peers/claims`,
        { method: "POST", localAddress: from, agent, headers: { "content-type": "application/json" } },
        (response) => {
          outcomes[response.statusCode!] = (outcomes[response.statusCode!] ?? 0) + 1;
          response.resume().once("end", done);
        },
      );
      sent.once("error", () => {
        outcomes["cut"] = (outcomes["cut"] ?? 0) + 1;
        done();
      });
      sent.end(body);
    });
  const worker = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await one();
  };
  await Promise.all(Array.from({ length: 20 }, () => worker(requests / 20)));
  return outcomes;
}
