// What a file imports, in any of the ways TypeScript knows: also types alone, re-exports, and imports at run time.
import ts from "typescript";

/** The names that `source` imports, each once, in the order in which they come. */
export function importsOf(path: string, source: string): string[] {
  const found = new Set<string>();
  const note = (name: ts.Node | undefined) => {
    if (name !== undefined && ts.isStringLiteralLike(name)) found.add(name.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) note(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) note(node.arguments[0]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) note(node.argument.literal);
    else if (ts.isExternalModuleReference(node)) note(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return [...found];
}
