/** The server's requests, typed. */
import type { NumberedEvent, ThreadStreamEvent } from "../protocol/events";
import type { PlainRequests, RunView, StreamingRequest } from "../protocol/requests";
import { ApiError, Unreachable } from "./errors";
import { messages } from "./sse";
import type { Transport } from "./transport";

const EVENTS = "text/event-stream";

/** Longest wait for an answer to begin: a message may be held in a server's queue for 55 s. */
export const ANSWER_MS = 75_000;

/** A stream of events that has begun. */
export interface EventStream {
  /** The run that it follows; null if the server does not name runs, and cannot resume. */
  readonly runId: string | null;
  readonly events: AsyncGenerator<NumberedEvent, void>;
}

export class Api {
  constructor(private readonly transport: Transport) {}

  /** Ask something that is answered at once. */
  async request<T extends keyof PlainRequests>(
    type: T,
    params: PlainRequests[T][0],
    signal?: AbortSignal,
  ): Promise<PlainRequests[T][1]> {
    const init = { ...posted({ type, params }), signal: signal ?? null };
    return await this.#json(this.transport.url, init);
  }

  /**
   * Ask something that is answered with events.
   *
   * @param key Names this request: sent again with the same key, it leads to the same run.
   */
  async stream(request: StreamingRequest, key: string, signal: AbortSignal): Promise<EventStream> {
    const init = posted(request);
    const headers = {
      ...init.headers,
      Accept: EVENTS,
      "ChatKit-Stream": "resumable",
      "Idempotency-Key": key,
    };
    return this.#opened(this.transport.url, { ...init, headers, signal });
  }

  /** Follow a run: behind an event, or from the answer so far. */
  async follow(runId: string, after: string | null, signal: AbortSignal): Promise<EventStream> {
    const headers: Record<string, string> = { Accept: EVENTS };
    if (after !== null) headers["Last-Event-ID"] = after;
    return this.#opened(`${this.#runs}/${runId}/events`, { headers, signal });
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
  #json(url: string, init: RequestInit): Promise<unknown> {
    return inTime(init, async (timed) => {
      const answer = await this.transport.fetch(url, timed);
      return answer.status === 204 ? null : ((await answer.json()) as unknown);
    });
  }

  async #opened(url: string, init: RequestInit): Promise<EventStream> {
    return opened(await inTime(init, (timed) => this.transport.fetch(url, timed)));
  }

  get #runs(): string {
    return `${this.transport.url}/runs`;
  }
}

/**
 * Do what a request asks for, with a signal that also ends it when it takes ANSWER_MS.
 *
 * Throws Unreachable then, and what `work` throws.
 */
async function inTime<T>(init: RequestInit, work: (timed: RequestInit) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new Unreachable(`no answer for ${ANSWER_MS / 1000} s`));
  }, ANSWER_MS);
  const signals = [late.signal, ...(init.signal ? [init.signal] : [])];
  try {
    return await work({ ...init, signal: AbortSignal.any(signals) });
  } finally {
    clearTimeout(timer);
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

function opened(answer: Response): EventStream {
  const type = answer.headers.get("content-type") ?? "";
  if (!type.startsWith(EVENTS) || answer.body === null) {
    throw new ApiError(
      answer.status,
      "unexpected_answer",
      `${answer.url} answered with ${type || "nothing"} instead of events`,
    );
  }
  return { runId: answer.headers.get("chatkit-run"), events: eventsOf(answer.body) };
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<NumberedEvent, void> {
  for await (const { id, data } of messages(body)) {
    const event = JSON.parse(data) as ThreadStreamEvent;
    yield { event, id: id === null || id === "" ? null : id };
  }
}
