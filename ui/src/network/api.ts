/** The server's requests, typed. */
import type { PlainRequests, RunView, StreamingRequest } from "../protocol/requests";
import { ApiError, Unreachable } from "./errors";
import { EventStream } from "./event-stream";
import { inTime } from "./in-time";
import type { Transport } from "./transport";

const EVENTS = "text/event-stream";

/** Longest wait for an answer to begin: a message may be held in a server's queue for 55 s. */
export const ANSWER_MS = 75_000;

/** Longest wait for any other answer: none waits for a queue. */
export const REPLY_MS = 15_000;

/** Requests in which the server works before it answers. */
const WORKING: readonly (keyof PlainRequests)[] = [
  "input.transcribe",
  "threads.sync_custom_action",
];

export class Api {
  constructor(private readonly transport: Transport) {}

  /** Ask something that is answered at once. */
  async request<T extends keyof PlainRequests>(
    type: T,
    params: PlainRequests[T][0],
    signal?: AbortSignal,
  ): Promise<PlainRequests[T][1]> {
    const init = { ...posted({ type, params }), signal: signal ?? null };
    const ms = WORKING.includes(type) ? ANSWER_MS : REPLY_MS;
    return await this.#json(this.transport.url, init, ms);
  }

  /**
   * Ask something that is answered with events.
   *
   * There is no way back: the server answers it also if nobody waits any more.
   *
   * @param key Names this request: sent again with the same key, it leads to the same run.
   */
  async stream(request: StreamingRequest, key: string): Promise<EventStream> {
    const init = posted(request);
    const headers = {
      ...init.headers,
      Accept: EVENTS,
      "ChatKit-Stream": "resumable",
      "Idempotency-Key": key,
    };
    return this.#opened(this.transport.url, { ...init, headers }, ANSWER_MS);
  }

  /** Follow a run: behind an event, or from the answer so far. */
  async follow(runId: string, after: string | null, signal: AbortSignal): Promise<EventStream> {
    const headers: Record<string, string> = { Accept: EVENTS };
    if (after !== null) headers["Last-Event-ID"] = after;
    return this.#opened(`${this.#runs}/${runId}/events`, { headers, signal }, REPLY_MS);
  }

  /** A run's state. */
  async run(runId: string, signal: AbortSignal): Promise<RunView> {
    return (await this.#json(`${this.#runs}/${runId}`, { signal })) as RunView;
  }

  /** The run that answers in a thread now; null if there is none, or the server has no runs. */
  async activeRun(threadId: string, signal: AbortSignal): Promise<RunView | null> {
    try {
      const url = `${this.transport.url}/threads/${encodeURIComponent(threadId)}/run`;
      return (await this.#json(url, { signal })) as RunView | null;
    } catch (error) {
      if (error instanceof ApiError && [404, 405].includes(error.status)) return null;
      throw error;
    }
  }

  /** Stop a run; what was written stays. */
  async cancel(runId: string): Promise<void> {
    await this.#json(`${this.#runs}/${runId}/cancel`, { method: "POST" });
  }

  /** An answer's JSON; null for one without content. */
  #json(url: string, init: RequestInit, ms = REPLY_MS): Promise<unknown> {
    return inTime(ms, init.signal ?? null, async (signal) => {
      const answer = await this.transport.fetch(url, { ...init, signal });
      return answer.status === 204 ? null : await jsonOf(answer);
    });
  }

  #opened(url: string, init: RequestInit, ms: number): Promise<EventStream> {
    return inTime(ms, init.signal ?? null, async (signal) =>
      opened(await this.transport.fetch(url, { ...init, signal })),
    );
  }

  get #runs(): string {
    return `${this.transport.url}/runs`;
  }
}

interface Posted {
  method: "POST";
  headers: Record<string, string>;
  body: string;
}

function posted(request: { type: string; params: unknown }): Posted {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...request, metadata: {} }),
  };
}

async function jsonOf(answer: Response): Promise<unknown> {
  try {
    return (await answer.json()) as unknown;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw new Unreachable("the answer broke off", { cause });
    throw new ApiError(answer.status, "unexpected_answer", `${answer.url} answered without JSON`);
  }
}

function opened(answer: Response): EventStream {
  const type = answer.headers.get("content-type") ?? "";
  if (!type.startsWith(EVENTS) || answer.body === null) {
    throw new ApiError(
      answer.status,
      "unexpected_answer",
      `${answer.url} answered with ${type || "nothing"} instead of events`,
    );
  }
  return new EventStream(answer.headers.get("chatkit-run"), answer.body);
}
