import type { TypedDataDomain, TypedDataField } from "ethers";

/** A transaction with every field that is signed (EIP-1559). */
export interface UnsignedTransaction {
  type: 2;
  chainId: number;
  nonce: number;
  to: string;
  data: string;
  value?: bigint;
  gasLimit: bigint;
  /** Wei per gas. */
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

/** A key that signs, wherever it lies. An ethers Wallet is one; so is a command that asks a vault. */
export interface KeySigner {
  readonly address: string;
  /** The signed transaction, ready to be sent (hex). */
  signTransaction(transaction: UnsignedTransaction): Promise<string>;
  /** EIP-712; 65 bytes, hex. */
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string>;
}
