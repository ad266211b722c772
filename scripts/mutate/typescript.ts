// What can be broken in a TypeScript file, found on its syntax tree; types decide what `+` and a returned value mean.
import ts from "typescript";
import { COMPARISONS, operatorSwaps, otherNumbers } from "./swaps.ts";
import type { Draft, Kind } from "./mutant.ts";

const SHOWN_CHARACTERS = 110;

export function typescriptDrafts(file: ts.SourceFile, checker: ts.TypeChecker): Draft[] {
  return new TypeScriptDrafts(file, checker).found();
}

class TypeScriptDrafts {
  readonly #file: ts.SourceFile;
  readonly #checker: ts.TypeChecker;
  readonly #drafts: Draft[] = [];
  readonly #where: string[] = [];
  /** The node that is looked at, last, and all around it. */
  readonly #path: ts.Node[] = [];
  /** Statements that go with the `if` around them, and must not be removed once more on their own. */
  readonly #done = new Set<ts.Node>();

  constructor(file: ts.SourceFile, checker: ts.TypeChecker) {
    this.#file = file;
    this.#checker = checker;
  }

  found(): Draft[] {
    this.#visit(this.#file);
    return this.#drafts;
  }

  #visit(node: ts.Node): void {
    if (hasNoBehaviour(node)) return;
    const name = nameOf(node);
    if (name !== undefined) this.#where.push(name);
    this.#path.push(node);
    this.#draft(node);
    ts.forEachChild(node, (child) => this.#visit(child));
    this.#path.pop();
    if (name !== undefined) this.#where.pop();
  }

  #draft(node: ts.Node): void {
    if (ts.isBinaryExpression(node)) this.#binary(node);
    else if (ts.isPrefixUnaryExpression(node)) this.#prefix(node);
    else if (ts.isPostfixUnaryExpression(node)) this.#token(node.getEnd() - 2, ts.tokenToString(node.operator) ?? "");
    else if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) this.#number(node);
    else if (node.kind === ts.SyntaxKind.TrueKeyword) this.#replace("constant", node, "false");
    else if (node.kind === ts.SyntaxKind.FalseKeyword) this.#replace("constant", node, "true");
    else if (ts.isConditionalExpression(node)) this.#condition(node.condition, ["true", "false"]);
    else if (ts.isIfStatement(node)) this.#if(node);
    // A loop without end is no bug that anybody overlooks.
    else if (ts.isWhileStatement(node) || ts.isDoStatement(node)) this.#condition(node.expression, ["false"]);
    else if (ts.isForStatement(node)) this.#for(node);
    else if (ts.isExpressionStatement(node)) this.#remove(node, "statement");
    else if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) this.#remove(node, "statement");
    else if (ts.isThrowStatement(node)) this.#remove(node, "check");
    else if (ts.isReturnStatement(node)) this.#returned(node.expression);
    else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) this.#returned(node.body);
  }

  #binary(node: ts.BinaryExpression): void {
    const operator = node.operatorToken.getText(this.#file);
    // Putting texts together is no arithmetic.
    if ((operator === "+" || operator === "+=") && this.#is(node, ts.TypeFlags.StringLike)) return;
    this.#token(node.operatorToken.getStart(this.#file), operator);
    if (operator === "&&" || operator === "||") {
      for (const operand of [node.left, node.right]) this.#replace("condition", node, this.#text(operand));
    }
    if (operator === "??") this.#replace("condition", node, this.#text(node.left));
  }

  #prefix(node: ts.PrefixUnaryExpression): void {
    const operator = ts.tokenToString(node.operator) ?? "";
    if (operator === "++" || operator === "--") return this.#token(node.getStart(this.#file), operator);
    const kind: Kind = operator === "!" ? "condition" : operator === "~" ? "bits" : "arithmetic";
    this.#replace(kind, node, this.#text(node.operand));
  }

  #token(start: number, operator: string): void {
    for (const { kind, replacement } of operatorSwaps(operator)) this.#push(kind, start, start + operator.length, replacement);
  }

  #number(node: ts.NumericLiteral | ts.BigIntLiteral): void {
    // A number that names a property is a name.
    if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return;
    for (const other of otherNumbers(this.#text(node))) this.#replace("constant", node, other);
  }

  #if(node: ts.IfStatement): void {
    const only = onlyStatement(node.thenStatement);
    const alone = node.elseStatement === undefined;
    if (alone && only !== undefined && ts.isThrowStatement(only)) {
      this.#done.add(only);
      this.#replace("check", node, "{}");
      return this.#condition(node.expression, ["true"]);
    }
    // Where the only statement of a body is removed anyway, a condition that never holds is the same mutant.
    const sameAsRemoval = alone && only !== undefined && isRemovable(only);
    this.#condition(node.expression, sameAsRemoval ? ["true"] : ["true", "false"]);
  }

  #for(node: ts.ForStatement): void {
    if (node.incrementor !== undefined) this.#replace("statement", node.incrementor, "");
    if (node.condition !== undefined) this.#condition(node.condition, ["false"]);
  }

  #condition(condition: ts.Expression, values: string[]): void {
    const written = condition.kind === ts.SyntaxKind.TrueKeyword || condition.kind === ts.SyntaxKind.FalseKeyword;
    for (const value of written ? [] : values) this.#replace("condition", condition, value);
    if (isPlainTruth(condition)) this.#replace("condition", condition, `!(${this.#text(condition)})`);
  }

  #returned(value: ts.Expression | undefined): void {
    if (value === undefined || ts.isLiteralExpression(value)) return;
    const text = this.#text(value);
    if (this.#is(value, ts.TypeFlags.BigIntLike)) this.#replace("return", value, `(${text}) + 1n`);
    else if (this.#is(value, ts.TypeFlags.NumberLike)) this.#replace("return", value, `(${text}) + 1`);
    else if (this.#is(value, ts.TypeFlags.BooleanLike) && isPlainTruth(value)) this.#replace("return", value, `!(${text})`);
  }

  /** An empty block stands for nothing anywhere a statement can be. */
  #remove(statement: ts.Statement, kind: Kind): void {
    if (!this.#done.has(statement) && !isText(statement)) this.#replace(kind, statement, "{}");
  }

  #replace(kind: Kind, node: ts.Node, replacement: string): void {
    this.#push(kind, node.getStart(this.#file), node.getEnd(), replacement);
  }

  /** Shown with as much around it as is short, so that it is known among others like it. */
  #push(kind: Kind, start: number, end: number, replacement: string): void {
    let shown: [number, number] = [start, end];
    for (const around of this.#path.toReversed()) {
      const [from, to] = [around.getStart(this.#file), around.getEnd()];
      if (isWhole(around) || from > shown[0] || to < shown[1] || to - from > SHOWN_CHARACTERS) break;
      shown = [from, to];
    }
    this.#drafts.push({ kind, where: this.#where.join(".") || "file", start, end, replacement, shown });
  }

  #is(node: ts.Expression, flags: ts.TypeFlags): boolean {
    const type = this.#checker.getTypeAtLocation(node);
    const parts = type.isUnion() ? type.types : [type];
    return parts.every((part) => (part.flags & flags) !== 0);
  }

  #text(node: ts.Node): string {
    return node.getText(this.#file);
  }
}

