/** The server's requests, typed. */
import type { NumberedEvent, ThreadStreamEvent } from "../protocol/events";
import type { PlainRequests, RunView, StreamingRequest } from "../protocol/requests";
import { ApiError } from "./errors";
import { messages } from "./sse";
import type { Transport } from "./transport";

const EVENTS = "text/event-stream";

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
    const answer = await this.transport.fetch(this.transport.url, {
      ...posted({ type, params }),
      signal: signal ?? null,
    });
    return (await answer.json()) as PlainRequests[T][1];
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
    return opened(await this.transport.fetch(this.transport.url, { ...init, headers, signal }));
  }

  /** Follow a run: behind an event, or from the answer so far. */
  async follow(runId: string, after: string | null, signal: AbortSignal): Promise<EventStream> {
    const headers: Record<string, string> = { Accept: EVENTS };
    if (after !== null) headers["Last-Event-ID"] = after;
    return opened(await this.transport.fetch(`${this.#runs}/${runId}/events`, { headers, signal }));
  }

  /** A run's state. */
  async run(runId: string, signal: AbortSignal): Promise<RunView> {
    const answer = await this.transport.fetch(`${this.#runs}/${runId}`, { signal });
    return (await answer.json()) as RunView;
  }

  /** The run that answers in a thread now; null if there is none, or the server has no runs. */
  async activeRun(threadId: string, signal: AbortSignal): Promise<RunView | null> {
    try {
      const url = `${this.transport.url}/threads/${encodeURIComponent(threadId)}/run`;
      const answer = await this.transport.fetch(url, { signal });
      return answer.status === 204 ? null : ((await answer.json()) as RunView);
    } catch (error) {
      if (error instanceof ApiError && [404, 405].includes(error.status)) return null;
      throw error;
    }
  }

  /** Stop a run; what was written stays. */
  async cancel(runId: string): Promise<void> {
    await this.transport.fetch(`${this.#runs}/${runId}/cancel`, { method: "POST" });
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
