import { formatDuration, formatFtns } from "@ftns/sdk/units.ts";
import { Signature } from "ethers";
import { type Context, openToSign, type Signing } from "../context.ts";
import { Ended, EXIT } from "../exit.ts";
import { sendAll, type Step } from "../send.ts";
import { amountFrom } from "../values.ts";

/** A signature on the amount is good for half an hour: long enough for a slow answer. */
const PERMIT_SEC = 1_800n;

const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** Stakes in one transaction: the allowance is signed, not sent. */
export async function stakeCommand(context: Context, text: string): Promise<void> {
  const amount = amountFrom(text);
  const signing = await openToSign(context);
  await checkBalance(signing, amount);
  const { vault } = signing.economy;
  const { deadline, v, r, s } = await permit(signing, String(vault.target), amount);
  const delay = await vault.unstakeDelay();
  const promise = [
    `${formatFtns(amount)} will vote, earn and pay no demurrage. They can't be spent; to have them back takes ${formatDuration(delay)} from when you ask.`,
  ];
  await sendAll(context, signing, promise, [
    { title: "Stake", transaction: await vault.stakeWithPermit.populateTransaction(amount, deadline, v, r, s) },
  ]);
}

/** Asks for a part of the stake back. */
export async function unstakeCommand(context: Context, text: string): Promise<void> {
  const amount = amountFrom(text);
  const signing = await openToSign(context);
  const { vault } = signing.economy;
  const [delay, { pending }] = await Promise.all([vault.unstakeDelay(), vault.stakeOf(signing.address)]);
  const promise = [
    `${formatFtns(amount)} stop voting and earning now, and can be withdrawn in ${formatDuration(delay)} (ftns withdraw). Demurrage is charged on them meanwhile.`,
    ...(pending > 0n ? [`${formatFtns(pending)} are on their way out already: they wait as long again with these.`] : []),
  ];
  await sendAll(context, signing, promise, [
    { title: "Ask back", transaction: await vault.requestUnstake.populateTransaction(amount) },
  ]);
}

/** Takes out what is ready. */
export async function withdrawCommand(context: Context): Promise<void> {
  const signing = await openToSign(context);
  const { vault } = signing.economy;
  await sendAll(context, signing, [], [{ title: "Withdraw", transaction: await vault.withdraw.populateTransaction() }]);
}

/** Everything that is earned and can be paid: rewards that waited, and yield. */
export async function claimCommand(context: Context): Promise<void> {
  const signing = await openToSign(context);
  const { pool, vault } = signing.economy;
  const [claimable, { earned, recycled }] = await Promise.all([pool.claimable(signing.address), vault.yieldOf(signing.address)]);
  const steps: Step[] = [];
  if (claimable > 0n) steps.push({ title: "Claim rewards", transaction: await pool.claim.populateTransaction() });
  if (earned + recycled > 0n) steps.push({ title: "Claim yield", transaction: await vault.claim.populateTransaction() });
  if (steps.length === 0)
    throw new Ended(
      EXIT.refused,
      `${signing.address} has nothing to claim.`,
      "Rewards of proofs are paid at once where the day's budget reaches.",
    );
  const promise = [
    `${formatFtns(claimable, 6)} of earlier rewards and ${formatFtns(earned + recycled, 6)} of yield are owed; what today's budget doesn't pay stays owed.`,
  ];
  await sendAll(context, signing, promise, steps);
}

/** Wraps FTNS into wFTNS. */
export async function wrapCommand(context: Context, text: string): Promise<void> {
  const amount = amountFrom(text);
  const signing = await openToSign(context);
  await checkBalance(signing, amount);
  const { token, wrapper } = signing.economy;
  const allowed = await token.allowance(signing.address, String(wrapper.target));
  const steps: Step[] = [];
  if (allowed < amount) {
    steps.push({
      title: "Allow the wrapper to take it",
      transaction: await token.approve.populateTransaction(String(wrapper.target), amount),
    });
  }
  steps.push({ title: "Wrap", transaction: await wrapper.deposit.populateTransaction(amount, signing.address) });
  const promise = [
    `${formatFtns(amount)} become wFTNS: their number stays, and each falls in worth at the top rate of demurrage, whoever holds it. For contracts that remember amounts, not for keeping.`,
  ];
  await sendAll(context, signing, promise, steps);
}

/** Unwraps wFTNS worth an amount of FTNS, or all of them. */
export async function unwrapCommand(context: Context, text: string): Promise<void> {
  const signing = await openToSign(context);
  const { wrapper } = signing.economy;
  const transaction =
    text === "all"
      ? await wrapper.redeem.populateTransaction(await wrapper.maxRedeem(signing.address), signing.address, signing.address)
      : await wrapper.withdraw.populateTransaction(amountFrom(text), signing.address, signing.address);
  await sendAll(context, signing, [], [{ title: "Unwrap", transaction }]);
}

async function checkBalance({ economy, address }: Signing, amount: bigint): Promise<void> {
  const balance = await economy.token.balanceOf(address);
  if (balance >= amount) return;
  throw new Ended(
    EXIT.refused,
    `${address} holds ${formatFtns(balance)}, less than ${formatFtns(amount)}.`,
    "Name that much or less. Nothing was sent.",
  );
}

async function permit({ economy, signer, address, provider }: Signing, spender: string, value: bigint) {
  const { token } = economy;
  const [{ name, version, chainId, verifyingContract }, nonce, block] = await Promise.all([
    token.eip712Domain(),
    token.nonces(address),
    provider.getBlock("latest"),
  ]);
  const deadline = BigInt(block!.timestamp) + PERMIT_SEC;
  const domain = { name, version, chainId, verifyingContract };
  const signature = await signer.signTypedData(domain, PERMIT_TYPES, { owner: address, spender, value, nonce, deadline });
  const { v, r, s } = Signature.from(signature);
  return { deadline, v, r, s };
}
