// What a verifier reads of the economy, asked for again after a while.
import { type Chain, blockTag } from "@ftns/chain/connect.ts";
import { contracts, type Registry, type SigningPlace, type VerifierStakes } from "@ftns/sdk";
import { dayOf } from "@ftns/model/time.ts";
import { dataSlice, getAddress, Interface, isError, toQuantity } from "ethers";
import type { VerifierConfig } from "../config/schema.ts";

/** Members and rules change by vote: what was read is believed for so long. */
const FRESH_MS = 30_000;
const WALLET = new Interface(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);
const ACCEPTED = "0x1626ba7e";
/** What a stranger's wallet may use. */
const WALLET_GAS = toQuantity(3_000_000);

export class Economy {
  readonly chain: Chain;
  readonly registry: Registry;
  readonly stakes: VerifierStakes;
  readonly place: SigningPlace;
  #members: { at: number; verifiers: Set<string>; threshold: number } | undefined;

  constructor(chain: Chain, { registry, verifierStakes }: VerifierConfig["contracts"]) {
    this.chain = chain;
    this.registry = contracts.registry(registry, chain.provider);
    this.stakes = contracts.verifierStakes(verifierStakes, chain.provider);
    this.place = { chainId: BigInt(chain.chainId), verifyingContract: getAddress(registry) };
  }

  async members(): Promise<{ verifiers: Set<string>; threshold: number }> {
    if (this.#members !== undefined && performance.now() - this.#members.at < FRESH_MS) return this.#members;
    const [verifiers, threshold] = await Promise.all([this.registry.verifiers(), this.registry.attestationThreshold()]);
    this.#members = {
      at: performance.now(),
      verifiers: new Set(verifiers.map((one) => getAddress(one))),
      threshold: Number(threshold),
    };
    return this.#members;
  }

  isUsed(proofHash: string): Promise<boolean> {
    return this.registry.isProofUsed(proofHash);
  }

  /** BASIC or higher today, as the registry will ask of reviewers. */
  async isContributor(account: string): Promise<boolean> {
    const head = await this.chain.latest();
    return (await this.registry.tierOn(account, dayOf(head.timestamp), { blockTag: blockTag(head) })) > 0n;
  }

  /** Whether a wallet that is a contract takes the signature (ERC-1271). */
  async walletAccepts(wallet: string, digest: string, signature: string): Promise<boolean> {
    if ((await this.chain.provider.send("eth_getCode", [wallet, "latest"])) === "0x") return false;
    const data = WALLET.encodeFunctionData("isValidSignature", [digest, signature]);
    try {
      const answer = String(await this.chain.provider.send("eth_call", [{ to: wallet, data, gas: WALLET_GAS }, "latest"]));
      return answer.length === 66 && dataSlice(answer, 0, 4) === ACCEPTED;
    } catch (error) {
      if (isError(error, "CALL_EXCEPTION") || isError(error, "UNKNOWN_ERROR")) return false;
      throw error;
    }
  }
}
