import { expect } from "chai";
import { freePort } from "@ftns/demo/chain/port.ts";
import { CHAIN_ID, startChain } from "@ftns/demo/chain/server.ts";

describe("demo: the local chain", () => {
  it("begins at the second that it was given", async () => {
    const startAt = 4_000_000_000;
    const { connection, close } = await startChain(await freePort(), startAt);
    try {
      const { chainId } = await connection.ethers.provider.getNetwork();
      expect(chainId).to.equal(BigInt(CHAIN_ID));
      const { timestamp } = (await connection.ethers.provider.getBlock(0))!;
      expect(timestamp).to.be.within(startAt, startAt + 60);
    } finally {
      await close();
    }
  });
});
