import { HDNodeWallet, keccak256, type JsonRpcProvider, type TransactionReceipt } from "ethers";

/** The mnemonic that Hardhat publishes for local chains. Everyone knows it: it must never hold anything of worth. */
export const TEST_MNEMONIC = "test test test test test test test test test test test junk";
const GAS_LIMIT = 3_000_000n;
const MAX_FEE_PER_GAS = 10n ** 10n;
const PRIORITY_FEE = 10n ** 9n;

export function testWallet(index: number): HDNodeWallet {
  return HDNodeWallet.fromPhrase(TEST_MNEMONIC, "", `m/44'/60'/0'/0/${index}`);
}

/** What a transaction does; without `to` it deploys. */
interface Request {
  readonly to?: string | null;
  readonly data?: string | null;
}

/** Somebody with a key of their own: signs each transaction here and sends it raw, as a wallet would. */
export class Actor {
  readonly name: string;
  /** Place among the accounts of the test mnemonic. */
  readonly index: number;
  readonly wallet: HDNodeWallet;
  readonly address: string;
  readonly #provider: JsonRpcProvider;
  readonly #chainId: number;

  constructor(name: string, index: number, provider: JsonRpcProvider, chainId: number) {
    this.name = name;
    this.index = index;
    this.wallet = testWallet(index);
    this.address = this.wallet.address;
    this.#provider = provider;
    this.#chainId = chainId;
  }

  /** Signs, sends and waits; throws when the chain refuses or the transaction fails. */
  async send(request: Request | Promise<Request>): Promise<TransactionReceipt> {
    const hash = (await this.#provider.send("eth_sendRawTransaction", [await this.#sign(await request)])) as string;
    const receipt = await this.#provider.getTransactionReceipt(hash);
    if (receipt?.status !== 1) throw new Error(`${this.name}'s transaction ${hash} failed`);
    return receipt;
  }

  /** Sends what is known to fail, and returns the data that the contract gave as its reason; throws when it succeeds. */
  async sendInVain(request: Request | Promise<Request>): Promise<{ readonly hash: string; readonly reason: string }> {
    const { to = null, data = null } = await request;
    const reason = await this.#provider.call({ from: this.address, to, data }).then(
      () => undefined,
      (error: unknown) => (isCallException(error) ? (error.data ?? undefined) : undefined),
    );
    const raw = await this.#sign({ to, data });
    // A local chain also answers a failed transaction with an error, but mines it like any other.
    await this.#provider.send("eth_sendRawTransaction", [raw]).catch(() => undefined);
    const hash = keccak256(raw);
    const receipt = await this.#provider.getTransactionReceipt(hash);
    if (reason === undefined || receipt?.status !== 0) throw new Error(`${this.name}'s transaction ${hash} should have failed`);
    return { hash, reason };
  }

  async #sign({ to = null, data = null }: Request): Promise<string> {
    const nonce = Number(await this.#provider.send("eth_getTransactionCount", [this.address, "latest"]));
    return this.wallet.signTransaction({
      type: 2,
      chainId: this.#chainId,
      nonce,
      to,
      data,
      gasLimit: GAS_LIMIT,
      maxFeePerGas: MAX_FEE_PER_GAS,
      maxPriorityFeePerGas: PRIORITY_FEE,
    });
  }
}

function isCallException(error: unknown): error is { readonly data: string | null } {
  return typeof error === "object" && error !== null && "data" in error;
}
