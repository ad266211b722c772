// What contributors have: servers with files and blocks, and claims about them.
import { createHash } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Artefact, reviewedProofHash } from "@ftns/evidence";
import type { Signer } from "ethers";
import { Blocks, type Gateway, honest, openGateway, type StoredFile } from "../evidence/storage/gateway.ts";
import { signReview } from "../helpers/sign.ts";
import { Random } from "../helpers/random.ts";
import type { World } from "./world.ts";

/** A server of files, honest. */
export class Files {
  readonly #server: Server;
  readonly #byName = new Map<string, Uint8Array>();
  /** Answers of other kinds, by path. */
  readonly pages = new Map<string, (response: ServerResponse) => void>();
  /** Answers what it knows, and says whether it did. */
  answer: (url: string, response: ServerResponse) => Promise<boolean> = () => Promise.resolve(false);

  private constructor() {
    this.#server = createServer((request, response) => {
      const page = this.pages.get(request.url ?? "");
      if (page) return page(response);
      const bytes = this.#byName.get((request.url ?? "").slice(1));
      if (bytes !== undefined) return void response.end(bytes);
      void this.answer(request.url ?? "", response).then((done) => done || response.writeHead(404).end());
    });
  }

  static async open(): Promise<Files> {
    const files = new Files();
    await new Promise<void>((done) => files.#server.listen(0, "127.0.0.1", done));
    return files;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  add(content: Uint8Array | string): Artefact {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    this.#byName.set(sha256, bytes);
    return { sha256, bytes: bytes.length, url: `${this.url}/${sha256}` };
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }
}

const SYLLABLES = ["ka", "lo", "mi", "ter", "san", "du", "rel", "vo", "nex", "pra", "tul", "gon", "bi", "shu", "qua", "zen"];
let documents = 0;

/** Text that is like no other. */
export function someText(words = 200): string {
  const random = new Random(77, documents++);
  const word = () => Array.from({ length: random.int(2, 4) }, () => SYLLABLES[random.int(0, SYLLABLES.length - 1)]).join("");
  return Array.from({ length: words }, word).join(" ");
}

export type Person = Signer & { address: string };

export interface Change {
  rating?: number;
}

/** A claim of so many documents, with a review. */
export async function documentOf(
  { place, clock }: World,
  files: Files,
  author: { address: string },
  reviewer: Person,
  count = 1,
  { rating = 5 }: Change = {},
) {
  const artefacts = Array.from({ length: count }, () => files.add(someText()));
  const proofHash = reviewedProofHash({ kind: "DOCUMENTATION", artefacts });
  const reviewedAt = Number(await clock.now()) - 30;
  const review = { proofHash, reviewer: reviewer.address, rating: BigInt(rating), reviewedAt: BigInt(reviewedAt) };
  const signature = await signReview(reviewer, review, place);
  return {
    kind: "DOCUMENTATION",
    contributor: author.address,
    artefacts,
    reviews: [{ reviewer: reviewer.address, rating, reviewedAt, signature }],
  };
}

export interface Served {
  file: StoredFile;
  blocks: Blocks;
  gateway: Gateway;
}

/** A gateway with a file of 30 blocks. */
export async function gatewayWith(stream: number, has: (digest: string) => boolean = () => true): Promise<Served> {
  const random = new Random(78, stream);
  const blocks = new Blocks();
  const content = new Uint8Array(Uint32Array.from({ length: 7_500 }, () => random.uint32()).buffer);
  const file = await blocks.add(content, 1_000);
  return { file, blocks, gateway: await openGateway(honest(blocks, has)) };
}
