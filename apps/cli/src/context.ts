import { connectEconomy, type EconomyContracts } from "@ftns/sdk/contracts.ts";
import type { Deployment } from "@ftns/sdk/economy.ts";
import type { Secrets } from "@ftns/service/secrets.ts";
import type { JsonRpcProvider } from "ethers";
import { Ended, EXIT } from "./exit.ts";
import { type Environment, addressFrom, openDeployment, openProvider, openSigningKey, type Settings } from "./settings.ts";
import { KeyedSigner } from "./signer.ts";

/** What commands print to and ask: a terminal, or a test. */
export interface Terminal {
  print(text: string): void;
  /** An answer to a question; undefined where nobody is there to answer. */
  ask(question: string): Promise<string | undefined>;
}

export interface Context {
  readonly settings: Settings;
  readonly env: Environment;
  readonly secrets: Secrets;
  readonly terminal: Terminal;
}

/** An economy that is looked at. */
export interface Opened {
  readonly provider: JsonRpcProvider;
  readonly chainId: bigint;
  readonly deployment: Deployment;
  readonly economy: EconomyContracts;
}

/** An economy in which something is done. */
export interface Signing extends Opened {
  readonly signer: KeyedSigner;
  readonly address: string;
}

export async function open({ settings, env }: Context): Promise<Opened> {
  const provider = await openProvider(settings, env);
  const { chainId } = await provider.getNetwork();
  const deployment = openDeployment(settings, env, chainId);
  // A record of another chain names places where nothing stands.
  if ((await provider.getCode(deployment.addresses.token)) === "0x") {
    throw new Ended(
      EXIT.cannotStart,
      `On chain ${chainId} nothing stands at ${deployment.addresses.token}, where the token should be.`,
      "The record is of another chain, or of a local chain that was started anew.",
    );
  }
  return { provider, chainId, deployment, economy: connectEconomy(deployment.addresses, provider) };
}

export async function openToSign(context: Context): Promise<Signing> {
  const key = await openSigningKey(context.settings, context.env, context.secrets);
  const opened = await open(context);
  const signer = new KeyedSigner(key, opened.provider);
  return { ...opened, signer, address: key.address, economy: connectEconomy(opened.deployment.addresses, signer) };
}

/** The account that a command is about: the one that is named, or the key's. */
export async function accountOf(context: Context, named: string | undefined): Promise<string> {
  const { settings, env, secrets } = context;
  const address = named ?? settings.address ?? env["FTNS_ADDRESS"];
  if (address !== undefined) return addressFrom(address);
  return (await openSigningKey(settings, env, secrets)).address;
}
