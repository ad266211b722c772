import { readFile } from "node:fs/promises";
import { KeeperError } from "../errors.ts";
import { type MarketSource, parseMarket } from "./source.ts";

/** Market data in a JSON file that something else keeps up to date. */
export function fileSource(name: string, path: string): MarketSource {
  return {
    name,
    async read() {
      let text: string;
      try {
        text = await readFile(path, "utf8");
      } catch {
        throw new KeeperError(
          `The market source ${name} cannot read its file ${path}.`,
          "Check the path and what writes the file.",
        );
      }
      return parseMarket(name, text);
    },
  };
}
