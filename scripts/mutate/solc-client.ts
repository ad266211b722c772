// Asks the compiler's process, one question at a time.
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SolcInput, SolcOutput, SolcReply } from "./solc-process.ts";

const PROCESS = fileURLToPath(new URL("./solc-process.ts", import.meta.url));

export class SolcClient {
  #process: ChildProcess | undefined;
  #lastId = 0;

  async compile(input: SolcInput): Promise<SolcOutput> {
    const process = (this.#process ??= fork(PROCESS, ["serve-solc"], { stdio: ["ignore", "ignore", "inherit", "ipc"] }));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const onMessage = (reply: SolcReply) => {
        if (reply.id === id) settle(() => resolve(reply.output));
      };
      const onExit = () => {
        this.#process = undefined;
        settle(() => reject(new Error("The compiler's process ended.")));
      };
      const settle = (then: () => void) => {
        process.off("message", onMessage).off("exit", onExit);
        then();
      };
      process.on("message", onMessage).on("exit", onExit);
      process.send({ id, input });
    });
  }

  close(): void {
    this.#process?.kill();
    this.#process = undefined;
  }
}
