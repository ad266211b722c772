// What can be broken in a Solidity file, found on the compiler's own syntax tree with its types.
import { COMPARISONS, operatorSwaps, otherNumbers } from "./swaps.ts";
import type { Draft, Kind } from "./mutant.ts";
import { findToken } from "./text.ts";

/** A node of the compiler's "compact" tree. */
export interface SolNode {
  nodeType: string;
  src: string;
  [key: string]: unknown;
}

/** Types, names and documentation hold no behaviour; nor do the declarations of what has no body. */
const SKIPPED_KEYS = new Set(["typeName", "documentation", "overrides", "typeDescriptions", "nativeSrcs", "externalReferences"]);
const SKIPPED_NODES = new Set([
  "PragmaDirective",
  "ImportDirective",
  "UsingForDirective",
  "StructDefinition",
  "EnumDefinition",
  "ErrorDefinition",
  "EventDefinition",
  "UserDefinedValueTypeDefinition",
  "ElementaryTypeNameExpression",
  "IdentifierPath",
]);

const SHOWN_CHARACTERS = 110;

/** Where an expression ends that says what it is about. */
const WHOLE =
  /^(If|For|While|DoWhile|Emit|Revert|Try)Statement$|^(Block|UncheckedBlock|YulBlock|YulIf|ModifierInvocation)$|Definition$|^SourceUnit$/;

const YUL_SWAPS: Record<string, [Kind, string]> = {
  add: ["arithmetic", "sub"],
  sub: ["arithmetic", "add"],
  mul: ["arithmetic", "div"],
  div: ["arithmetic", "mul"],
  lt: ["comparison", "gt"],
  gt: ["comparison", "lt"],
  and: ["bits", "or"],
  or: ["bits", "and"],
  shl: ["bits", "shr"],
  shr: ["bits", "shl"],
};

export function solidityDrafts(source: string, tree: SolNode): Draft[] {
  return new SolidityDrafts(source).of(tree);
}

class SolidityDrafts {
  readonly #source: string;
  readonly #position: (byte: number) => number;
  readonly #drafts: Draft[] = [];
  #where = "file";
  /** The node that is looked at, last, and all around it. */
  readonly #path: SolNode[] = [];
  /** Ifs that are removed as a whole, and what must not be removed once more on its own. */
  readonly #done = new Set<SolNode>();

  constructor(source: string) {
    this.#source = source;
    this.#position = positions(source);
  }

  of(tree: SolNode): Draft[] {
    this.#visit(tree);
    return this.#drafts;
  }

