import { chain, transactions } from "@ftns/chain/config.ts";
import { address, coins, envReference, key, listening, text, url, wholeNumber } from "@ftns/service/config/fields.ts";
import { alerts } from "@ftns/service/config/watching.ts";
import { z } from "zod/v4";

/**
 * The verifier's configuration. Every field says what it is (`describe`, from which the page of settings is made) and what it takes
 * (the error text). Unknown keys are refused: a misspelt setting must not fall back to a default.
 */

const bytes32 = () => {
  const expected = "expected 32 bytes, 0x and 64 hex digits in small letters";
  return z.string(expected).regex(/^0x[0-9a-f]{64}$/, expected);
};
const file = (what: string) => text(`the path of ${what}, relative to this file`);

const CONNECTION_EXPECTED = 'expected {"env": "NAME"}, or postgres://... without a password';
const database = z
  .union(
    [
      z.strictObject({
        url: z
          .union([z.string().regex(/^postgres(ql)?:\/\/[^\s]+$/), envReference], CONNECTION_EXPECTED)
          .describe(
            "Connection string of a PostgreSQL server, 15 or newer; it usually holds a password, so take it from the environment",
          ),
      }),
      z.strictObject({
        folder: file("a folder for the machine's own server").describe(
          "Folder of a PostgreSQL server of this machine, which is made and started where it is not there; services may share it",
        ),
        name: z
          .string("expected a name of small letters, digits and _")
          .regex(/^[a-z][a-z0-9_]{0,40}$/, "expected a name of small letters, digits and _")
          .default("ftns_verifier")
          .describe("Name of this service's database on it"),
      }),
    ],
    'expected {"url": {"env": "NAME"}} for a server that runs, or {"folder": "path", "name": "ftns_verifier"} for the machine\'s own',
  )
  .describe("Where nonces, challenges, evidence that was seen and signatures are kept. Losing it can cost the lock: keep copies");

const peer = z.strictObject({
  name: text("a short name for the logs").describe("Name of the peer in the logs"),
  url: url().describe("Base of its address; /api/v1/... is added"),
  address: address().describe("The account that it signs with"),
});

const job = z.strictObject({
  module: file("a WebAssembly module").describe("File of the module that does the work"),
  input: file("an input").describe("File of the input that the module is given"),
  units: wholeNumber(1, Number.MAX_SAFE_INTEGER, "units").describe("Units of the job, numbered from 0"),
  budget: wholeNumber(1, 100_000_000_000, "instructions")
    .default(10_000_000_000)
    .describe("Most metered instructions of one unit"),
});

const task = z.strictObject({
  name: bytes32().describe("The task's name, as claims give it"),
  width: wholeNumber(1, 1_000_000, "numbers").describe("Numbers of a sample"),
  classes: wholeNumber(2, 256, "classes").describe("Classes that a model tells apart"),
  epochEndsAt: wholeNumber(1, 10_000_000_000, "seconds").describe("Last moment for models, and the first for scores (seconds)"),
  baseline: wholeNumber(0, 1_000, "thousandths").describe("Thousandths that are known to be reached already"),
  commitment: bytes32().describe("What was published of the held-out set when the epoch began"),
  heldOut: file("a held-out set").describe(
    'File of the held-out set and its salt: {"salt": "64 hex digits", "inputs": [...], "labels": [...]}',
  ),
});

const attester = z.strictObject({
  address: address().describe("Account that attests"),
  role: z.enum(["INSTITUTION", "GRADER"], "expected INSTITUTION or GRADER").describe("What governance registered it as"),
});

