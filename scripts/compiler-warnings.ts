// What the Solidity compiler has to say: nothing about the code of others, and nothing less than an error about ours.
// Warnings must stop a build, because a warning that was printed once is cached and never seen again.
import { definePlugin } from "hardhat/plugins";
import type { CompilerOutput } from "hardhat/types/solidity";

type CompilerMessage = NonNullable<CompilerOutput["errors"]>[number] & { sourceLocation?: { file: string } };

/** Contracts of tests are never deployed on a real chain, so their size does not matter. */
const TEST_CODE = /^project\/(contracts\/test|test)\//;
const SIZE_WARNING = /^Contract (init)?code size/;

export default definePlugin({
  id: "ftns-compiler-warnings",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        invokeSolc: async (context, compiler, input, config, next) => judge(await next(context, compiler, input, config)),
      }),
    }),
  },
});

function judge(output: CompilerOutput): CompilerOutput {
  if (output.errors === undefined) return output;
  return { ...output, errors: output.errors.filter(concernsUs).map(asError) };
}

function concernsUs(message: CompilerMessage): boolean {
  if (message.severity === "error") return true;
  const file = message.sourceLocation?.file ?? "project/";
  return file.startsWith("project/") && !(TEST_CODE.test(file) && SIZE_WARNING.test(message.message));
}

function asError(message: CompilerMessage): CompilerMessage {
  return message.severity === "warning" ? { ...message, severity: "error", type: "Error" } : message;
}
