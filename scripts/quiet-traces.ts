// With FTNS_TRACES=0 a chain in memory names no line of Solidity when something fails. To be able to, Hardhat reads all that the
// compiler said of all contracts before its first block: 70 MB, and seconds of computing for each process.
import { definePlugin } from "hardhat/plugins";

export default definePlugin({
  id: "ftns-quiet-traces",
  hookHandlers: {
    hre: async () => ({
      default: async () => ({
        created: async (_context, hre) => {
          const all = hre.artifacts.getAllBuildInfoIds.bind(hre.artifacts);
          // Besides the chain only the Solidity tests ask for these, and those run with traces.
          hre.artifacts.getAllBuildInfoIds = async () => (process.env.FTNS_TRACES === "0" ? new Set() : all());
        },
      }),
    }),
  },
});
