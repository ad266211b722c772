import { formatDuration, formatFtns, formatTime } from "@ftns/sdk";
import type { Finding } from "@ftns/service/findings.ts";
import { table } from "@ftns/service/table.ts";
import { loadConfig } from "../config/load.ts";
import { checkMemory } from "../service/memory.ts";
import type { ServiceState } from "../service/logbook.ts";
import { openWatch } from "../service/watch.ts";
import { ProofSigner } from "../signing/signer.ts";
import { createVerifier } from "../verifier.ts";
import { openSigningKey } from "../open.ts";
import type { CommandContext, Flags } from "./context.ts";

interface Status {
  account: string;
  chainId: number;
  signatures: number;
  state: ServiceState;
  findings: Finding[];
}

/** Prints how everything stands; false when something is broken. */
export async function statusCommand(
  { config: file, json }: Flags & { json?: boolean },
  context: CommandContext,
): Promise<boolean> {
  const { config, baseDir } = loadConfig(file);
  const { secrets } = context;
  // A look only: whatever keeps it from starting is told by `run`.
  const verifier = await createVerifier(config, { baseDir, secrets, serve: false, lookOnly: true });
  const keys = { env: process.env, baseDir, secrets };
  const { http: _, ...silent } = { ...config, alerts: [] };
  const watch = await openWatch(verifier, { config: silent, context: keys });
  await watch.readVitals();
  const signer = new ProofSigner(await openSigningKey(config, keys), verifier.economy.place, verifier.database);
  const { signatures } = await checkMemory(signer, verifier.economy).catch(() => ({ signatures: 0 }));
  const status: Status = {
    account: verifier.address,
    chainId: config.chain.chainId,
    signatures,
    state: watch.state(),
    findings: watch.findings(),
  };
  await watch.stop();
  await verifier.stop();
  context.print(json === true ? asJson(status) : asText(status));
  return status.findings.every(({ unhealthy }) => !unhealthy);
}

function asText({ account, chainId, signatures, state, findings }: Status): string {
  const vitals = state.vitals?.value;
  const head = vitals
    ? `block ${vitals.head.number} of ${formatTime(vitals.head.timestamp)}`
    : `cannot be read: ${state.blind?.reason}`;
  const lines: string[][] = [
    ["chain", `${chainId}, ${head}`],
    ["account", account],
    ["signed", `${signatures} proofs`],
  ];
  if (vitals) {
    const { registered, locked, allowance, used, feesDue, verifiers, threshold, claims, lateSec, dueClaims } = vitals;
    lines.push(
      [
        "verifiers",
        `${verifiers} are registered${registered ? ", this one among them" : ", and this one is not"}; ${threshold} sign a proof`,
      ],
      ["lock", `${formatFtns(locked, 2)}; ${formatFtns(used, 2)} of ${formatFtns(allowance, 2)} vouched for today`],
      ["fees", `${formatFtns(feesDue, 4)} can be paid (payFees of VerifierStakes)`],
      [
        "claims",
        Object.entries(claims)
          .map(([name, count]) => `${count} ${name}`)
          .join(", ") || "none",
      ],
      ["due", dueClaims === 0 ? "nothing" : `${dueClaims}, the oldest for ${formatDuration(BigInt(lateSec))}`],
    );
  }
  const wrong = findings.map(({ severity, title, detail, runbook }) => [severity, `${title}: ${detail} (${runbook})`]);
  return [table(lines), ...(wrong.length > 0 ? [table([["WRONG", ""], ...wrong])] : [])].join("\n");
}

function asJson({ account, chainId, signatures, state, findings }: Status): string {
  const all = { chainId, account, signatures, vitals: state.vitals?.value, endpoints: state.endpoints, findings };
  return `${JSON.stringify(all, (_key, value) => (typeof value === "bigint" ? value.toString() : (value as unknown)), 2)}\n`;
}