  #visit(node: SolNode): void {
    if (SKIPPED_NODES.has(node.nodeType)) return;
    const outside = this.#where;
    if (node.nodeType === "ContractDefinition") this.#where = node["name"] as string;
    if (node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition") {
      const name = (node["name"] as string) || (node["kind"] as string);
      this.#where = outside === "file" ? name : `${outside}.${name}`;
    }
    this.#path.push(node);
    this.#draft(node);
    for (const [key, value] of Object.entries(node)) {
      if (SKIPPED_KEYS.has(key)) continue;
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) this.#visit(child);
    }
    this.#path.pop();
    this.#where = outside;
  }

  #draft(node: SolNode): void {
    switch (node.nodeType) {
      case "BinaryOperation":
        return this.#binary(node);
      case "Assignment":
        return this.#operator(node["operator"] as string, node["leftHandSide"] as SolNode, node["rightHandSide"] as SolNode);
      case "UnaryOperation":
        return this.#unary(node);
      case "Literal":
        return this.#literal(node);
      case "Conditional":
        return this.#condition(node["condition"] as SolNode, ["true", "false"]);
      case "IfStatement":
        return this.#if(node);
      case "WhileStatement":
      case "DoWhileStatement":
        // A loop without end is no bug that anybody overlooks.
        return this.#condition(node["condition"] as SolNode, ["false"]);
      case "ForStatement":
        return this.#for(node);
      case "ModifierInvocation":
        if (node["kind"] === "modifierInvocation") this.#replace("check", node, "");
        return;
      case "ExpressionStatement":
        return this.#remove(node, isRequire(node["expression"] as SolNode) ? "check" : "statement");
      case "EmitStatement":
      case "Break":
      case "Continue":
        return this.#remove(node, "statement");
      case "RevertStatement":
        return this.#remove(node, "check");
      case "VariableDeclarationStatement":
        return this.#initialValue(node);
      case "Return":
        return this.#returned(node["expression"] as SolNode | null | undefined);
      case "YulLiteral":
        if (node["kind"] === "number") this.#numbers(node, this.#text(node));
        return;
      case "YulFunctionCall":
        return this.#yulCall(node);
      case "YulAssignment":
      case "YulExpressionStatement":
        return this.#replace("statement", node, "{}");
    }
  }

  #binary(node: SolNode): void {
    const operator = node["operator"] as string;
    const [left, right] = [node["leftExpression"] as SolNode, node["rightExpression"] as SolNode];
    this.#operator(operator, left, right);
    if (operator === "&&" || operator === "||") {
      for (const operand of [left, right]) this.#replace("condition", node, this.#text(operand));
    }
  }

  #operator(operator: string, left: SolNode, right: SolNode): void {
    const start = findToken(this.#source, operator, this.#end(left), this.#start(right));
    for (const { kind, replacement } of operatorSwaps(operator)) {
      this.#push(kind, [start, start + operator.length], replacement);
    }
  }

  #unary(node: SolNode): void {
    const operator = node["operator"] as string;
    const operand = node["subExpression"] as SolNode;
    if (operator === "++" || operator === "--") {
      const start = node["prefix"] === true ? this.#start(node) : this.#end(node) - 2;
      const { kind, replacement } = operatorSwaps(operator)[0]!;
      this.#push(kind, [start, start + 2], replacement);
    } else if (operator === "!" || operator === "-" || operator === "~") {
      const kind: Kind = operator === "!" ? "condition" : operator === "-" ? "arithmetic" : "bits";
      this.#replace(kind, node, this.#text(operand));
    }
  }

  #literal(node: SolNode): void {
    const text = this.#text(node);
    if (node["kind"] === "bool") this.#replace("constant", node, text === "true" ? "false" : "true");
    // Addresses carry a checksum, so another one would not compile.
    if (node["kind"] === "number" && !/^0x[0-9a-fA-F]{40}$/.test(text)) this.#numbers(node, text);
  }

  #numbers(node: SolNode, text: string): void {
    for (const other of otherNumbers(text)) this.#replace("constant", node, other);
  }

  #if(node: SolNode): void {
    const only = onlyStatement(node["trueBody"] as SolNode);
    const alone = !isNode(node["falseBody"]);
    if (alone && only !== undefined && isRefusal(only)) {
      this.#done.add(only);
      this.#remove(node, "check");
      return this.#condition(node["condition"] as SolNode, ["true"]);
    }
    // Where the only statement of a body is removed anyway, a condition that never holds is the same mutant.
    const sameAsRemoval = alone && only !== undefined && isRemovable(only);
    this.#condition(node["condition"] as SolNode, sameAsRemoval ? ["true"] : ["true", "false"]);
  }

  #for(node: SolNode): void {
    const [condition, step] = [node["condition"], node["loopExpression"]];
    if (isNode(node["initializationExpression"])) this.#done.add(node["initializationExpression"]);
    if (isNode(step)) {
      this.#done.add(step);
      this.#replace("statement", step, "");
    }
    if (isNode(condition)) this.#condition(condition, ["false"]);
  }

  #condition(condition: SolNode, values: string[]): void {
    for (const value of condition.nodeType === "Literal" ? [] : values) this.#replace("condition", condition, value);
    // Comparisons have an opposite of their own, and a "not" is dropped by itself.
    if (isPlainTruth(condition)) this.#replace("condition", condition, `!(${this.#text(condition)})`);
  }

  #returned(expression: SolNode | null | undefined): void {
    if (!isNode(expression)) return;
    if (expression.nodeType === "TupleExpression") {
      for (const component of expression["components"] as (SolNode | null)[]) this.#returned(component);
      return;
    }
    if (expression.nodeType === "Literal") return;
    const type = typeOf(expression);
    const text = this.#text(expression);
    if (/^u?int\d*$/.test(type)) this.#replace("return", expression, `(${text}) + 1`);
    else if (/^address/.test(type)) this.#replace("return", expression, "address(0)");
    else if (/^bytes\d+$/.test(type)) this.#replace("return", expression, `${type}(0)`);
    else if (type === "bool" && isPlainTruth(expression)) this.#replace("return", expression, `!(${text})`);
  }

  /** A variable that keeps the zero it was born with. */
  #initialValue(node: SolNode): void {
    if (this.#done.has(node)) return;
    const [declaration, ...more] = node["declarations"] as (SolNode | null)[];
    const value = node["initialValue"];
    if (!isNode(declaration) || more.length > 0 || !isNode(value)) return;
    if (!/^(u?int\d*|bool|address|bytes\d+)$/.test(typeOf(declaration))) return;
    const [start, end] = [this.#end(declaration), this.#end(value)];
    this.#push("statement", [start, end], "");
  }

  #yulCall(node: SolNode): void {
    const name = node["functionName"] as SolNode;
    const [kind, replacement] = YUL_SWAPS[this.#text(name)] ?? [];
    if (kind === undefined || replacement === undefined) return;
    this.#push(kind, this.#range(name), replacement);
  }

  /** An empty block stands for nothing anywhere a statement can be; the compiler's range ends before the semicolon. */
  #remove(node: SolNode, kind: Kind): void {
    if (this.#done.has(node)) return;
    const [start, end] = this.#range(node);
    const closed = this.#source[end - 1] === ";" || (node.nodeType === "IfStatement" && this.#source[end - 1] === "}");
    const after = closed ? end : findToken(this.#source, ";", end, this.#source.length) + 1;
    this.#drafts.push({ kind, where: this.#where, start, end: after, replacement: "{}" });
  }

  #replace(kind: Kind, node: SolNode, replacement: string): void {
    this.#push(kind, this.#range(node), replacement);
  }

  /** Shown with as much around it as is short, so that it is known among others like it. */
  #push(kind: Kind, [start, end]: [number, number], replacement: string): void {
    let shown: [number, number] = [start, end];
    for (const around of this.#path.toReversed()) {
      const [from, to] = this.#range(around);
      if (WHOLE.test(around.nodeType) || from > shown[0] || to < shown[1] || to - from > SHOWN_CHARACTERS) break;
      shown = [from, to];
    }
    this.#drafts.push({ kind, where: this.#where, start, end, replacement, shown });
  }

  #text(node: SolNode): string {
    return this.#source.slice(...this.#range(node));
  }

  #start(node: SolNode): number {
    return this.#range(node)[0];
  }

  #end(node: SolNode): number {
    return this.#range(node)[1];
  }

  #range(node: SolNode): [number, number] {
    const [start = 0, length = 0] = node.src.split(":").map(Number);
    return [this.#position(start), this.#position(start + length)];
  }
}

