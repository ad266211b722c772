import { createServer, type AddressInfo } from "node:net";
import { UserError } from "../errors.ts";

/** The chain is for this machine alone: its keys are public. */
export const HOST = "127.0.0.1";

/** Hardhat's server says nothing useful when its port is taken, so we look first. */
export async function assertPortFree(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const why =
        error.code === "EADDRINUSE"
          ? `Port ${port} on ${HOST} is taken, perhaps by another local chain. Stop it, or choose another with --port.`
          : `Port ${port} on ${HOST} cannot be used (${error.code}). Choose another with --port.`;
      reject(new UserError(why));
    });
    probe.listen(port, HOST, () => probe.close(() => resolve()));
  });
}

/** A port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, HOST, listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((closed) => probe.close(() => closed()));
  return port;
}
