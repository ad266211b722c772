// The Solidity compiler comes from npm, so that building needs no download beyond the installation. The configuration names
// its package and this finds the file: a whole path would become a part of every build's identity, and what was built in one
// place could not be used in another.
import { createRequire } from "node:module";
import { definePlugin } from "hardhat/plugins";

const { resolve } = createRequire(import.meta.url);

export default definePlugin({
  id: "ftns-npm-compiler",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        getCompiler: async (context, config, next) =>
          next(context, config.path === undefined ? config : { ...config, path: resolve(config.path) }),
      }),
    }),
  },
});