function isNode(value: unknown): value is SolNode {
  return typeof value === "object" && value !== null && typeof (value as SolNode).nodeType === "string";
}

function typeOf(node: SolNode): string {
  return (node["typeDescriptions"] as { typeString?: string } | undefined)?.typeString ?? "";
}

/** A truth that is neither a comparison, a negation nor written out. */
function isPlainTruth(node: SolNode): boolean {
  if (node.nodeType === "Literal") return false;
  if (node.nodeType === "BinaryOperation") return !COMPARISONS.has(node["operator"] as string);
  return !(node.nodeType === "UnaryOperation" && node["operator"] === "!");
}

function onlyStatement(body: SolNode): SolNode | undefined {
  if (body.nodeType !== "Block") return body;
  const statements = body["statements"] as SolNode[];
  return statements.length === 1 ? statements[0] : undefined;
}

function isRefusal(statement: SolNode): boolean {
  if (statement.nodeType === "RevertStatement") return true;
  const called = (statement["expression"] as SolNode | undefined)?.["expression"] as SolNode | undefined;
  return statement.nodeType === "ExpressionStatement" && called?.["name"] === "revert";
}

function isRequire(expression: SolNode): boolean {
  const called = expression["expression"] as SolNode | undefined;
  return expression.nodeType === "FunctionCall" && ["require", "assert", "revert"].includes((called?.["name"] as string) ?? "");
}

function isRemovable(statement: SolNode): boolean {
  return ["ExpressionStatement", "EmitStatement", "Break", "Continue"].includes(statement.nodeType);
}

/** The compiler counts bytes; text counts UTF-16 units. */
function positions(source: string): (byte: number) => number {
  const bytes = Buffer.from(source);
  if (bytes.length === source.length) return (byte) => byte;
  return (byte) => bytes.subarray(0, byte).toString().length;
}
