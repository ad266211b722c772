/** What a refusal of the contracts means, in plain words with the next step. */
export { type Decoded, type Unexplained, decodeError, revertName, wordsOfRevert } from "./decode.ts";
export { MEANINGS } from "./table.ts";
export { revertDataOf } from "./data.ts";
