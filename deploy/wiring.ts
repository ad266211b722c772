// Who may call what. This table is the only description of it: the deployment makes it so, and the verification holds
// the chain against it.
import { interfaces } from "@ftns/sdk/contracts.ts";
import { id, type Interface } from "ethers";

/** Roles of the AccessManager by their numbers. ADMIN is OpenZeppelin's: it grants roles and assigns functions to them. */
export const ROLES = {
  ADMIN: 0n,
  MINTER: 1n,
  REGISTRAR: 2n,
  REWARDER: 3n,
  BREAKER: 4n,
  GOVERNOR: 5n,
  STAKING: 6n,
  /** Carries out what an emergency vote decided. */
  EMERGENCY: 7n,
  /** May bridge the time until the vote on a halt. */
  GUARDIAN: 8n,
  /** Counts votes as contributions. */
  VOTING: 9n,
  /** Has the pool pay for keepers', reporters' and verifiers' work. */
  KEEPER: 10n,
  /** Counts leaves of batches. */
  BATCHES: 11n,
  /** Counts what was paid out of channels as activity of who paid. */
  CREDITOR: 12n,
  /** Says what has vested, and cancels. */
  VESTING: 13n,
} as const;

/** Roles of the timelock, all of which the governor alone holds. */
export const TIMELOCK_ROLES = ["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"].map((name) => ({ name, role: id(name) }));

export type Role = keyof typeof ROLES;

/** The contracts under the AccessManager, with what they offer. */
export const MANAGED_INTERFACES = {
  token: interfaces.token(),
  pool: interfaces.pool(),
  registry: interfaces.registry(),
  verifierStakes: interfaces.verifierStakes(),
  batchRewards: interfaces.batchRewards(),
  rewardVesting: interfaces.rewardVesting(),
  medianFeed: interfaces.medianFeed(),
  history: interfaces.history(),
  controller: interfaces.controller(),
  vault: interfaces.vault(),
  breaker: interfaces.breaker(),
  keeperJobs: interfaces.keeperJobs(),
  ordinaryCalls: interfaces.ordinaryCalls(),
  proposalDeposits: interfaces.proposalDeposits(),
  usageChannels: interfaces.usageChannels(),
  usageRouter: interfaces.usageRouter(),
  contextPrices: interfaces.contextPrices(),
  works: interfaces.works(),
  royaltyRoots: interfaces.royaltyRoots(),
  reporterPay: interfaces.reporterPay(),
  desk: interfaces.desk(),
} as const satisfies Record<string, Interface>;

export type Managed = keyof typeof MANAGED_INTERFACES;

/** Which role each restricted function needs. */
export const RESTRICTED: Record<Managed, Partial<Record<Role, readonly string[]>>> = {
  token: {
    MINTER: ["mint", "payReward"],
    REGISTRAR: ["setTierSchedule"],
    CREDITOR: ["creditActivity"],
    BREAKER: ["halt", "endHalt", "startRecovery", "endRecovery"],
    GOVERNOR: ["setParameters", "setAccountClass", "setMinter", "setRegistrar"],
  },
  pool: {
    REWARDER: ["reward", "rewardLeaves"],
    STAKING: ["payYield"],
    KEEPER: ["payKeeper"],
    VESTING: ["vest", "cancelVesting"],
    GOVERNOR: [
      "initialize",
      "setVester",
      "setVestingThreshold",
      "setRewarder",
      "setYieldPayer",
      "setKeeperPayer",
      "setMultiplierSource",
      "setTierMultipliers",
      "setEmissionShare",
      "setShares",
      "cancelClaimable",
    ],
  },
  registry: {
    VOTING: ["countVote"],
    BATCHES: ["countLeaves"],
    VESTING: ["cancelProof"],
    BREAKER: ["resetBaseRates"],
    GOVERNOR: [
      "addVerifier",
      "removeVerifier",
      "setAttestationThreshold",
      "setBaseRate",
      "settleBaseRate",
      "setProofRules",
      "setTierRules",
      "setReviewRules",
      "setStakingVault",
      "setVerifierStakes",
      "setBatchRewards",
      "setRewardVesting",
    ],
  },
  verifierStakes: { VESTING: ["noteChallenge"], GOVERNOR: ["slash", "setTerms", "setBatchRewards", "setRewardVesting"] },
  batchRewards: { VESTING: ["freeze", "thaw"], GOVERNOR: ["end", "setRewardVesting"] },
  rewardVesting: { GOVERNOR: ["uphold", "upholdBatch", "cancel", "reject", "rejectBatch", "setBond"] },
  medianFeed: { GOVERNOR: ["addReporter", "removeReporter", "setQuorum", "setHistory"] },
  history: { GOVERNOR: ["setFeed", "setHeartbeat"] },
  controller: { BREAKER: ["suspend", "endSuspension", "resetMultiplier"], GOVERNOR: ["setPolicy", "setShadow", "setRateFlags"] },
  vault: {
    REGISTRAR: ["setStanding"],
    GOVERNOR: ["setTerms", "setUnstakeDelay", "setRegistrar", "setLockHolder", "setSilentStaker"],
  },
  breaker: {
    EMERGENCY: ["carryOut", "notePassed", "prolong"],
    GUARDIAN: ["guardianHalt"],
    GOVERNOR: ["initialize", "impose", "end", "rearmGuardian", "setMarketFeed", "setSupportShare", "setMinSupporters"],
  },
  keeperJobs: { GOVERNOR: ["setPaymentRules", "setRateSources", "setDataFees", "setForwarder"] },
  ordinaryCalls: { GOVERNOR: ["setRule"] },
  proposalDeposits: { GOVERNOR: ["initialize", "setDeposit"] },
  usageChannels: { GOVERNOR: ["setRouter"] },
  usageRouter: { GOVERNOR: ["setShares", "setRoyalties"] },
  contextPrices: { GOVERNOR: ["setBases", "setContextMultiplier", "setPlans"] },
  works: { GOVERNOR: ["setSuspended"] },
  royaltyRoots: { GOVERNOR: ["end"] },
  reporterPay: { GOVERNOR: ["setPayPerReport"] },
  desk: { GOVERNOR: ["setDayShare", "setPath", "withdraw", "burnInventory"] },
};

