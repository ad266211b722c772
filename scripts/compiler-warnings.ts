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
        invokeSolc: async (context, compiler, input, config, next) =>
          judge(await next(context, compiler, input, config), context.globalOptions.coverage),
      }),
    }),
  },
});

/** With `counting` the code also counts its own steps, for the coverage, and may be as large as that makes it. */
export function judge(output: CompilerOutput, counting: boolean): CompilerOutput {
  if (output.errors === undefined) return output;
  return { ...output, errors: output.errors.filter((message) => concernsUs(message, counting)).map(asError) };
}

function concernsUs(message: CompilerMessage, counting: boolean): boolean {
  if (message.severity === "error") return true;
  const file = message.sourceLocation?.file ?? "project/";
  const mayBeLarge = counting || TEST_CODE.test(file);
  return file.startsWith("project/") && !(mayBeLarge && SIZE_WARNING.test(message.message));
}

function asError(message: CompilerMessage): CompilerMessage {
  return message.severity === "warning" ? { ...message, severity: "error", type: "Error" } : message;
}
