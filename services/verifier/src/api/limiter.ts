/** Requests of one place in a minute. Places are forgotten when they have been silent, and so are the oldest when there are too many. */
export class RateLimiter {
  readonly #perMinute: number;
  readonly #places = new Map<string, { tokens: number; at: number }>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Whether a request of `place` at `now` (milliseconds) is answered; if not, seconds until one is. */
  take(place: string, now: number): number {
    const known = this.#places.get(place) ?? { tokens: this.#perMinute, at: now };
    const tokens = Math.min(this.#perMinute, known.tokens + ((now - known.at) * this.#perMinute) / 60_000);
    this.#places.delete(place);
    this.#places.set(place, { tokens: Math.max(0, tokens - 1), at: now });
    if (this.#places.size > MOST_PLACES) this.#places.delete(this.#places.keys().next().value!);
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 60) / this.#perMinute);
  }
}

const MOST_PLACES = 10_000;
