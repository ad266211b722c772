import { HDNodeWallet, type JsonRpcProvider, type TransactionReceipt } from "ethers";

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
    const { to = null, data = null } = await request;
    const nonce = Number(await this.#provider.send("eth_getTransactionCount", [this.address, "latest"]));
    const raw = await this.wallet.signTransaction({
      type: 2,
      chainId: this.#chainId,
      nonce,
      to,
      data,
      gasLimit: GAS_LIMIT,
      maxFeePerGas: MAX_FEE_PER_GAS,
      maxPriorityFeePerGas: PRIORITY_FEE,
    });
    const hash = (await this.#provider.send("eth_sendRawTransaction", [raw])) as string;
    const receipt = await this.#provider.getTransactionReceipt(hash);
    if (receipt?.status !== 1) throw new Error(`${this.name}'s transaction ${hash} failed`);
    return receipt;
  }
}
