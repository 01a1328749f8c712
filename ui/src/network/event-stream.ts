/** An answer's events as they come. */
import type { NumberedEvent, ThreadStreamEvent } from "../protocol/events";
import { ApiError } from "./errors";
import { messages } from "./sse";

/** A stream of events that has begun: it is either read or closed. */
export class EventStream {
  /**
   * @param runId The run that it follows; null if the server does not name runs: such a one cannot
   *   resume, and sends no heartbeats.
   */
  constructor(
    readonly runId: string | null,
    private readonly body: ReadableStream<Uint8Array>,
  ) {}

  /**
   * Yields the events, and closes the connection at the end.
   *
   * Throws the reason of `signal`, Unreachable for a connection that broke, and ApiError or
   * RangeError for what is no event of ChatKit.
   */
  async *read(signal: AbortSignal): AsyncGenerator<NumberedEvent, void> {
    let last: string | null = null;
    for await (const { id, data } of messages(this.body, signal, this.runId !== null)) {
      const one = id === null || id === "" ? null : id;
      yield { event: eventIn(data), id: one, isAnew: isRetold(one) && !isRetold(last) };
      last = one;
    }
  }

  /** Close the connection without reading. */
  async close(): Promise<void> {
    await this.body.cancel().catch(() => undefined);
  }
}

/** Whether an id is of an event that tells what was told before (number 0). */
function isRetold(id: string | null): boolean {
  return id?.endsWith(":0") ?? false;
}

function eventIn(data: string): ThreadStreamEvent {
  try {
    return JSON.parse(data) as ThreadStreamEvent;
  } catch {
    throw new ApiError(200, "unexpected_answer", `not an event: ${data.slice(0, 80)}`);
  }
}
