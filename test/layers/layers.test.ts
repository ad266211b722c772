// The rules of rules.ts over all our code, and over small made-up trees that break them.
import { globSync, readFileSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { importsOf } from "./imports.ts";
import { FOLDERS, violationsOf } from "./rules.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

describe("layers", () => {
  it("hold for all our code", () => {
    const paths = FOLDERS.flatMap((folder) =>
      globSync(`${folder}/**/{*.ts,*.mjs,package.json}`, { cwd: ROOT, exclude: isForeign }),
    );
    const tree = new Map(paths.map((path) => [path.split(sep).join("/"), readFileSync(`${ROOT}${path}`, "utf8")]));
    expect(tree.size).to.be.greaterThan(400);
    expect(violationsOf(tree)).to.deep.equal([]);
  });

  describe("given a made-up tree", () => {
    it("lets each layer use those below it", () => {
      expect(
        broken({
          "packages/sdk/src/index.ts": 'export * from "@ftns/model";',
          "services/keeper/src/a.ts": 'import type { A } from "@ftns/chain/b.ts"; import "./c.ts"; import "ethers";',
          "apps/demo/src/a.ts": 'await import("@ftns/deploy/economy.ts"); import "@ftns/keeper";',
          "deploy/economy.ts": 'import "@ftns/sdk";',
          "test/a/a.test.ts":
            'import "@ftns/demo/a.ts"; import "@ftns/deploy/economy.ts"; import "../../typechain-types/index.ts";',
        }),
      ).to.deep.equal([]);
    });

    const wrong: [string, Record<string, string>, RegExp][] = [
      [
        "evidence that uses a service",
        { "packages/evidence/src/a.ts": 'import "@ftns/service/a.ts";' },
        /must not use packages\/service/,
      ],
      ["a package that imports an app", { "packages/chain/src/a.ts": 'import "@ftns/demo/a.ts";' }, /must not use apps\/demo/],
      ["a type taken from above", { "packages/sdk/src/a.ts": 'import type { A } from "@ftns/keeper";' }, /must not use services/],
      [
        "a type written in place",
        { "packages/sdk/src/a.ts": 'type A = import("@ftns/chain/a.ts").A;' },
        /must not use packages\/chain/,
      ],
      ["an export from above", { "packages/model/src/a.ts": 'export * from "@ftns/sdk";' }, /must not use packages\/sdk/],
      [
        "an import at run time",
        { "packages/service/src/a.ts": 'await import("@ftns/chain/a.ts");' },
        /must not use packages\/chain/,
      ],
      ["a service that deploys", { "services/keeper/src/a.ts": 'import "@ftns/deploy/a.ts";' }, /must not use deploy/],
      ["a deployment with a service", { "deploy/a.ts": 'import "@ftns/service/a.ts";' }, /must not use packages\/service/],
      ["a service that uses another", { "services/other/src/a.ts": 'import "@ftns/keeper";' }, /must not use services\/keeper/],
      [
        "a relative reach-across",
        { "apps/demo/src/a.ts": 'import "../../../packages/sdk/src/units.ts";' },
        /by name, so @ftns\/sdk/,
      ],
      ["the same from a root folder", { "test/a/a.test.ts": 'import "../../deploy/a.ts";' }, /by name, so @ftns\/deploy/],
      ["a path into a root folder", { "apps/demo/src/a.ts": 'import "../../../scripts/a.ts";' }, /must not leave its package/],
      ["what Hardhat generates", { "packages/sdk/src/a.ts": 'import "../../../typechain-types/a.ts";' }, /does without/],
      [
        "an undeclared dependency",
        { "packages/service/src/a.ts": 'import "@ftns/model";' },
        /does not name it in its dependencies/,
      ],
      ["a package that is not there", { "apps/demo/src/a.ts": 'import "@ftns/nothing";' }, /no such package/],
      ["a new package", { "packages/new/package.json": '{ "name": "@ftns/new" }' }, /has no place among the layers/],
      [
        "a circle, of types alone and by name",
        {
          "packages/sdk/src/a.ts": 'import { type B } from "./b.ts";',
          "packages/sdk/src/b.ts": 'export type { C } from "@ftns/sdk/c.ts";',
          "packages/sdk/src/c.ts": 'type A = import("./a.ts").A;',
        },
        /^a circle: packages\/sdk\/src\/a.ts -> packages\/sdk\/src\/b.ts -> packages\/sdk\/src\/c.ts -> packages\/sdk\/src\/a.ts$/,
      ],
    ];
    for (const [what, files, words] of wrong) {
      it(`finds ${what}`, () => {
        const found = broken(files);
        expect(found).to.have.length(1);
        expect(found[0]).to.match(words);
      });
    }
  });

  it("sees imports in any form, and none in comments and strings", () => {
    const source = [
      'import a, { type B } from "one";',
      'export { c } from "two";',
      'const d = async () => import("three");',
      'let e: import("four").E;',
      'import f = require("five");',
      '// import "not this"',
      "const g = 'import \"nor this\"';",
      'import "one";',
    ].join("\n");
    expect(importsOf("a.ts", source)).to.deep.equal(["one", "two", "three", "four", "five"]);
  });
});

const broken = (files: Record<string, string>) => violationsOf(treeOf(files));

/** `files` among packages as they really are. */
function treeOf(files: Record<string, string>): Map<string, string> {
  const one = (name: string, uses: string[]) =>
    JSON.stringify({
      name: `@ftns/${name}`,
      exports: { ".": "./src/index.ts", "./*.ts": name === "deploy" ? "./*.ts" : "./src/*.ts" },
      dependencies: Object.fromEntries(uses.map((used) => [`@ftns/${used}`, "0.1.0"])),
    });
  return new Map(
    Object.entries({
      "packages/model/package.json": one("model", []),
      "packages/sdk/package.json": one("sdk", ["model"]),
      "packages/evidence/package.json": one("evidence", ["sdk", "service"]),
      "packages/service/package.json": one("service", ["sdk"]),
      "packages/chain/package.json": one("chain", ["sdk", "service"]),
      "services/keeper/package.json": one("keeper", ["chain"]),
      "services/other/package.json": one("other", ["keeper"]),
      "apps/demo/package.json": one("demo", ["deploy", "keeper"]),
      "deploy/package.json": one("deploy", ["sdk"]),
      ...files,
    }),
  );
}

/** Installed or recorded, not written by us. */
const isForeign = (path: string) => /(^|[\\/])(node_modules|deployments|state|out)$/.test(path);
