// A contributor's trustless gateway, honest or not.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { importer } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";
import { CID } from "multiformats/cid";

export interface StoredFile {
  cid: string;
  bytes: number;
}

/** Blocks by the hexadecimal digest of their content id. */
export class Blocks {
  readonly byDigest = new Map<string, Uint8Array>();
  readonly leaves: string[] = [];

  /** Adds a file as IPFS tools do: raw leaves, several levels of inner blocks. */
  async add(content: Uint8Array, chunk: number, fanOut = 4): Promise<StoredFile> {
    // A store that forgets codecs would not do: a block's name says whether it is a leaf.
    const store = {
      put: (cid: CID, bytes: Uint8Array) => {
        this.put(cid, bytes);
        return Promise.resolve(cid);
      },
    };
    const chunker = fixedSize({ chunkSize: chunk });
    const layout = balanced({ maxChildrenPerNode: fanOut });
    let last: { cid: CID; size: bigint } | undefined;
    const files = importer([{ content }], store as unknown as Parameters<typeof importer>[1], {
      rawLeaves: true,
      chunker,
      layout,
    });
    for await (const entry of files) last = { cid: entry.cid, size: entry.unixfs?.fileSize() ?? BigInt(content.length) };
    return { cid: last!.cid.toString(), bytes: Number(last!.size) };
  }

  put(cid: CID, bytes: Uint8Array): void {
    const digest = digestOf(cid);
    if (cid.code === 0x55 && !this.byDigest.has(digest)) this.leaves.push(digest);
    this.byDigest.set(digest, bytes);
  }
}

export const digestOf = (cid: CID): string => Buffer.from(cid.multihash.digest).toString("hex");

export type Respond = (digest: string, request: IncomingMessage, response: ServerResponse) => void;

export interface Gateway {
  url: string;
  asked: string[];
  close(): Promise<void>;
}

export async function openGateway(respond: Respond): Promise<Gateway> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const name = /^\/ipfs\/([^?]+)\?format=raw$/.exec(request.url ?? "")?.[1];
    if (name === undefined) return void response.writeHead(400).end();
    const digest = digestOf(CID.parse(name));
    asked.push(digest);
    respond(digest, request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((done) => server.close(() => done()));
  };
  return { url: `http://127.0.0.1:${port}`, asked, close };
}

/** Gives what it has. */
export const honest =
  (blocks: Blocks, has: (digest: string) => boolean = () => true): Respond =>
  (digest, _request, response) => {
    const bytes = has(digest) ? blocks.byDigest.get(digest) : undefined;
    if (bytes === undefined) response.writeHead(404).end();
    else response.end(bytes);
  };
