// What the contracts' own comments say of the functions that change something: the words in which proposals are explained.
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Of one function: what it does, and what each value is. */
export interface FunctionWords {
  readonly does: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The words for `contract`, by function name and number of values: `setBaseRate/2`. */
export function functionWords(root: string, contract: string): Map<string, FunctionWords> {
  const found = new Map<string, FunctionWords>();
  const [own] = globSync(`contracts/*/${contract}.sol`, { cwd: root });
  if (own === undefined) return found;
  // Its bases lie in its folder.
  const bases = globSync(`${dirname(own)}/*.sol`, { cwd: root }).sort();
  const interfaces = [own, `contracts/interfaces/I${contract}.sol`]
    .flatMap((file) => interfacesOf(join(root, file)))
    .concat(bases.map((file) => `I${basename(file, ".sol")}`))
    .map((name) => `contracts/interfaces/${name}.sol`);
  // The interface says it best; what it does not name stands in the contract itself, or in what that is made of.
  for (const file of [`contracts/interfaces/I${contract}.sol`, own, ...interfaces, ...bases]) {
    if (!existsSync(join(root, file))) continue;
    for (const [key, words] of wordsIn(readFileSync(join(root, file), "utf8"))) if (!found.has(key)) found.set(key, words);
  }
  return found;
}

/** The interfaces that the contract, or the interface, in `path` names as its bases. */
function interfacesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  const [, bases = ""] = /^(?:abstract )?(?:contract|interface) \w+ is ([^{]+)\{/m.exec(readFileSync(path, "utf8")) ?? [];
  return bases
    .split(",")
    .map((base) => base.trim())
    .filter((base) => /^I[A-Z]/.test(base));
}

/** The words for the fields of every struct: struct -> field -> what it is. */
export function structWords(root: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const file of globSync("contracts/{types,interfaces}/*.sol", { cwd: root })) {
    const source = readFileSync(join(root, file), "utf8");
    for (const [, struct = "", body = ""] of source.matchAll(/^struct (\w+) \{([\s\S]*?)^\}/gm)) {
      const fields = new Map<string, string>();
      let comment: string[] = [];
      for (const line of body.split("\n").map((one) => one.trim())) {
        const said = /^\/\/\/ ?(.*)$/.exec(line);
        const field = /^[\w[\].]+ (\w+);$/.exec(line);
        if (said) comment.push(said[1]!);
        if (field === null) continue;
        if (comment.length > 0) fields.set(field[1]!, comment.join(" "));
        comment = [];
      }
      found.set(struct, fields);
    }
  }
  return found;
}

const FUNCTION = /((?:^[ \t]*\/\/\/.*\n)+)[ \t]*function[ \t]+(\w+)\s*\(([^)]*)\)/gm;

function* wordsIn(source: string): Generator<[string, FunctionWords]> {
  for (const [, comment = "", name = "", parameters = ""] of source.matchAll(FUNCTION)) {
    const tags = tagsOf(comment);
    const does = tags.find(({ tag }) => tag === "notice")?.text;
    if (does === undefined) continue;
    const values = tags.filter(({ tag }) => tag === "param").map(({ text }) => /^(\w+)\s+([\s\S]*)$/.exec(text));
    const count = parameters.trim() === "" ? 0 : parameters.split(",").length;
    yield [
      `${name}/${count}`,
      { does, values: Object.fromEntries(values.filter((one) => one !== null).map(([, key, text]) => [key!, text!])) },
    ];
  }
}

function tagsOf(comment: string): { tag: string; text: string }[] {
  const text = comment
    .split("\n")
    .map((line) => line.trim().replace(/^\/\/\/ ?/, ""))
    .join(" ");
  return [...text.matchAll(/@(\w+)\s+([\s\S]*?)(?=\s@\w+\s|$)/g)].map(([, tag = "", body = ""]) => ({
    tag,
    text: body.replaceAll(/\s+/g, " ").trim(),
  }));
}