/** Functions that anyone may call, each with the reason why nobody is harmed. */
export const OPEN: Record<Managed, Readonly<Record<string, string>>> = {
  token: {
    transfer: "moves the caller's own tokens",
    approve: "concerns the caller's own tokens",
    transferFrom: "needs the holder's allowance",
    permit: "needs the holder's signature",
    burn: "burns the caller's own tokens",
    burnFrom: "needs the holder's allowance",
    settle: "writes down what is due already and changes nobody's balance",
    settleThrough: "writes down what is due already and changes nobody's balance",
  },
  pool: {
    claim: "pays the caller what it is owed already",
    claimFor: "pays an account what it is owed already, by its signature, and nobody else",
  },
  registry: {
    submit: "needs the verifiers' signatures; the caller is the contributor",
    submitFor: "needs the verifiers' signatures and the contributor's consent",
    refresh: "works the tier out anew from proofs that count already",
  },
  verifierStakes: {
    charge: "only the registry gets past its first line",
    chargeBatch: "only BatchRewards gets past its first line",
    noteFees: "only BatchRewards gets past its first line",
    condemn: "only BatchRewards gets past its first line",
    noteRemoval: "only the registry gets past its first line",
    requestUnlock: "concerns the caller's own lock",
    cancelUnlock: "concerns the caller's own lock",
    unlock: "gives the caller back what the caller locked, after 14 days",
    presentEquivocation: "needs two signatures of the verifier that contradict each other",
    payFees: "pays a verifier what it has earned already, and nobody else",
  },
  batchRewards: {
    accept: "needs the verifiers' signatures",
    claim: "counts what the verifiers signed, for the sender alone",
    claimFor: "needs the signature of the account that it counts for",
    endUnsigned: "the registry itself says who signs no more",
    noteFees: "counts what leaves earned once, for the batch's own signers",
    presentCountedTwice: "needs two signatures of the verifier about one proof",
    presentLeafTwice: "needs two leaves with one proof that the verifier signed",
  },
  rewardVesting: {
    release: "makes claimable what has vested, for its contributor alone",
    challenge: "stakes the caller's own bond; what it freezes thaws in 21 days at the latest",
    challengeBatch: "stakes the caller's own bond; what it freezes thaws in 21 days at the latest",
    lapse: "ends a challenge that nobody has upheld in 21 days",
    lapseBatch: "ends a challenge that nobody has upheld in 21 days",
    releaseUnbonded: "gives back the caller's own lock where it is behind no challenge",
  },
  medianFeed: { submit: "needs the signatures of a quorum of reporters" },
  history: {
    record: "walks the feed's own rounds; when it is called changes nothing",
    takeRound: "only the feed itself may call it",
  },
  controller: { adjust: "the chain works out the factor; once a day" },
  vault: {
    stake: "moves the caller's own tokens into the caller's own stake",
    stakeWithPermit: "the same, with the caller's own permit",
    requestUnstake: "concerns the caller's own stake",
    requestUnstakeForfeiting: "concerns the caller's own stake and yield",
    cancelUnstake: "concerns the caller's own stake",
    withdraw: "pays the caller what is the caller's",
    settleExit: "writes down what is due already",
    lock: "locks a part of the caller's own stake, towards a contract that governance admitted",
    release: "gives back a lock that is towards the caller",
    slash: "takes at most the lock that is towards the caller",
    freeAbandoned: "frees the caller's own lock, two weeks after its holder lost its admission",
    collect: "pays an account what was set aside for it, and nobody else",
    claim: "pays the caller what the caller has earned",
    settle: "writes down what is earned already",
    settleThrough: "writes down what is earned already",
    delegate: "gives away the caller's own votes, and no tokens",
    delegateBySig: "needs the staker's signature",
  },
  breaker: {
    trigger: "the chain itself checks the condition",
    proposeEnd: "puts a question to the voters, one at a time",
    endOpposed: "ends what more voters are against than for, and nothing else",
    settleBond: "the chain itself says whether the bond is given back",
    releaseUnbonded: "gives the caller back what the caller locked",
  },
  keeperJobs: {
    work: "does what anyone may do, when it is due, and has whom it names paid for it once",
    performUpkeep: "the same, in the shape of Chainlink Automation",
    onReport: "the same, from the forwarder and the workflows that governance named",
  },
  ordinaryCalls: { count: "asks the timelock whether the caller may execute for it" },
  proposalDeposits: {
    hold: "only the governor gets past its first line",
    settle: "frees or slashes by what became of the proposal, and nothing else",
    releaseUnused: "gives the caller back what the caller locked",
  },
  usageChannels: {
    deposit: "moves the caller's own wFTNS, for the payer's good",
    depositWithAuthorization: "needs the payer's signature, which names the channel",
    claimMany: "needs the signatures of the channels' keys, and counts for the operator that they name",
    giveNotice: "concerns the caller's own channel",
    giveNoticeFor: "needs the payer's signature",
    withdrawNotice: "concerns the caller's own channel",
    withdraw: "pays a payer what is the payer's, after its notice",
    collect: "only the router gets past its first line",
  },
  usageRouter: {
    distribute: "the shares are fixed; when it is called changes nothing but the week",
    distributeTill: "the same, of what lies in an operator's till",
    distributeRest: "the same, of what was paid to nobody in particular",
    credit: "counts once what was paid, for who paid",
    drawPot: "only the contract for royalties gets past its first line",
    releasePot: "sends the pool what nobody drew in eight weeks",
  },
  contextPrices: {
    buyPlan: "takes the caller's own tokens, for the caller's own plan",
    allotDiscount: "concerns the caller's own channel and discount",
  },
  works: {
    register: "needs the verifiers' signatures; the work is its contributor's",
    approve: "concerns the caller's own works",
    setApprovalForAll: "concerns the caller's own works",
    transferFrom: "needs the owner's approval",
    safeTransferFrom: "needs the owner's approval",
  },
  royaltyRoots: {
    accept: "needs the verifiers' signatures",
    endUnsigned: "the registry itself says who signs no more",
    draw: "pays a work's owner what the verifiers signed, once",
    drawOwed: "pays a work's owner what was set aside for it",
  },
  reporterPay: { pay: "pays a reporter what it has earned already, and nobody else" },
  desk: {
    open: "starts an offer where the market is off the path, on the desk's side of its price",
    buyTokens: "the caller pays the desk's own price, towards the path, within the day's share",
    sellTokens: "the same, for the caller's own FTNS",
  },
};

/** Functions of the AccessManaged base that answer to the AccessManager itself and to no role. */
export const MANAGER_ONLY: readonly string[] = ["setAuthority"];

/** Selectors of `functions` of a managed contract. */
export function selectorsOf(contract: Managed, functions: readonly string[]): string[] {
  return functions.map((name) => {
    const found = (MANAGED_INTERFACES[contract] as Interface).getFunction(name);
    if (found === null) throw new Error(`${contract} has no function ${name}: correct deploy/wiring.ts`);
    return found.selector;
  });
}
