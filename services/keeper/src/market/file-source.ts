import { readFile, stat } from "node:fs/promises";
import { ServiceError } from "@ftns/service/errors.ts";
import { type MarketSource, parseMarket } from "./source.ts";

const MAX_BYTES = 65_536;

/** Market data in a JSON file that something else keeps up to date. */
export function fileSource(name: string, path: string): MarketSource {
  return {
    name,
    async read() {
      let text: string | undefined;
      try {
        const { size } = await stat(path);
        if (size <= MAX_BYTES) text = await readFile(path, "utf8");
      } catch {
        throw new ServiceError(
          `The market source ${name} cannot read its file ${path}.`,
          "Check the path and what writes the file.",
        );
      }
      if (text === undefined) {
        throw new ServiceError(
          `The market source ${name} has a file of more than ${MAX_BYTES} bytes, ${path}.`,
          "Check the path and what writes the file.",
        );
      }
      return parseMarket(name, text);
    },
  };
}
