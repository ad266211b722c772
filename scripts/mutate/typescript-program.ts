// Parses TypeScript with its types, and says whether a change leaves any trace in what runs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { namedMutants, type Mutant } from "./mutant.ts";
import { typescriptDrafts } from "./typescript.ts";

/** Mutants of several files, which are read and typed together once. */
export function typescriptMutants(root: string, files: string[]): Mutant[] {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config as object;
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    options,
  );
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const parsed = program.getSourceFile(join(root, file));
    if (parsed === undefined) throw new Error(`${file} cannot be read.`);
    return namedMutants(file, readFileSync(join(root, file), "utf8"), typescriptDrafts(parsed, checker));
  });
}

/** Why a mutated file would not run or would run as before; undefined if it is a mutant worth trying. */
export function whyNotTypescript(original: string, mutated: string): { status: "invalid" | "same"; why: string } | undefined {
  const after = emitted(mutated);
  if (after.error !== undefined) return { status: "invalid", why: after.error };
  return after.code === emitted(original).code ? { status: "same", why: "the same JavaScript" } : undefined;
}

/** JavaScript without types, which are not checked: tests run without checking them too. */
function emitted(source: string): { code: string; error?: string } {
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  const [first] = diagnostics;
  return first === undefined
    ? { code: outputText }
    : { code: outputText, error: ts.flattenDiagnosticMessageText(first.messageText, " ") };
}
