import { ServiceError } from "@ftns/service/errors.ts";
import { type Rule, type Vote, groupsOf, isEmptyList, ruleOf, shortly, verdictOf, widthOf } from "./agreement.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Judgement, Reply, RpcRequest } from "./replies.ts";

/** Times that one call is put to an endpoint which asks for patience. */
const MAX_TRIES = 3;

/** One call on its way to an answer: whom it was put to, what they said, and who comes next. */
export class Poll {
  readonly request: RpcRequest;
  readonly rule: Rule;
  readonly votes: Vote<Endpoint>[] = [];
  readonly #quorum: number;
  readonly #tries = new Map<Endpoint, number>();
  /** Endpoints that asked for patience and may be tried once more. */
  readonly #patient = new Set<Endpoint>();
  #dissenters: readonly Endpoint[] = [];
  readonly #pending = new Set<Endpoint>();
  readonly #unable: Vote<Endpoint>[] = [];
  readonly #faults = new Map<Endpoint, string>();
  #hint = "Check that the node is running and chain.rpcUrls.";
  #reply: Reply | undefined;

  /** `votes`: answers that were given already. */
  constructor(request: RpcRequest, quorum: number, votes: readonly Vote<Endpoint>[] = []) {
    this.request = request;
    this.rule = ruleOf(request);
    this.#quorum = quorum;
    for (const vote of votes) {
      this.#tries.set(vote.from, 1);
      this.votes.push(vote);
    }
    this.#settle(true);
  }

  /** What the call came to, once it is settled. */
  get reply(): Reply | undefined {
    return this.#reply;
  }

  /** Notes down the endpoints to put the call to now. Ready ones come in their order, resting ones only when needed. */
  choose(endpoints: readonly Endpoint[]): Endpoint[] {
    if (this.#reply) return [];
    const open = endpoints.filter((one) => !this.#tries.has(one) || this.#patient.has(one));
    const chosen = open.filter(({ ready }) => ready).slice(0, Math.max(0, this.#missing()));
    const resting = open.filter(({ ready }) => !ready).sort((a, b) => a.readyAt - b.readyAt);
    // Never all locked out: when those that are well do not suffice, the least bad are asked, too.
    chosen.push(...resting.slice(0, Math.max(0, this.#needed() - chosen.length)));
    for (const one of chosen) {
      this.#tries.set(one, (this.#tries.get(one) ?? 0) + 1);
      this.#patient.delete(one);
      this.#pending.add(one);
    }
    if (this.#pending.size === 0) this.#settle(false);
    return chosen;
  }

  hear(from: Endpoint, judgement: Judgement): void {
    this.#pending.delete(from);
    if (judgement.kind === "trouble") {
      this.#faults.set(from, judgement.reason);
      this.#hint = judgement.hint ?? this.#hint;
    } else (judgement.kind === "answer" ? this.votes : this.#unable).push({ from, reply: judgement.reply });
    this.#settle(true);
  }

  /** An endpoint was of no use; `patient`: it asks for a little time, after which it may be tried again. */
  miss(endpoint: Endpoint, reason: string, patient: boolean): void {
    if (patient && this.#tries.get(endpoint)! < MAX_TRIES) this.#patient.add(endpoint);
    this.hear(endpoint, { kind: "trouble", reason });
  }

  /** Endpoints whose answer was outvoted; each is named once. */
  takeDissenters(): readonly Endpoint[] {
    const dissenters = this.#dissenters;
    this.#dissenters = [];
    return dissenters;
  }

  /** Why the call came to nothing, and who said what. */
  failure(total: number): ServiceError {
    const { method } = this.request;
    const faults = [...this.#faults].map(([{ host }, reason]) => `${host} ${reason}`);
    if (total === 1 && faults[0]) return new ServiceError(`The RPC endpoint at ${faults[0]}.`, this.#hint);
    const said = groupsOf(method, this.votes).map(
      (group) => `${group.map(({ from }) => from.host).join(", ")}: ${shortly(method, group[0]!.reply)}`,
    );
    const unable = this.#unable.map(({ from }) => `${from.host} cannot tell`);
    const lead =
      this.#quorum > 1
        ? `Fewer than ${this.#quorum} of ${total} RPC endpoints agree on ${method}`
        : `None of ${total} RPC endpoints answers ${method}`;
    return new ServiceError(`${lead}: ${[...said, ...unable, ...faults].join("; ")}.`, this.#hint);
  }

  /** Answers to ask for now, of endpoints that are well. */
  #missing(): number {
    const { size } = this.#pending;
    const width = widthOf(this.rule, this.#quorum);
    if (this.rule === "logs") {
      const empty = this.votes.length > 0 && this.votes.every(({ reply }) => isEmptyList(reply));
      return Math.max(width, empty ? 2 : 1) - this.#largest() - size;
    }
    if (this.rule === "same" || this.rule === "known") return width - this.#largest() - size;
    if (this.rule === "number") return Math.max(width - this.votes.length, 1) - size;
    return width - this.votes.length - size;
  }

  /** Answers without which there is no result, for which resting endpoints are asked. */
  #needed(): number {
    if (this.rule === "send") return this.votes.length + this.#pending.size === 0 ? Infinity : 0;
    if (this.rule === "head") return this.#quorum - this.votes.length - this.#pending.size;
    if (this.rule === "number" && this.votes.length < this.#quorum) {
      return this.#quorum - this.votes.length - this.#pending.size;
    }
    // A second opinion is worth no waiting for endpoints that are not well.
    if (this.rule === "logs") return this.#quorum - this.#largest() - this.#pending.size;
    return this.#missing();
  }

  #largest(): number {
    return groupsOf(this.request.method, this.votes)[0]?.length ?? 0;
  }

  #settle(more: boolean): void {
    if (this.#reply) return;
    const verdict = verdictOf(this.request, this.votes, this.#quorum, more);
    if (verdict.kind === "settled") {
      this.#reply = verdict.reply;
      this.#dissenters = verdict.dissenters;
    } else if (!more && this.#unable.length >= this.#quorum) {
      this.#reply = this.#unable[0]!.reply;
    }
  }
}
