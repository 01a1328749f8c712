/** Work that waits for its turn. */

/** How much may wait. A page that sends more has lost sight of what it does. */
export const MOST_WAITING = 20;

/** Does one thing after the other, in the order in which they came. */
export class Line {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** @param over Aborted when what still waits is not wanted any more. */
  constructor(private readonly over: AbortSignal) {}

  /**
   * Do some work, at once if nothing else is done.
   *
   * Throws what it throws, the reason of `over` if that came first, and RangeError if MOST_WAITING
   * things wait already.
   */
  async take(work: () => Promise<void>): Promise<void> {
    this.over.throwIfAborted();
    if (this.#isTaken) await this.#turn();
    this.#isTaken = true;
    try {
      await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#isTaken = false;
      else next();
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) {
      throw new RangeError(`${MOST_WAITING} requests wait for the answer to end already`);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      this.over.addEventListener("abort", () => reject(this.over.reason as Error));
    });
  }
}
