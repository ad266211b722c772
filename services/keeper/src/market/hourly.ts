const HOUR_MS = 3_600_000;

/** A value that changes little and costs a large request: read again when it is an hour old. A failure is not kept. */
export class Hourly<T> {
  readonly #load: () => Promise<T>;
  #kept: { value: T; at: number } | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  async get(): Promise<T> {
    if (this.#kept && performance.now() - this.#kept.at < HOUR_MS) return this.#kept.value;
    const value = await this.#load();
    this.#kept = { value, at: performance.now() };
    return value;
  }
}
