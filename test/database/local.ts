// A database server for one test file, in a folder of its own.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalServer } from "@ftns/service/database/server.ts";

export interface OwnServer {
  server: LocalServer;
  folder: string;
  end(): Promise<void>;
}

export function ownServer(): OwnServer {
  const above = mkdtempSync(join(tmpdir(), "ftns-pg-"));
  // Started by root, the server runs as another account, which must get there.
  chmodSync(above, 0o711);
  const folder = join(above, "pg");
  const server = new LocalServer(folder);
  const end = async () => {
    await server.stop();
    rmSync(above, { recursive: true, force: true });
  };
  return { server, folder, end };
}
