/** An answer that is read to its end, whatever happens to connections. */
import type { NumberedEvent } from "../protocol/events";
import type { Api } from "./api";
import { Backoff, type Connection } from "./backoff";
import { isPassing } from "./errors";
import type { EventStream } from "./event-stream";

export interface Reading {
  api: Api;
  signal: AbortSignal;
  /** Called when a connection breaks and when it is there again. */
  onConnection: (state: Connection) => void;
}

/**
 * Yields the events of a run until it has ended: those of `begun`, or else from the answer so far,
 * and whenever the connection breaks those behind the last one.
 *
 * Throws what waiting does not help against: ApiError with status 404 if the events are gone.
 */
export async function* followed(
  runId: string,
  begun: EventStream | null,
  reading: Reading,
): AsyncGenerator<NumberedEvent, void> {
  const { api, signal, onConnection } = reading;
  const backoff = new Backoff(onConnection);
  let stream = begun;
  let last: string | null = null;
  for (;;) {
    let failure: unknown = null;
    try {
      stream ??= await api.follow(runId, last, signal);
      onConnection("open");
      for await (const one of stream.read(signal)) {
        backoff.reset();
        last = one.id ?? last;
        yield one;
      }
      if (await hasEnded(runId, reading)) return;
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      failure = error;
    }
    stream = null;
    await backoff.wait(failure, signal);
  }
}

/** A stream clean to its end is whole if the run has ended; else its server was being replaced. */
async function hasEnded(runId: string, { api, signal }: Reading): Promise<boolean> {
  const { state } = await api.run(runId, signal);
  return state !== "queued" && state !== "running";
}
