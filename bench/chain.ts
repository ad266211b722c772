// A chain that always starts at the same second with the same accounts, so that a number changes only with the code.
import { network } from "hardhat";
import type { TransactionRequest, TransactionResponse } from "ethers";

const START = "2027-01-04T12:00:00Z";

export async function benchChain() {
  const connection = await network.create({ override: { initialDate: START } });
  const { time } = connection.networkHelpers;
  return {
    connection,
    /** Jumps to noon UTC, `days` later. */
    async passDays(days: number) {
      const next = BigInt(await time.latest()) + BigInt(days) * 86_400n;
      await time.increaseTo(next - ((next - 7_200n) % 86_400n) + 36_000n);
    },
  };
}

export type BenchChain = Awaited<ReturnType<typeof benchChain>>;

export async function gasOf(sent: Promise<TransactionResponse>): Promise<bigint> {
  const receipt = await (await sent).wait();
  return receipt!.gasUsed;
}

/** Gas of the execution alone: a transaction to a view function, less the 21,000 and its calldata. */
export async function executionGas(chain: BenchChain, request: TransactionRequest): Promise<bigint> {
  const [signer] = await chain.connection.ethers.getSigners();
  const receipt = await (await signer!.sendTransaction(request)).wait();
  const bytes = Buffer.from(String(request.data).slice(2), "hex");
  const calldata = bytes.reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
  return receipt!.gasUsed - 21_000n - calldata;
}
