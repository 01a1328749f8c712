/** Reads an answer: what it says is shown, and told to the page. */
import type { Api } from "../network/api";
import type { Connection } from "../network/backoff";
import type { EventStream } from "../network/event-stream";
import { followed } from "../network/following";
import type { NumberedEvent } from "../protocol/events";
import { fold } from "./fold";
import type { Job } from "./job";
import type { Shown } from "./shown";
import { Telling, type Emit } from "./telling";

export class AnswerReader {
  readonly #telling: Telling;

  constructor(
    private readonly api: Api,
    private readonly shown: Shown,
    private readonly emit: Emit,
  ) {
    this.#telling = new Telling(emit);
  }

  /**
   * Read an answer to its end: one that has begun, or that of a run, from the answer so far.
   *
   * An answer of a server without runs also ends when it is stopped. Throws what waiting does not
   * help against, and the reason of `job.left`.
   */
  async read(from: EventStream | string, job: Job): Promise<void> {
    const { left, stopped } = job;
    this.emit("chatkit.response.start", undefined);
    try {
      for await (const one of this.#events(from, job)) {
        left.throwIfAborted(); // another thread may be shown by now
        this.#apply(one);
      }
    } catch (error) {
      if (left.aborted || error !== stopped.reason) throw error;
    } finally {
      if (!left.aborted) this.shown.end();
      this.emit("chatkit.response.end", undefined);
    }
  }

  async *#events(from: EventStream | string, job: Job): AsyncGenerator<NumberedEvent, void> {
    const onConnection = (state: Connection): void => {
      if (!job.left.aborted) this.shown.connection.value = state;
    };
    const reading = { api: this.api, signal: job.left, onConnection };
    if (typeof from === "string") yield* followed(from, null, reading);
    else if (from.runId !== null) yield* followed(from.runId, from, reading);
    else {
      onConnection("open");
      const closing = this.#closing(job);
      try {
        yield* from.read(closing.signal);
      } finally {
        closing.abort();
      }
    }
  }

  /**
   * Closing the connection is all that a server without runs understands: aborted when the thread
   * is left, or stopped and the message stored. Closed before that it may be lost.
   */
  #closing({ left, stopped }: Job): AbortController {
    const closing = new AbortController();
    const { signal } = closing;
    const look = (): void => {
      if (left.aborted) closing.abort(left.reason);
      else if (stopped.aborted && this.shown.sent.value === null) closing.abort(stopped.reason);
    };
    left.addEventListener("abort", look, { signal });
    stopped.addEventListener("abort", look, { signal });
    signal.addEventListener("abort", this.shown.sent.subscribe(look));
    look();
    return closing;
  }

  #apply(one: NumberedEvent): void {
    const { event } = one;
    const before = this.shown.thread.value;
    const after = fold(before, one);
    // What was sent and what was stored are shown in one step, so that nothing flickers.
    if (isUserMessage(event)) this.shown.sent.value = null;
    this.shown.thread.value = after;
    if (isAnswer(event)) this.shown.activity.value = "answering";
    // Last, for the page may do anything when it hears of it.
    if (after.id !== before.id) {
      this.emit("chatkit.thread.change", { threadId: after.id });
    }
    this.#telling.tell(event, after.answer);
  }
}

function isUserMessage(event: NumberedEvent["event"]): boolean {
  return event.type === "thread.item.done" && event.item.type === "user_message";
}

function isAnswer(event: NumberedEvent["event"]): boolean {
  return (
    event.type === "thread.item.updated" ||
    ((event.type === "thread.item.added" || event.type === "thread.item.done") &&
      event.item.type !== "user_message")
  );
}
