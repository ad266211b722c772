/** Other libraries' clients as runners for what is here: everything that speaks EIP-1193, viem's clients and wallets among them. */
import { BrowserProvider, type Eip1193Provider, type JsonRpcSigner } from "ethers";

/** The one thing asked of a client: viem's have it, and so has every wallet in a browser. */
export interface Eip1193 {
  request(request: { method: string; params?: any }): Promise<any>;
}

/** A provider that asks `client`: `connectEconomy(addresses, fromEip1193(publicClient))`. */
export function fromEip1193(client: Eip1193): BrowserProvider {
  return new BrowserProvider(client as Eip1193Provider, undefined, { cacheTimeout: -1 });
}

/** A signer whose transactions `client`, a wallet, signs: `connectEconomy(addresses, await signerFrom(walletClient))`. */
export async function signerFrom(client: Eip1193, address?: string): Promise<JsonRpcSigner> {
  return fromEip1193(client).getSigner(address);
}
