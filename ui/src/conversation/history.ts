/** The list of the user's threads. */
import { asError } from "../errors";
import type { Api } from "../network/api";
import { Observable } from "../observable";
import type { Thread } from "../protocol/items";
import type { Emit } from "./telling";

/** What there is to show of the list. */
export interface HistoryState {
  open: boolean;
  loading: boolean;
  /** Newest first. */
  threads: readonly Thread[];
  /** Cursor of the threads behind the last; null if there are none, undefined before the first page. */
  next: string | null | undefined;
  failure: Error | null;
}

const PAGE = 30;

/** The user's threads, page by page, as the server has them when the list is opened. */
export class History {
  readonly state = new Observable<HistoryState>({
    open: false,
    loading: false,
    threads: [],
    next: undefined,
    failure: null,
  });

  /** Counts the lists that were begun: what comes late for one of them is not for the next. */
  #list = 0;

  constructor(
    private readonly api: Api,
    private readonly emit: Emit,
  ) {}

  /** Show the list, as it is on the server now. */
  async show(): Promise<void> {
    const { open } = this.state.value;
    this.#list += 1;
    this.#put({ open: true, loading: false, threads: [], next: undefined });
    if (!open) this.emit("chatkit.history.open", undefined);
    await this.loadMore();
  }

  hide(): void {
    if (!this.state.value.open) return;
    this.#put({ open: false });
    this.emit("chatkit.history.close", undefined);
  }

  /** Load the next page, if there is one. */
  async loadMore(): Promise<void> {
    const { next, loading } = this.state.value;
    if (loading || next === null) return;
    const list = this.#list;
    this.#put({ loading: true, failure: null });
    try {
      const page = await this.api.request("threads.list", {
        limit: PAGE,
        order: "desc",
        ...(next === undefined ? {} : { after: next }),
      });
      if (list !== this.#list) return;
      this.#put({
        threads: [...this.state.value.threads, ...page.data],
        next: page.has_more ? (page.after ?? null) : null,
        loading: false,
      });
    } catch (error) {
      if (list !== this.#list) return;
      const failure = asError(error);
      this.#put({ failure, loading: false });
      this.emit("chatkit.error", { error: failure });
    }
  }

  /** Give a thread another title. */
  async rename(threadId: string, title: string): Promise<void> {
    await this.api.request("threads.update", { thread_id: threadId, title });
    this.#put({
      threads: this.state.value.threads.map((thread) =>
        thread.id === threadId ? { ...thread, title } : thread,
      ),
    });
  }

  /** Delete a thread with everything in it. */
  async delete(threadId: string): Promise<void> {
    await this.api.request("threads.delete", { thread_id: threadId });
    const threads = this.state.value.threads.filter((thread) => thread.id !== threadId);
    const before = this.state.value.next;
    // A cursor is the id of a thread: that of one which is gone is refused.
    const next = before === threadId ? threads.at(-1)?.id : before;
    this.#put({ threads, next });
    if (next === undefined) void this.loadMore();
  }

  #put(part: Partial<HistoryState>): void {
    this.state.update((state) => ({ ...state, ...part }));
  }
}
