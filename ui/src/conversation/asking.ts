/** Requests that lead to an answer: each is sent under one key until the server has taken it. */
import { newId } from "../ids";
import type { Api } from "../network/api";
import { Backoff, type Connection } from "../network/backoff";
import { ApiError, isPassing } from "../network/errors";
import type { EventStream } from "../network/event-stream";
import type { StreamingRequest } from "../protocol/requests";

/** How long a request is sent again and again whose server is away or has too much to do. */
export const PATIENCE_MS = 120_000;

/** How many requests are remembered of which nobody knows whether they were taken. */
const MOST_DOUBTS = 20;

export class Asking {
  /** Keys of requests that may or may not have been taken, by their bodies. */
  readonly #doubts = new Map<string, string>();

  constructor(private readonly api: Api) {}

  /**
   * Send a request until the server has taken it; returns what it answers with.
   *
   * A try that is under way is waited for, whatever happens here: only the server knows whether it
   * has taken it. Throws what the server refuses it with, what kept it away for PATIENCE_MS, and the
   * reason of `stopped` once a last try has failed, too. The same request goes under the same key
   * after that, and counts once.
   */
  async taken(
    request: StreamingRequest,
    stopped: AbortSignal,
    onConnection: (state: Connection) => void,
  ): Promise<EventStream> {
    const body = JSON.stringify(request);
    const key = this.#doubts.get(body) ?? newId();
    const backoff = new Backoff(onConnection);
    const until = Date.now() + PATIENCE_MS;
    for (let isLast = false; ; isLast = stopped.aborted) {
      try {
        const stream = await this.api.stream(request, key);
        this.#doubts.delete(body);
        return stream;
      } catch (error) {
        this.#doubt(body, key, error);
        if (!isWorthWaiting(error) || Date.now() > until) throw error;
        if (isLast) stopped.throwIfAborted();
        // Who stops it wants to know what became of it: that ends the wait, and one more try says it.
        await backoff.wait(error, stopped).catch(() => undefined);
      }
    }
  }

  #doubt(body: string, key: string, error: unknown): void {
    const isRefused = error instanceof ApiError && error.status >= 400 && error.status < 500;
    if (!isRefused) this.#doubts.set(body, key);
    // Its key leads to nothing but this answer any more.
    else if (error.code === "run_cancelled") this.#doubts.delete(body);
    const [oldest] = this.#doubts.keys();
    if (this.#doubts.size > MOST_DOUBTS && oldest !== undefined) this.#doubts.delete(oldest);
  }
}

/** A limit of the user's is told, and not waited for: it may be an hour's. */
function isWorthWaiting(error: unknown): boolean {
  return isPassing(error) && !(error instanceof ApiError && error.status === 429);
}