/** Where an expression ends that says what it is about. */
function isWhole(node: ts.Node): boolean {
  const isPlainStatement = ts.isExpressionStatement(node) || ts.isReturnStatement(node) || ts.isVariableStatement(node);
  const isStatement = ts.isStatement(node) || ts.isBlock(node) || ts.isCaseOrDefaultClause(node);
  return (isStatement && !isPlainStatement) || ts.isFunctionLike(node) || ts.isClassElement(node) || ts.isSourceFile(node);
}

function hasNoBehaviour(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isTypeParameterDeclaration(node) ||
    (ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.DeclareKeyword))
  );
}

/** Functions, classes and constants at the top of a file name the place of what is in them. */
function nameOf(node: ts.Node): string | undefined {
  if (ts.isConstructorDeclaration(node)) return "constructor";
  const named = ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isClassElement(node) || isNamedValue(node);
  return named && node.name !== undefined && !ts.isObjectBindingPattern(node.name) && !ts.isArrayBindingPattern(node.name)
    ? node.name.getText()
    : undefined;
}

function isNamedValue(node: ts.Node): node is ts.VariableDeclaration {
  if (!ts.isVariableDeclaration(node)) return false;
  const { initializer } = node;
  const isFunction = initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer));
  return isFunction || ts.isSourceFile(node.parent.parent.parent);
}

/** A truth that is neither a comparison, a negation nor written out. */
function isPlainTruth(node: ts.Expression): boolean {
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isBinaryExpression(node)) return !COMPARISONS.has(node.operatorToken.getText());
  return !(ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken);
}

function onlyStatement(body: ts.Statement): ts.Statement | undefined {
  if (!ts.isBlock(body)) return body;
  return body.statements.length === 1 ? body.statements[0] : undefined;
}

function isRemovable(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) || ts.isBreakStatement(statement) || ts.isContinueStatement(statement);
}

/** "use strict" and the like. */
function isText(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteralLike(statement.expression);
}
