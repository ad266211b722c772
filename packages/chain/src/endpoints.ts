import { setTimeout as sleep } from "node:timers/promises";
import { JsonRpcApiProvider, type JsonRpcError, type JsonRpcPayload, type JsonRpcResult, Network, toQuantity } from "ethers";
import type { Logger } from "pino";
import { ServiceError, wordsOf } from "@ftns/service/errors.ts";
import { formatTime } from "@ftns/sdk/units.ts";
import { heightOf, heightsOf } from "./agreement.ts";
import { Endpoint, type EndpointStatus, EndpointTrouble, hostsOf } from "./endpoint.ts";
import { Poll } from "./poll.ts";
import { plainOf } from "./moment.ts";
import { decodeAnswers, encodeReads, groupReads, readOf } from "./read-many.ts";
import { type Judgement, type Reply, type RpcError, type RpcRequest, revertData } from "./replies.ts";

export interface EndpointsSettings {
  /** The preferred one first. */
  rpcUrls: readonly string[];
  chainId: number;
  /** For one request to one endpoint. */
  timeoutMs: number;
  /** How many endpoints must agree on what is read. */
  quorum: number;
  /** Most by which the newest block's time may differ from this machine's clock; 0 for any. */
  maxClockSkewSec: number;
  /** Blocks come only with transactions, so that an old newest block is no fault. */
  blocksOnDemand?: boolean;
}

const CLOCK_HINT =
  "Either the node is stuck, or this machine's clock is wrong; for a chain whose time is not the world's set " +
  "chain.maxClockSkewSec to 0.";
/** How long an endpoint rests that said something else than `quorum` others. */
const DISSENT_REST_MS = 30_000;
/** How long reads travel one by one after an endpoint refused several in one. */
const APART_MS = 600_000;

/** What a call came to: a reply, or why there is none. */
type Outcome = Reply | { failure: ServiceError };

/**
 * An ethers provider over several endpoints. Calls made together travel in one batch to each endpoint that is asked, and views of
 * one moment among them as a single `eth_call`. A reply that is missing, malformed or outvoted is replaced by another endpoint's.
 */
export class Endpoints extends JsonRpcApiProvider {
  readonly #all: readonly Endpoint[];
  readonly #settings: EndpointsSettings;
  readonly #logger: Pick<Logger, "info" | "warn"> | undefined;
  readonly #proving = new Set<Endpoint>();
  readonly #closing = new AbortController();
  /** Clock of `performance.now()` until which views are read one by one. */
  #apartUntil = 0;

  constructor(settings: EndpointsSettings, logger?: Pick<Logger, "info" | "warn">) {
    const network = Network.from(settings.chainId);
    // Nothing is cached: a decision on an old answer is a wrong decision.
    super(network, { staticNetwork: network, cacheTimeout: -1, batchStallTime: 0 });
    const hosts = hostsOf(settings.rpcUrls);
    this.#all = settings.rpcUrls.map((url, index) => new Endpoint(url, hosts[index]!, settings));
    this.#settings = settings;
    this.#logger = logger;
    this._start();
  }

  get statuses(): EndpointStatus[] {
    return this.#all.map(({ status }) => status);
  }

