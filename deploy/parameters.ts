// What a deployment is told, and every way in which that can be wrong. All complaints come at once, before anything is sent.
import { readFileSync } from "node:fs";
import { getAddress, isAddress, parseUnits, ZeroAddress } from "ethers";
import type { Role } from "./wiring.ts";

export interface MedianFeedParameters {
  kind: "median";
  /** What is priced, as Chainlink writes it. */
  description: string;
  reporters: readonly string[];
  /** Reports that a round needs: more than half of the reporters. */
  quorum: bigint;
  /** How long a price may stand (seconds). Left out: three hours. */
  heartbeat?: bigint | undefined;
}

/** A Chainlink feed with 8 decimals that exists already. */
export interface ExternalFeedParameters {
  kind: "external";
  address: string;
  /** How long a price may stand (seconds): a little more than the feed's own heartbeat. */
  heartbeat: bigint;
}

export interface EconomyParameters {
  /** Chain that is meant; another one is refused. */
  chainId?: bigint;
  /** May bridge the time until an emergency vote, once; left out, nobody may until the voters name somebody. */
  guardian?: string | undefined;
  /** In place of the voters: grants roles and assigns functions to them. Left out, the timelock does. */
  admin?: string | undefined;
  /** In place of the voters: sets every parameter. Left out, the timelock does. */
  governor?: string | undefined;
  /** Beside the circuit breaker: halts transfers, suspends adjustments, resets the multiplier. Left out, nobody does. */
  breaker?: string | undefined;
  /** Holds the supply at launch. */
  treasury: string;
  /** Supply at launch (FTNS, 18 decimals). */
  initialSupply: bigint;
  verifiers: readonly string[];
  /** Verifiers' signatures that a proof needs. */
  attestationThreshold: bigint;
  priceFeed: MedianFeedParameters | ExternalFeedParameters;
  /** Protocol day 0 of the target curve: a day number, or the day of deployment. */
  launchDay: bigint | "today";
  /** Distinct contributors that every emergency action needs. Left out: `DEFAULT_MIN_SUPPORTERS`. */
  minSupporters?: bigint | undefined;
  /** What keepers' costs are worth in FTNS. Left out: `DEFAULT_KEEPERS`. */
  keepers?: KeeperParameters | undefined;
  /** Which rule moves the supply multiplier; the other one runs in its shadow. Left out: `DEFAULT_POLICY`. */
  policy?: PolicyName | undefined;
  /** The treasury's market desk. Left out, there is none. */
  desk?: DeskParameters | undefined;
}

export type PolicyName = (typeof POLICIES)[number];

export interface DeskParameters {
  /** A token worth a dollar, at most 18 decimals. */
  dollar: string;
  /** What the treasury gives the desk at launch (FTNS, 18 decimals). It must be an account that the deployment can send from. */
  inventory?: bigint | undefined;
}

/** RoadmapPolicy and PathPolicy. */
export const POLICIES = ["roadmap", "path"] as const;

/** Until the simulation has confirmed the other one. */
export const DEFAULT_POLICY: PolicyName = "roadmap";

export const policyOf = ({ policy }: EconomyParameters): PolicyName => policy ?? DEFAULT_POLICY;

/** Share of the total supply that the desk trades a day on a side (WAD): 0.1 %. */
export const DESK_DAY_SHARE = 10n ** 15n;

export const inventoryOf = ({ desk }: EconomyParameters): bigint => desk?.inventory ?? 0n;

export interface KeeperParameters {
  /** Chainlink feed of the chain's coin in USD, at most 18 decimals. Left out: `ftnsPerCoin` always holds. */
  coinFeed?: string | undefined;
  /** FTNS (WAD) for a coin of the chain while one of the two prices is missing. */
  ftnsPerCoin: bigint;
}

/** As if a coin were worth 2,000 USD and an FTNS one. */
export const DEFAULT_KEEPERS: KeeperParameters = { ftnsPerCoin: 2_000n * 10n ** 18n };

export const keeperParametersOf = ({ keepers }: EconomyParameters): KeeperParameters => keepers ?? DEFAULT_KEEPERS;

/** Our own feed makes a round an hour; two may fail. */
export const DEFAULT_HEARTBEAT = 10_800n;

export const heartbeatOf = ({ heartbeat }: EconomyParameters["priceFeed"]): bigint => heartbeat ?? DEFAULT_HEARTBEAT;

/** A deployment may start with three; with fewer nothing could pass. */
export const DEFAULT_MIN_SUPPORTERS = 5n;

