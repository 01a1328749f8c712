/** An answer that is read to its end, whatever happens to connections. */
import type { NumberedEvent } from "../protocol/events";
import type { Api, EventStream } from "./api";
import { backoffMs, waited } from "./backoff";
import { ApiError, Unreachable } from "./errors";

/** Whether the connection to the server holds. */
export type Connection = "open" | "lost";

export interface Reading {
  api: Api;
  signal: AbortSignal;
  /** Called when a connection breaks and when it is there again. */
  onConnection: (state: Connection) => void;
}

/**
 * Yields the events of `first` and then, should its connection break, those behind the last one,
 * until the run has ended.
 *
 * Of a server that does not name runs there is nothing to go on with: it throws what broke.
 */
export async function* followed(
  first: EventStream,
  after: string | null,
  reading: Reading,
): AsyncGenerator<NumberedEvent, void> {
  const { runId } = first;
  let last = after;
  let stream = first;
  for (;;) {
    try {
      for await (const one of stream.events) {
        last = one.id ?? last;
        yield one;
      }
      if (runId === null || (await hasEnded(runId, reading))) return;
    } catch (error) {
      reading.signal.throwIfAborted();
      if (runId === null) throw error;
    }
    const next = await resumed(stream.runId ?? runId, last, reading);
    if (next === null) return;
    stream = next;
  }
}

/** A stream clean to its end is whole if the run has ended; else its server was being replaced. */
async function hasEnded(runId: string, { api, signal }: Reading): Promise<boolean> {
  const { state } = await api.run(runId, signal);
  return state !== "queued" && state !== "running";
}

/** The stream from behind an event; null if the run's events are gone. */
async function resumed(
  runId: string,
  after: string | null,
  { api, signal, onConnection }: Reading,
): Promise<EventStream | null> {
  for (let tries = 0; ; tries += 1) {
    try {
      const stream = await api.follow(runId, after, signal);
      onConnection("open");
      return stream;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ApiError && error.status === 404) return null;
      const passing =
        error instanceof Unreachable || (error instanceof ApiError && error.isPassing);
      if (!passing) throw error;
      onConnection("lost");
      await waited(backoffMs(tries), signal);
    }
  }
}