const limits = z
  .strictObject({
    maxHeadAgeSec: wholeNumber(10, 86_400, "seconds")
      .default(180)
      .describe("So old may the newest block be; not judged where chain.maxClockSkewSec is 0"),
    balanceWarn: coins().prefault(0.1).describe("A relaying account with less than this of the chain's coin should be filled up"),
    balanceFloor: coins().prefault(0.02).describe("A relaying account with less than this can soon do nothing"),
    stuckSec: wholeNumber(30, 86_400, "seconds").default(600).describe("A transaction that is in no block for so long is stuck"),
    stopSec: wholeNumber(1, 300, "seconds").default(30).describe("How long a stop waits for running checks"),
    requestsPerMinute: wholeNumber(1, 100_000, "requests")
      .default(120)
      .describe("Requests of one address (of IPv6: one network of 64 bits) that are answered in a minute"),
    claimsPerDay: wholeNumber(1, 10_000, "claims").default(50).describe("Claims of one contributor that are looked at in a day"),
    openClaims: wholeNumber(1, 10_000, "claims").default(10).describe("Claims of one contributor that are under way at once"),
    allOpenClaims: wholeNumber(1, 100_000, "claims").default(1_000).describe("Claims of all that are under way at once"),
    checksAtOnce: wholeNumber(1, 16, "checks").default(4).describe("Checks that run at the same time; others wait"),
    submitWaitMs: wholeNumber(0, 60_000, "milliseconds")
      .default(15_000)
      .describe("How long an answer to a submitted claim waits for the proof to be complete"),
    lookMs: wholeNumber(50, 60_000, "milliseconds")
      .default(1_000)
      .describe("How often it looks what is due: challenges, checks, signatures of peers"),
    lateChallengeSec: wholeNumber(1, 3_600, "seconds")
      .default(300)
      .describe("A challenge that is so late, such as after a standstill, is not put"),
  })
  .refine(({ balanceWarn, balanceFloor }) => balanceFloor <= balanceWarn, {
    path: ["balanceFloor"],
    error: "the floor cannot be above limits.balanceWarn",
  })
  .prefault({});

