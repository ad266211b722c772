import type { KeySigner, UnsignedTransaction } from "@ftns/chain/keys/signer.ts";
import {
  AbstractSigner,
  type Provider,
  resolveAddress,
  type TransactionRequest,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";

/** A key, wherever it lies, as a signer of ethers. Signs transactions and typed data, never bare messages. */
export class KeyedSigner extends AbstractSigner {
  readonly #key: KeySigner;

  constructor(key: KeySigner, provider: Provider | null = null) {
    super(provider);
    this.#key = key;
  }

  override async getAddress(): Promise<string> {
    return this.#key.address;
  }

  override connect(provider: Provider | null): KeyedSigner {
    return new KeyedSigner(this.#key, provider);
  }

  override async signTransaction(request: TransactionRequest): Promise<string> {
    const { to, data, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas, chainId, value } = request;
    if (to === undefined || to === null || nonce === undefined || nonce === null) throw new TypeError("not a whole transaction");
    const fees = { maxFeePerGas: BigInt(maxFeePerGas ?? 0), maxPriorityFeePerGas: BigInt(maxPriorityFeePerGas ?? 0) };
    const unsigned: UnsignedTransaction = {
      type: 2,
      chainId: Number(chainId),
      nonce: Number(nonce),
      to: await resolveAddress(to),
      data: data ?? "0x",
      ...(value ? { value: BigInt(value) } : {}),
      gasLimit: BigInt(gasLimit ?? 0),
      ...fees,
    };
    return this.#key.signTransaction(unsigned);
  }

  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    return this.#key.signTypedData(domain, types, value);
  }

  override async signMessage(): Promise<string> {
    throw new TypeError("bare messages are not signed here: nobody can say what they mean");
  }
}