export const minSupportersOf = ({ minSupporters }: EconomyParameters): bigint => minSupporters ?? DEFAULT_MIN_SUPPORTERS;

/** Members of every role. The contracts' roles are theirs by design, the accounts' by the parameters. */
export function membersOf<T>(
  { admin, governor, breaker, guardian, priceFeed }: EconomyParameters,
  contracts: Record<"timelock" | "breaker" | "emergencyGovernor" | "voteProofs" | "verifierStakes" | "usageRouter", T> & {
    reporterPay?: T;
  },
): Record<Role, (string | T)[]> {
  return {
    ADMIN: [admin ?? contracts.timelock],
    // Their functions know the contract that calls them (see nameDirectCallers); these roles are for what governance adds.
    MINTER: [],
    REGISTRAR: [],
    REWARDER: [],
    BREAKER: [contracts.breaker, ...(breaker === undefined ? [] : [breaker])],
    GOVERNOR: [governor ?? contracts.timelock],
    STAKING: [],
    EMERGENCY: [contracts.emergencyGovernor],
    VOTING: [contracts.voteProofs],
    KEEPER: [
      contracts.verifierStakes,
      ...(priceFeed.kind === "median" && contracts.reporterPay !== undefined ? [contracts.reporterPay] : []),
    ],
    BATCHES: [],
    CREDITOR: [contracts.usageRouter],
    VESTING: [],
    GUARDIAN: guardian === undefined ? [] : [guardian],
  };
}

/**
 * So much must lie outside the timelock, or no constitutional vote could reach its turnout. The timelock is deployed with nothing, and
 * the treasury cannot be it.
 */
export const MIN_OUTSIDE = 500_000n * 10n ** 18n;
export const MAX_SUPPLY = 1_000_000_000n * 10n ** 18n;
/** Limits of MedianFeed, PriceHistory (seconds) and ContributorRegistry. */
export const MIN_REPORTERS = 5;
export const MAX_REPORTERS = 32;
export const MIN_HEARTBEAT = 3_600n;
export const MAX_HEARTBEAT = 172_800n;
export const MAX_VERIFIERS = 32;
/** Limits of CircuitBreaker. */
export const FEWEST_SUPPORTERS = 3n;
export const MOST_SUPPORTERS = 25n;
/** Limits of KeeperJobs (FTNS a coin, WAD). */
export const MIN_RATE = 10n ** 12n;
export const MAX_RATE = 10n ** 27n;

/** One error that names everything that is wrong. */
export class ParameterError extends Error {
  readonly problems: readonly string[];

