// Ports of this machine that nobody listens at, for settings that must name one. They lie below those that the system gives to
// connections, and each process of a test run has some of its own: otherwise somebody else could have one before we do.
import { createServer } from "node:net";

const PORTS_OF_A_PROCESS = 100;
const first = 20_000 + PORTS_OF_A_PROCESS * Number(process.env["FTNS_TEST_SEAT"] ?? process.pid % 100);
let given = 0;

export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = first + (given++ % PORTS_OF_A_PROCESS);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