export const configSchema = z
  .strictObject(
    {
      mode: z
        .enum(["production", "local"], "expected production or local")
        .default("production")
        .describe("local is for chains of your own: only there may keys come from plain environment variables"),
      chain,
      key: key().describe("Key that signs what was verified, of a verifier that governance registered"),
      contracts: z
        .strictObject({
          registry: address().describe("ContributorRegistry"),
          token: address().describe("FTNSToken"),
          verifierStakes: address().describe("VerifierStakes"),
          voteProofs: address().optional().describe("VoteProofs: when given, votes are among what a contributor's status names"),
          batchRewards: address().optional().describe("BatchRewards: when given, so are leaves of batches"),
        })
        .describe("Addresses of the contracts"),
      database,
      listen: listening().describe("Where contributors and peers ask; put TLS before it"),
      publicUrl: z
        .string("expected an http:// or https:// URL without a slash at its end")
        .max(300)
        .regex(/^https?:\/\/[^\s/]([^\s]*[^\s/])?$/, "expected an http:// or https:// URL without a slash at its end")
        .describe("Address under which others reach it; it stands in proofs, as where the evidence can be read"),
      trustProxy: z
        .boolean("expected true or false")
        .default(false)
        .describe("Requests come through a proxy of yours: the last entry of X-Forwarded-For is who asks"),
      peers: z
        .array(peer, "expected a list of peers")
        .max(31, "expected at most 31 peers")
        .default([])
        .describe("Other verifiers, whose signatures are asked for"),
      fetch: z
        .strictObject({
          allowPrivate: z
            .boolean("expected true or false")
            .default(false)
            .describe("Fetch also from private addresses and by http; for a network of your own"),
        })
        .prefault({})
        .describe("How evidence is fetched"),
      storage: z
        .strictObject({
          fullQualityGb: z
            .number("expected a number of GB, above 0 and at most 1000")
            .positive("expected a number of GB, above 0 and at most 1000")
            .max(1_000, "expected a number of GB, above 0 and at most 1000")
            .default(100)
            .describe("GB that are storage of quality 1; the same at all verifiers"),
        })
        .prefault({})
        .describe("Rules of STORAGE"),
      compute: z
        .strictObject({
          jobs: z
            .array(job, "expected a list of jobs")
            .max(1_000)
            .default([])
            .describe("Jobs that governance or whoever pays for them registered; the same at all verifiers"),
          benchmarkTurns: wholeNumber(1_000, 10_000_000_000, "turns")
            .default(100_000_000)
            .describe("Turns of the benchmark that a contributor of COMPUTE is asked for; the verifier does them too"),
          instructionsPerWorkUnit: wholeNumber(1_000, 1_000_000_000_000_000, "instructions")
            .default(1_000_000_000_000)
            .describe("Metered instructions that are one work unit; the same at all verifiers"),
        })
        .prefault({})
        .describe("Rules of COMPUTE"),
      models: z
        .strictObject({ tasks: z.array(task, "expected a list of tasks").max(100).default([]).describe("Tasks of governance") })
        .prefault({})
        .describe("Rules of MODEL"),
      attesters: z
        .array(attester, "expected a list of attesters")
        .max(1_000)
        .default([])
        .describe("Institutions and graders that governance registered"),
      relay: z
        .strictObject({
          account: key().describe("Key of the account that sends and pays; another one than the verifier's"),
          minValueFtns: wholeNumber(0, 5_000, "FTNS").default(1).describe("Proofs worth less are left to their contributors"),
          transactions,
          stateDir: file("a folder").optional().describe("Folder for the transaction in flight"),
        })
        .optional()
        .describe("Hands proofs in for contributors who consent; without it they hand them in themselves"),
      http: listening().optional().describe("Serves /metrics, /healthz and /readyz, to whoever can reach the port"),
      limits,
      alerts,
      log: z
        .strictObject({
          level: z
            .enum(["debug", "info", "warn", "error", "silent"], "expected debug, info, warn, error or silent")
            .default("info")
            .describe("Least important line that is printed"),
        })
        .prefault({}),
    },
    "expected a JSON object with chain, key, contracts, database, listen and publicUrl",
  )
  .superRefine((config, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: path.split("/"), message });
    if (config.mode === "production") {
      const plain = 'a plain environment variable holds no key in production; use a keystore or a command, or "mode": "local"';
      if ("env" in config.key) refuse("key", plain);
      if (config.relay && "env" in config.relay.account) refuse("relay/account", plain);
      if (config.fetch.allowPrivate)
        refuse("fetch/allowPrivate", 'strangers would choose what your network is asked; only in "mode": "local"');
    }
    const twin = (path: string, names: readonly string[], message: string) => {
      const index = names.findIndex((name, at) => names.indexOf(name) !== at);
      if (index >= 0) refuse(path.replace("*", String(index)), message);
    };
    twin(
      "peers/*/name",
      config.peers.map(({ name }) => name),
      "another peer has this name; each needs its own",
    );
    twin(
      "peers/*/address",
      config.peers.map((one) => one.address.toLowerCase()),
      "another peer has this account",
    );
    twin(
      "models/tasks/*/name",
      config.models.tasks.map(({ name }) => name),
      "another task has this name",
    );
    twin(
      "attesters/*/address",
      config.attesters.map((one) => one.address.toLowerCase()),
      "this account is listed twice",
    );
    twin(
      "alerts/*/name",
      config.alerts.map(({ name }) => name),
      "another receiver has this name; each needs its own",
    );
    if (config.relay && JSON.stringify(config.relay.account) === JSON.stringify(config.key))
      refuse("relay/account", "the key that signs proofs must send nothing; use another account");
    if (config.http && config.http.port === config.listen.port && config.http.host === config.listen.host)
      refuse("http/port", "listen uses this port");
  });

export type VerifierConfig = z.output<typeof configSchema>;
export type VerifierConfigInput = z.input<typeof configSchema>;