  constructor(source: string, problems: readonly string[]) {
    super(`${source} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "ParameterError";
    this.problems = problems;
  }
}

/** What is wrong with parameters, each field said once: whoever has complained of a field's form is not asked for its value. */
export class Complaints {
  readonly texts: string[] = [];
  readonly #fields = new Set<string>();

  /** `field` may bear its unit in brackets. */
  add(field: string, text: string): void {
    this.#fields.add(plain(field));
    this.texts.push(`${field}: ${text}`);
  }

  /** Whether something was said of the field itself, or of what it is a part of. */
  about(field: string): boolean {
    return [...plain(field).matchAll(/[.[]|$/g)].some(({ index }) => this.#fields.has(plain(field).slice(0, index)));
  }
}

const plain = (field: string) => field.replace(/ \(.*\)$/, "");

/** Refuses parameters that could not work, whoever made them. */
export function checkParameters(parameters: EconomyParameters, source = "The parameters"): void {
  const { texts } = checked(parameters);
  if (texts.length > 0) throw new ParameterError(source, texts);
}

/** Adds to `complaints` whatever could work nowhere. */
export function checked(parameters: EconomyParameters, complaints = new Complaints()): Complaints {
  const said = (...names: string[]) => names.some((name) => complaints.about(name));
  const address = (name: string, value: string) => {
    const problem = said(name) ? undefined : addressProblem(value);
    if (problem !== undefined) complaints.add(name, problem);
  };
  const list = (name: string, values: readonly string[], min: number, max: number) => {
    if (said(name)) return;
    values.forEach((value, index) => address(`${name}[${index}]`, value));
    if (values.length < min || values.length > max) complaints.add(name, `give ${min} to ${max}, not ${values.length}`);
    const seen = new Set(values.map((value) => value.toLowerCase()));
    if (seen.size < values.length) complaints.add(name, "each may be named once only");
  };
  const range = (name: string, value: bigint, min: bigint, max: bigint) => {
    if (!said(name) && (value < min || value > max)) complaints.add(name, `${value} is not between ${min} and ${max}`);
  };

  address("treasury", parameters.treasury);
  for (const name of ["guardian", "admin", "governor", "breaker"] as const) {
    const account = parameters[name];
    if (account !== undefined) address(name, account);
  }
  range("initialSupply (wei)", parameters.initialSupply, MIN_OUTSIDE, MAX_SUPPLY);
  // How many there are is known unless the list is none at all.
  const { verifiers } = parameters;
  if (!said("verifiers")) range("attestationThreshold", parameters.attestationThreshold, 2n, BigInt(verifiers.length));
  list("verifiers", verifiers, 1, MAX_VERIFIERS);
  if (parameters.priceFeed.kind === "median") {
    const { reporters, quorum, description } = parameters.priceFeed;
    if (!said("priceFeed.reporters")) {
      range("priceFeed.quorum", quorum, BigInt(reporters.length) / 2n + 1n, BigInt(reporters.length));
    }
    list("priceFeed.reporters", reporters, MIN_REPORTERS, MAX_REPORTERS);
    if (description === "" && !said("priceFeed.description")) {
      complaints.add("priceFeed.description", "say what is priced, as in FTNS / USD");
    }
  } else {
    address("priceFeed.chainlink", parameters.priceFeed.address);
  }
  range("priceFeed.heartbeat (seconds)", heartbeatOf(parameters.priceFeed), MIN_HEARTBEAT, MAX_HEARTBEAT);
  const { coinFeed, ftnsPerCoin } = keeperParametersOf(parameters);
  if (coinFeed !== undefined) address("keepers.coinFeed", coinFeed);
  range("keepers.ftnsPerCoin (wei)", ftnsPerCoin, MIN_RATE, MAX_RATE);
  range("minSupporters", minSupportersOf(parameters), FEWEST_SUPPORTERS, MOST_SUPPORTERS);
  if (!said("policy") && !POLICIES.includes(policyOf(parameters))) complaints.add("policy", `give ${POLICIES.join(" or ")}`);
  if (parameters.desk !== undefined) {
    address("desk.dollar", parameters.desk.dollar);
    const most = parameters.initialSupply - MIN_OUTSIDE;
    if (most >= 0n) range("desk.inventory (wei)", inventoryOf(parameters), 0n, most);
  }
  return complaints;
}

/** Parameters as far as they could be read, and everything that is wrong with them. */
export interface ReadParameters {
  parameters: EconomyParameters;
  complaints: Complaints;
}

/** Reads a parameter file (deploy/parameters.<network>.json). */
export function readParameters(file: string): EconomyParameters {
  return accepted(inspectParameterFile(file), file);
}

/** The same for who has more to ask before complaining. A file that is no JSON is refused at once. */
export function inspectParameterFile(file: string): ReadParameters {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ParameterError(file, [`not a readable JSON file: ${(error as Error).message}`]);
  }
  return inspectParameters(json, file);
}

/** Turns the JSON form, in which people write amounts as FTNS and days as dates, into parameters. */
export function parseParameters(json: unknown, source = "The parameters"): EconomyParameters {
  return accepted(inspectParameters(json, source), source);
}

function accepted({ parameters, complaints }: ReadParameters, source: string): EconomyParameters {
  if (complaints.texts.length > 0) throw new ParameterError(source, complaints.texts);
  return parameters;
}

function inspectParameters(json: unknown, source: string): ReadParameters {
  const complaints = new Complaints();
  const root = new Fields("", json, complaints);
  if (complaints.texts.length > 0) throw new ParameterError(source, complaints.texts);
  const feed = new Fields("priceFeed.", root.take("priceFeed"), complaints);
  const keepers = root.has("keepers") ? new Fields("keepers.", root.take("keepers"), complaints) : undefined;
  const desk = root.has("desk") ? new Fields("desk.", root.take("desk"), complaints) : undefined;
  const parameters: EconomyParameters = {
    chainId: root.whole("chainId"),
    guardian: root.optionalText("guardian"),
    admin: root.optionalText("admin"),
    governor: root.optionalText("governor"),
    breaker: root.optionalText("breaker"),
    treasury: root.text("treasury"),
    initialSupply: root.amount("initialSupply"),
    verifiers: root.texts("verifiers"),
    attestationThreshold: root.whole("attestationThreshold"),
    launchDay: root.day("launchDate"),
    ...(root.has("minSupporters") ? { minSupporters: root.whole("minSupporters") } : {}),
    // What is no policy is complained of with its value.
    policy: root.optionalText("policy") as PolicyName | undefined,
    desk: desk && { dollar: desk.text("dollar"), ...(desk.has("inventory") ? { inventory: desk.amount("inventory") } : {}) },
    keepers: keepers && { coinFeed: keepers.optionalText("coinFeed"), ftnsPerCoin: keepers.amount("ftnsPerCoin") },
    priceFeed: feed.has("chainlink")
      ? { kind: "external", address: feed.text("chainlink"), heartbeat: feed.whole("heartbeat") }
      : {
          kind: "median",
          description: feed.text("description"),
          reporters: feed.texts("reporters"),
          quorum: feed.whole("quorum"),
          ...(feed.has("heartbeat") ? { heartbeat: feed.whole("heartbeat") } : {}),
        },
  };
  root.rejectOthers();
  feed.rejectOthers();
  keepers?.rejectOthers();
  desk?.rejectOthers();
  return { parameters, complaints: checked(parameters, complaints) };
}

/** Reads one JSON object field by field and collects complaints. */
class Fields {
  readonly #prefix: string;
  readonly #fields: Map<string, unknown>;
  readonly #complaints: Complaints;
  readonly #known = new Set<string>();

  constructor(prefix: string, json: unknown, complaints: Complaints) {
    const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
    if (!isObject) complaints.add(prefix === "" ? "the file" : prefix.slice(0, -1), "must be an object");
    this.#prefix = prefix;
    this.#fields = new Map(Object.entries(isObject ? json : {}));
    this.#complaints = complaints;
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  take(name: string): unknown {
    this.#known.add(name);
    return this.#fields.get(name);
  }

  text(name: string): string {
    return this.#text(name, this.take(name));
  }

  optionalText(name: string): string | undefined {
    return this.#fields.has(name) ? this.text(name) : undefined;
  }

  texts(name: string): string[] {
    const value = this.take(name);
    if (!Array.isArray(value)) return this.#complain(name, "must be a list", []);
    return value.map((item, index) => this.#text(`${name}[${index}]`, item));
  }

  whole(name: string): bigint {
    const value = this.take(name);
    if (isPlaceholder(value)) return this.#complain(name, `still says "${value}"`, 0n);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
      return this.#complain(name, "must be a whole number", 0n);
    }
    return BigInt(value);
  }

  /** An amount in FTNS, written as text so that no digit is lost. */
  amount(name: string): bigint {
    const value = this.text(name);
    if (isPlaceholder(value)) return 0n;
    if (!/^\d+(\.\d{1,18})?$/.test(value)) {
      return this.#complain(name, `must be an amount of FTNS as text, such as "100000000"`, 0n);
    }
    return parseUnits(value, 18);
  }

  /** "today", or a date whose 02:00 UTC starts the protocol day. */
  day(name: string): bigint | "today" {
    const value = this.text(name);
    if (value === "today" || isPlaceholder(value)) return "today";
    const midnight = Date.parse(`${value}T00:00:00Z`);
    const isDate = /^\d{4}-\d\d-\d\d$/.test(value) && new Date(midnight).toISOString().startsWith(value);
    if (!isDate) return this.#complain(name, `must be "today" or a date such as "2027-01-31"`, "today" as const);
    return BigInt(midnight / 86_400_000);
  }

  rejectOthers(): void {
    for (const name of this.#fields.keys()) {
      if (!this.#known.has(name)) this.#complain(name, "is not a parameter", undefined);
    }
  }

  #text(name: string, value: unknown): string {
    if (value === undefined || value === "") return this.#complain(name, "is missing", "");
    if (typeof value !== "string") return this.#complain(name, "must be text, in quotes", "");
    if (isPlaceholder(value)) return this.#complain(name, `still says "${value}"`, value);
    return value;
  }

  #complain<T>(name: string, problem: string, instead: T): T {
    // Of what is no object at all, one word is enough.
    if (!this.#complaints.about(`${this.#prefix}${name}`)) this.#complaints.add(`${this.#prefix}${name}`, problem);
    return instead;
  }
}

function isPlaceholder(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("FILL IN");
}

function addressProblem(value: string): string | undefined {
  if (!isAddress(value)) return `"${value}" is no address (or its checksum is wrong)`;
  return getAddress(value) === ZeroAddress ? "is the zero address" : undefined;
}
