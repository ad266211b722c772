/** VoteProofs. Made by npm run abis. */
export const voteProofsAbi = [
  { type: "constructor", inputs: [{ type: "address", name: "governor" }, { type: "address", name: "registry" }], stateMutability: "nonpayable" },
  { type: "error", name: "HasNotVoted", inputs: [{ type: "uint256", name: "proposalId" }, { type: "address", name: "voter" }] },
  { type: "error", name: "NotAContract", inputs: [{ type: "address", name: "target" }] },
  { type: "error", name: "TooFewVotes", inputs: [{ type: "address", name: "voter" }, { type: "uint256", name: "votes" }, { type: "uint256", name: "min" }] },
  { type: "error", name: "VoteStillOpen", inputs: [{ type: "uint256", name: "proposalId" }, { type: "uint256", name: "deadline" }] },
  { type: "error", name: "VoteTooLongAgo", inputs: [{ type: "uint256", name: "endedAt" }, { type: "uint256", name: "earliest" }] },
  { type: "error", name: "VoteWithoutQuorum", inputs: [{ type: "uint256", name: "proposalId" }] },
  { type: "error", name: "VoterBelowBasic", inputs: [{ type: "address", name: "voter" }] },
  { type: "event", name: "VoteAccepted", inputs: [{ type: "uint256", name: "proposalId", indexed: true }, { type: "address", name: "voter", indexed: true }, { type: "bytes32", name: "proofHash", indexed: false }, { type: "tuple", name: "outcome", indexed: false, components: [{ type: "uint256", name: "value" }, { type: "uint256", name: "score" }, { type: "uint256", name: "averageQuality" }, { type: "uint8", name: "tier" }, { type: "tuple", name: "schedule", components: [{ type: "uint16", name: "basicThrough" }, { type: "uint16", name: "activeThrough" }, { type: "uint16", name: "powerThrough" }] }, { type: "uint256", name: "earned" }, { type: "uint256", name: "deferred" }] }] },
  { type: "function", name: "GOVERNOR", inputs: [], outputs: [{ type: "address", name: "" }], stateMutability: "view" },
  { type: "function", name: "MIN_VOTES", inputs: [], outputs: [{ type: "uint256", name: "" }], stateMutability: "view" },
  { type: "function", name: "REGISTRY", inputs: [], outputs: [{ type: "address", name: "" }], stateMutability: "view" },
  { type: "function", name: "proofHashOf", inputs: [{ type: "uint256", name: "proposalId" }, { type: "address", name: "voter" }], outputs: [{ type: "bytes32", name: "" }], stateMutability: "view" },
  { type: "function", name: "submitVote", inputs: [{ type: "uint256", name: "proposalId" }, { type: "address", name: "voter" }], outputs: [{ type: "tuple", name: "outcome", components: [{ type: "uint256", name: "value" }, { type: "uint256", name: "score" }, { type: "uint256", name: "averageQuality" }, { type: "uint8", name: "tier" }, { type: "tuple", name: "schedule", components: [{ type: "uint16", name: "basicThrough" }, { type: "uint16", name: "activeThrough" }, { type: "uint16", name: "powerThrough" }] }, { type: "uint256", name: "earned" }, { type: "uint256", name: "deferred" }] }], stateMutability: "nonpayable" },
] as const;
