// A life that voters rule, as those see it who act in it.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Random } from "../helpers/random.ts";
import type { EmergencyLog } from "./emergencyLog.ts";
import type { Life } from "./life.ts";
import type { Rules } from "./measures.ts";
import type { VoteBook } from "./voteBook.ts";

export interface Ruled extends Life {
  readonly people: readonly HardhatEthersSigner[];
  readonly book: VoteBook;
  readonly log: EmergencyLog;
  readonly rules: Rules;
  readonly random: Random;
  person(): HardhatEthersSigner;
}
