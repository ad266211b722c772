/** RoadmapPolicy. Made by npm run abis. */
export const roadmapPolicyAbi = [
  { type: "error", name: "AverageOutOfBounds", inputs: [{ type: "uint256", name: "index" }, { type: "uint256", name: "average" }, { type: "uint256", name: "min" }, { type: "uint256", name: "max" }] },
  { type: "error", name: "DaysOutOfBounds", inputs: [{ type: "uint256", name: "daysSinceLaunch" }, { type: "uint256", name: "max" }] },
  { type: "function", name: "DECAY_PER_DAY", inputs: [], outputs: [{ type: "int256", name: "" }], stateMutability: "view" },
  { type: "function", name: "MAX_AVERAGE", inputs: [], outputs: [{ type: "uint256", name: "" }], stateMutability: "view" },
  { type: "function", name: "MAX_DAYS", inputs: [], outputs: [{ type: "uint256", name: "" }], stateMutability: "view" },
  { type: "function", name: "MAX_FACTOR", inputs: [], outputs: [{ type: "uint256", name: "" }], stateMutability: "view" },
  { type: "function", name: "MIN_AVERAGE", inputs: [], outputs: [{ type: "uint256", name: "" }], stateMutability: "view" },
  { type: "function", name: "MIN_DAMPING", inputs: [], outputs: [{ type: "uint256", name: "" }], stateMutability: "view" },
  { type: "function", name: "MIN_FACTOR", inputs: [], outputs: [{ type: "uint256", name: "" }], stateMutability: "view" },
  { type: "function", name: "TARGET_FLOOR", inputs: [], outputs: [{ type: "uint256", name: "" }], stateMutability: "view" },
  { type: "function", name: "TARGET_RANGE", inputs: [], outputs: [{ type: "uint256", name: "" }], stateMutability: "view" },
  { type: "function", name: "decide", inputs: [{ type: "tuple", name: "window", components: [{ type: "uint256", name: "day" }, { type: "uint256", name: "daysSinceLaunch" }, { type: "uint256", name: "multiplier" }, { type: "uint256", name: "averageMonthBefore" }, { type: "uint256[8]", name: "dailyAverages" }] }], outputs: [{ type: "tuple", name: "decision", components: [{ type: "uint256", name: "target" }, { type: "int256", name: "velocity" }, { type: "uint256", name: "volatility" }, { type: "uint256", name: "damping" }, { type: "uint256", name: "baseFactor" }, { type: "uint256", name: "factor" }] }], stateMutability: "pure" },
  { type: "function", name: "targetRate", inputs: [{ type: "uint256", name: "daysSinceLaunch" }], outputs: [{ type: "uint256", name: "" }], stateMutability: "pure" },
] as const;
