// Ordinary and emergency votes beside OpenZeppelin's governor with ERC20Votes, compiled with the same settings and measured in
// the same run on the same proposal.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Governor } from "@ftns/sdk/contracts.ts";
import { type BaseContract, id as keccak } from "ethers";
import { benchChain, gasOf } from "./chain.ts";
import type { Row } from "./row.ts";
import { lockDeposit } from "../test/governance/fixture.ts";
import { ACTION, crash, safetyOn, TRIGGER } from "../test/safety/fixture.ts";

const OZ = "OpenZeppelin Governor 5.7, ERC20Votes (measured)";
const FOR = 1n;
const DAY = 86_400;

export async function governanceRows(): Promise<Row[]> {
  const chain = await benchChain();
  const { connection } = chain;
  const { ethers, networkHelpers } = connection;
  const { time } = networkHelpers;
  const w = await safetyOn(connection);
  const { people, voters } = w;

  const votes = await ethers.deployContract("PlainVotes", [people.deployer, 10n ** 25n]);
  const timelock = await ethers.deployContract("TimelockController", [2 * DAY, [], [], people.deployer]);
  const plain = await ethers.deployContract("PlainGovernor", [votes, timelock]);
  for (const role of ["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"]) {
    await timelock.getFunction("grantRole").send(keccak(role), plain);
  }
  const target = await ethers.deployContract("HonestTarget");
  for (const [i, voter] of voters.entries()) {
    await votes.getFunction("transfer").send(voter, await w.vault.getVotes(voter));
    await (votes.connect(voter) as typeof votes).getFunction("delegate").send(voter);
    if (i === 0) await time.increase(10);
  }
  await time.increase(60);

  const description = "A proposal of one action, in about fifty letters";
  const args = [[await target.getAddress()], [0n], [target.interface.encodeFunctionData("pay")]] as [
    string[],
    bigint[],
    string[],
  ];
  // An ordinary call in ours: what is not on its list takes seven days.
  const isPay = target.interface.getFunction("pay")!.selector;
  const always = { bound: 1, argument: 0, current: "0x00000000", asset: ethers.ZeroAddress };
  await w.ordinaryCalls.connect(people.governor).setRule(target, isPay, always);
  for (const voter of voters.slice(0, 2)) await lockDeposit(w.governor, voter);
  const steps = async (deployed: BaseContract) => {
    const governor = deployed as Governor;
    const mine = (voter: HardhatEthersSigner) => governor.connect(voter);
    // The first proposal of a governor pays for slots that later ones find written.
    await mine(voters[1]!).propose(...args, "The one before it");
    const propose = await gasOf(mine(voters[0]!).propose(...args, description));
    const id = await governor.hashProposal(...args, keccak(description));
    await time.increase(DAY + 10);
    const castFirst = await gasOf(mine(voters[0]!).castVote(id, FOR));
    const cast = await gasOf(mine(voters[1]!).castVote(id, FOR));
    await time.increase(5 * DAY + 10);
    const queue = await gasOf(mine(voters[0]!).queue(...args, keccak(description)));
    await time.increase(2 * DAY + 10);
    const execute = await gasOf(mine(voters[0]!).execute(...args, keccak(description)));
    return { propose, castFirst, cast, queue, execute };
  };
  const ours = await steps(w.governor);
  await ethers.provider.send("hardhat_setStorageAt", [await target.getAddress(), "0x0", `0x${"0".repeat(64)}`]);
  const theirs = await steps(plain);
  const row = (name: string, step: keyof typeof ours, goal?: number): Row => ({
    name,
    gas: ours[step],
    reference: OZ,
    referenceGas: theirs[step],
    ...(goal === undefined ? {} : { goal }),
  });

  await w.hours(26, 10n ** 8n);
  await crash(w);
  const trigger = await gasOf(w.breaker.trigger(TRIGGER.priceCrash));
  const halt = await w.breaker.voteOn(ACTION.halt);
  const emergencyVotes: bigint[] = [];
  for (const voter of voters.slice(0, 5))
    emergencyVotes.push(await gasOf(w.emergencyGovernor.connect(voter).castVote(halt, FOR)));
  const carriedOut = await gasOf(w.emergencyGovernor["execute(uint256)"](halt));

  return [
    row("propose", "propose"),
    row("castVote.reachesQuorum", "castFirst"),
    row("castVote", "cast", 1.03),
    row("queue", "queue"),
    row("execute", "execute"),
    { name: "emergency.trigger", gas: trigger, reference: `two proposals of ${OZ}`, referenceGas: 2n * theirs.propose },
    { name: "emergency.castVote", gas: emergencyVotes[1]!, reference: OZ, referenceGas: theirs.cast },
    { name: "emergency.execute", gas: carriedOut, reference: OZ, referenceGas: theirs.execute },
  ];
}
