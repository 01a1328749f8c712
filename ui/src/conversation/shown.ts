/** What is to be seen of a conversation. */
import type { Connection } from "../network/backoff";
import { Observable } from "../observable";
import type { UserMessageItem } from "../protocol/items";
import type { UserMessageInput } from "../protocol/requests";
import { NO_ANSWER, NO_THREAD, type ThreadState } from "./fold";
import type { Failure } from "./job";

/** What is going on: nothing, a thread is being loaded, an answer is awaited, or being written. */
export type Activity = "idle" | "loading" | "waiting" | "answering";

/** A message that the user has sent and the server has not stored yet. */
export interface Sent {
  input: UserMessageInput;
  item: UserMessageItem;
}

export class Shown {
  readonly thread = new Observable<ThreadState>(NO_THREAD);
  readonly activity = new Observable<Activity>("idle");
  readonly connection = new Observable<Connection>("open");
  /** The message on its way; it is shown at once, and again in the composer if it is refused. */
  readonly sent = new Observable<Sent | null>(null);
  readonly failure = new Observable<Failure | null>(null);

  /** An answer begins; nothing of it is known. */
  answer(runId: string | null): void {
    this.thread.update((thread) => ({ ...thread, answer: { ...NO_ANSWER, runId } }));
  }

  /** Nothing is being written any more. */
  end(): void {
    this.connection.value = "open";
    this.sent.value = null;
    this.thread.update((thread) => ({
      ...thread,
      open: new Set(),
      answer: { ...thread.answer, runId: null, progress: null },
    }));
  }

  /** Nothing is going on any more. */
  rest(): void {
    this.end();
    this.activity.value = "idle";
  }
}