  /** Lets every endpoint prove its chain; refuses to go on with fewer than the quorum. The others are tried again later. */
  async prove(): Promise<void> {
    const { rpcUrls, quorum } = this.#settings;
    const twin = rpcUrls.findIndex((url, index) => rpcUrls.indexOf(url) !== index);
    if (twin >= 0) {
      throw new ServiceError(`chain.rpcUrls.${twin}: this endpoint is listed twice.`, "Each counts once; list another one.");
    }
    const faults: string[] = [];
    await Promise.all(
      this.#all.map(async (one) => {
        try {
          await one.prove();
        } catch (error) {
          faults.push(`${one.host} ${wordsOf(error)}`);
          this.#warn(one);
        }
      }),
    );
    const good = rpcUrls.length - faults.length;
    if (good >= quorum) return;
    const words = faults.join("; ");
    throw new ServiceError(
      rpcUrls.length === 1
        ? `The RPC endpoint at ${words}.`
        : `Of ${rpcUrls.length} RPC endpoints ${good} can be used, and chain.quorum asks for ${quorum}: ${words}.`,
      "Check that the nodes are running, and correct chain.rpcUrls or chain.chainId. Nothing was sent.",
    );
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const requests = (Array.isArray(payload) ? payload : [payload]).map(({ id, method, params }) => {
      return { id, method, params: params as readonly unknown[] };
    });
    const outcomes = await this.#answer(requests);
    return requests.map((request, index) => resultOf(request.id, outcomes[index]!));
  }

  override getRpcError(payload: JsonRpcPayload, reply: JsonRpcError): Error {
    // Ours are no answers of a node: ethers would take a failed eth_call for a revert.
    return (reply.error as unknown) instanceof ServiceError
      ? (reply.error as unknown as ServiceError)
      : super.getRpcError(payload, reply);
  }

  override destroy(): void {
    this.#closing.abort();
    for (const one of this.#all) one.close();
    super.destroy();
  }

  /** Views of one moment are read by one call; what it leaves open is asked for by itself. */
  async #answer(requests: readonly RpcRequest[]): Promise<Outcome[]> {
    const outcomes = new Map<RpcRequest, Outcome>();
    const apart = performance.now() < this.#apartUntil;
    let open: readonly RpcRequest[] = requests;
    // Twice at least: an answer that was cut short is gone on with as long as that leads somewhere.
    for (let together = !apart; open.length > 0; ) {
      const groups = together ? groupReads(open.filter((request) => readOf(request))).filter(({ length }) => length > 1) : [];
      const grouped = new Set(groups.flat());
      const single = open.filter((request) => !grouped.has(request));
      const bundles = groups.map(([first, ...others]): RpcRequest => {
        const reads = [first!, ...others].map((request) => readOf(request)!);
        return { ...first!, params: [{ data: encodeReads(reads) }, first!.params[1]] };
      });
      const replies = await this.#poll([...single, ...bundles]);
      single.forEach((request, index) => outcomes.set(request, replies[index]!));
      let known = 0;
      for (const [index, group] of groups.entries()) {
        const reply = replies[single.length + index]!;
        if ("failure" in reply) {
          for (const request of group) outcomes.set(request, reply);
          continue;
        }
        const answers = "result" in reply ? decodeAnswers(reply.result, group.length) : undefined;
        if (!answers) this.#apartUntil = performance.now() + APART_MS;
        for (const [place, request] of group.entries()) {
          const answer = answers?.[place];
          if (!answer) continue;
          outcomes.set(request, answer);
          known++;
        }
      }
      open = open.filter((request) => !outcomes.has(request));
      together = known > 0 && performance.now() >= this.#apartUntil;
    }
    return requests.map((request) => outcomes.get(request)!);
  }

  async #poll(requests: readonly RpcRequest[]): Promise<Outcome[]> {
    const polls = requests.map((request) => new Poll(plainOf(request), this.#settings.quorum));
    await this.#run(polls);
    return Promise.all(polls.map((poll) => this.#outcomeOf(poll)));
  }

  /** Puts calls to endpoints until each is settled or nobody is left to ask. */
  async #run(polls: readonly Poll[]): Promise<void> {
    const deadline = performance.now() + this.#settings.timeoutMs;
    const running = new Set<Promise<unknown>>();
    this.#lookAfterRested();
    for (;;) {
      const callsOf = new Map<Endpoint, Poll[]>();
      for (const poll of polls) {
        for (const one of poll.choose(this.#all)) callsOf.set(one, [...(callsOf.get(one) ?? []), poll]);
      }
      for (const [one, calls] of callsOf) {
        const asking: Promise<unknown> = this.#ask(one, calls, deadline).finally(() => running.delete(asking));
        // Nobody waits for those that are late.
        asking.catch(() => undefined);
        running.add(asking);
      }
      if (running.size === 0 || polls.every(({ reply }) => reply !== undefined)) return;
      await Promise.race(running);
    }
  }

  async #ask(endpoint: Endpoint, polls: readonly Poll[], deadline: number): Promise<void> {
    // Patience where it was asked for, as far as the time of one request goes.
    if (endpoint.throttled && endpoint.readyAt <= deadline) {
      const pause = endpoint.readyAt - performance.now();
      await sleep(pause, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
    const wasReady = endpoint.ready;
    try {
      const heard = await endpoint.ask(polls.map(({ request }) => request));
      polls.forEach((poll, index) => poll.hear(endpoint, this.#timely(endpoint, poll, heard[index]!)));
    } catch (error) {
      const reason = error instanceof EndpointTrouble ? error.message : wordsOf(error);
      const patient = endpoint.throttled && endpoint.readyAt <= deadline;
      for (const poll of polls) poll.miss(endpoint, reason, patient);
    }
    if (wasReady && !endpoint.ready) this.#warn(endpoint);
    for (const poll of polls) this.#outvote(poll);
  }

  /** Endpoints that have rested prove themselves on the side: whoever hangs again keeps nobody waiting. */
  #lookAfterRested(): void {
    if (this.#all.length === 1) return;
    for (const one of this.#all) {
      if (one.ready || !one.rested || this.#proving.has(one)) continue;
      this.#proving.add(one);
      const back = () => this.#logger?.info({ endpoint: one.host }, `The RPC endpoint at ${one.host} can be used again.`);
      void one
        .prove()
        .then(back, () => this.#warn(one))
        .finally(() => this.#proving.delete(one));
    }
  }

  #outvote(poll: Poll): void {
    for (const dissenter of poll.takeDissenters()) {
      // Endpoints that stand on two branches for a moment differ honestly, so it is no more than a rest.
      dissenter.failed(`says something else than others (${poll.request.method})`, { atLeastMs: DISSENT_REST_MS });
      this.#warn(dissenter);
    }
  }

  /** A newest block that does not fit our clock is no answer: the node is stuck, or our clock is wrong. */
  #timely(endpoint: Endpoint, { rule, request }: Poll, judgement: Judgement): Judgement {
    if (judgement.kind !== "answer" || !("result" in judgement.reply)) return judgement;
    const { result } = judgement.reply;
    if (request.method === "eth_blockNumber") endpoint.saw(Number(result));
    if (rule !== "head") return judgement;
    if (request.params[0] !== "latest") return judgement;
    endpoint.saw(heightOf(result));
    const { maxClockSkewSec } = this.#settings;
    const time = Number((result as { timestamp: string }).timestamp);
    const now = Math.floor(Date.now() / 1_000);
    if (maxClockSkewSec === 0 || Math.abs(time - now) <= maxClockSkewSec) return judgement;
    if (this.#settings.blocksOnDemand && time < now) return judgement;
    const reason =
      `has block ${heightOf(result)} of ${formatTime(BigInt(time))} as its newest, while this machine's clock says ` +
      `${formatTime(BigInt(now))}, more than ${maxClockSkewSec} s apart`;
    endpoint.failed(reason);
    return { kind: "trouble", reason, hint: CLOCK_HINT };
  }

  async #outcomeOf(poll: Poll): Promise<Outcome> {
    const { request } = poll;
    const { id, method, params } = request;
    let { reply } = poll;
    if (!reply && poll.rule === "head") {
      for (const height of heightsOf(poll.votes, this.#settings.quorum)) {
        const there = poll.votes.filter((vote) => "result" in vote.reply && heightOf(vote.reply.result) === height);
        const block = new Poll({ id, method, params: [toQuantity(height), ...params.slice(1)] }, this.#settings.quorum, there);
        this.#outvote(block);
        await this.#run([block]);
        reply = block.reply;
        if (reply && "result" in reply && reply.result !== null) break;
      }
    }
    return reply ?? { failure: poll.failure(this.#all.length) };
  }

  #warn({ host, status }: Endpoint): void {
    // With one endpoint the job that needed it says so.
    if (this.#all.length === 1 || this.#closing.signal.aborted) return;
    this.#logger?.warn({ endpoint: host }, `The RPC endpoint at ${host} ${status.lastFailure?.reason}; others stand in.`);
  }
}

function resultOf(id: number, outcome: Outcome): JsonRpcResult | JsonRpcError {
  if ("failure" in outcome) return { id, error: outcome.failure as never };
  return "error" in outcome ? { id, error: plain(outcome.error) as JsonRpcError["error"] } : { id, result: outcome.result };
}

/** A revert as ethers knows it, which looks for the word and for the data at one place. */
function plain(error: RpcError): RpcError {
  const data = revertData(error);
  return data === "0x" ? error : { code: 3, message: `execution reverted: ${error.message}`, data };
}
