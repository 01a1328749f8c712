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

/** A request of which nobody knows whether it was taken. */
interface Doubt {
  key: string;
  /** Its thread; null if it was to begin one. */
  threadId: string | null;
}

export class Asking {
  /** By their bodies. */
  readonly #doubts = new Map<string, Doubt>();

  constructor(private readonly api: Api) {}

  /**
   * Send a request until the server has taken it; returns what it answers with.
   *
   * A try that is under way is waited for, whatever happens here: only the server knows whether it
   * has taken it. Throws what the server refuses it with, what kept it away for PATIENCE_MS, and the
   * reason of `stopped` once a last try has failed, too. The same request goes under the same key
   * after that, and counts once, until another one is taken in its thread: then it is a new one.
   */
  async taken(
    request: StreamingRequest,
    stopped: AbortSignal,
    onConnection: (state: Connection) => void,
  ): Promise<EventStream> {
    const body = JSON.stringify(request);
    const key = this.#doubts.get(body)?.key ?? newId();
    const backoff = new Backoff(onConnection);
    const until = Date.now() + PATIENCE_MS;
    for (let isLast = false; ; isLast = stopped.aborted || Date.now() >= until) {
      try {
        const stream = await this.api.stream(request, key);
        this.#settle(threadOf(request));
        return stream;
      } catch (error) {
        this.#doubt(body, { key, threadId: threadOf(request) }, error);
        if (!isWorthWaiting(error)) throw error;
        if (isLast) {
          stopped.throwIfAborted();
          throw error;
        }
        // Who stops it wants to know what became of it: that ends the wait, and one more try says it.
        await backoff.wait(error, stopped, until - Date.now()).catch(() => undefined);
      }
    }
  }

  /** The thread has gone on: what was in doubt there would not be said again by mistake. */
  #settle(threadId: string | null): void {
    for (const [body, doubt] of this.#doubts) {
      if (doubt.threadId === threadId) this.#doubts.delete(body);
    }
  }

  #doubt(body: string, doubt: Doubt, error: unknown): void {
    const isRefused = error instanceof ApiError && error.status >= 400 && error.status < 500;
    if (!isRefused) this.#doubts.set(body, doubt);
    else if (DEAD_KEYS.includes(error.code)) this.#doubts.delete(body);
    const [oldest] = this.#doubts.keys();
    if (this.#doubts.size > MOST_DOUBTS && oldest !== undefined) this.#doubts.delete(oldest);
  }
}

/** What a server says of a key that leads to nothing but this answer any more. */
const DEAD_KEYS = ["run_cancelled", "idempotency_key_reused"];

function threadOf({ params }: StreamingRequest): string | null {
  return "thread_id" in params ? params.thread_id : null;
}

/** A limit of the user's is told, and not waited for: it may be an hour's. */
function isWorthWaiting(error: unknown): boolean {
  return isPassing(error) && !(error instanceof ApiError && error.status === 429);
}
