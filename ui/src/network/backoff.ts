/** Waiting between tries: longer each time, never the same for two pages, and over at once on news. */
import { ApiError } from "./errors";
import { onNews } from "./news";

export const FIRST_MS = 500;
export const LONGEST_MS = 15_000;

/** Whether the connection to the server holds. */
export type Connection = "open" | "lost";

/** The tries of one thing that fails for a while. */
export class Backoff {
  #failed = 0;

  /** @param onConnection Told when a wait begins. */
  constructor(private readonly onConnection: (state: Connection) => void) {}

  /** Something came of the last try: the next failure is a first one. */
  reset(): void {
    this.#failed = 0;
  }

  /**
   * Wait before the next try, for as long as the server asked for, or longer; `mostMs` at most.
   *
   * A connection that broke is tried again at once, the first time. Throws the reason of `signal`.
   */
  async wait(error: unknown, signal: AbortSignal, mostMs = Infinity): Promise<void> {
    signal.throwIfAborted();
    const told = error instanceof ApiError ? (error.retryAfterS ?? 0) * 1000 : 0;
    const isFirst = this.#failed === 0 && !(error instanceof ApiError);
    const ms = isFirst ? 0 : Math.max(told, backoffMs(this.#failed));
    this.#failed += 1;
    if (isFirst) return;
    this.onConnection("lost");
    await waited(Math.min(ms, Math.max(mostMs, 0)), signal);
  }
}

/** Milliseconds before try number `tries` (from 0): "full jitter", so that pages do not come together. */
export function backoffMs(tries: number, random: () => number = Math.random): number {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
}

/** Wait; the network coming back or the page being shown again ends the wait. */
async function waited(ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      over.signal.addEventListener("abort", () => clearTimeout(timer));
      onNews(resolve, over.signal);
      signal.addEventListener("abort", () => reject(signal.reason as Error), {
        signal: over.signal,
      });
    });
  } finally {
    over.abort();
  }
}
