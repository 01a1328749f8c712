/** One thread and its answers: the only place that asks the server for them. */
import type { ChatKitEvents } from "@openai/chatkit";

import { newId } from "../ids";
import type { Api, EventStream } from "../network/api";
import { backoffMs, waited } from "../network/backoff";
import { ApiError, Unreachable } from "../network/errors";
import { followed, type Connection } from "../network/following";
import { Observable } from "../observable";
import { isKnown, type NumberedEvent } from "../protocol/events";
import type {
  ClientToolCallItem,
  StructuredAnswer,
  ThreadItem,
  UserMessageItem,
} from "../protocol/items";
import type { Action, StreamingRequest, UserMessageInput } from "../protocol/requests";
import { fold, NO_ANSWER, NO_THREAD, put, without, type ThreadState } from "./fold";

/** What is going on: nothing, a thread is being loaded, an answer is awaited, or being written. */
export type Activity = "idle" | "loading" | "waiting" | "answering";

/** What a conversation needs of the element. */
export interface Surroundings {
  emit<K extends keyof ChatKitEvents>(name: K, detail: ChatKitEvents[K]["detail"]): void;
  /** Runs a client tool on the page. */
  callTool(name: string, params: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** A message that the user has sent and the server has not stored yet. */
export interface Sent {
  input: UserMessageInput;
  item: UserMessageItem;
}

const PAGE = 40;
/** How often a request is sent again that may not have arrived. Its key keeps it from counting twice. */
const TRIES = 4;

export class Conversation {
  readonly thread = new Observable<ThreadState>(NO_THREAD);
  readonly activity = new Observable<Activity>("idle");
  readonly connection = new Observable<Connection>("open");
  /** The message on its way; it is shown at once, and again in the composer if it is refused. */
  readonly sent = new Observable<Sent | null>(null);
  /** What went wrong with the last request, other than in a stream's own `error` event. */
  readonly failure = new Observable<Error | null>(null);

  #reading = new AbortController();

  constructor(
    private readonly api: Api,
    private readonly surroundings: Surroundings,
  ) {}

  /** Whether a message can be sent now. */
  get takesMessages(): boolean {
    return this.activity.value === "idle" && this.thread.value.status.type === "active";
  }

  /** Show a thread, or with null a new one; an answer that is being written there is followed. */
  async open(threadId: string | null): Promise<void> {
    const signal = this.#restart();
    this.thread.value = { ...NO_THREAD, id: threadId };
    this.surroundings.emit("chatkit.thread.change", { threadId });
    if (threadId === null) return;
    this.surroundings.emit("chatkit.thread.load.start", { threadId });
    const loaded = await this.#attempt(signal, "loading", () => this.#load(threadId, signal));
    if (!signal.aborted) this.surroundings.emit("chatkit.thread.load.end", { threadId });
    if (loaded) await this.#rejoin(threadId, signal);
  }

  /** Ask the server what became of the thread meanwhile. */
  async refresh(): Promise<void> {
    const { id } = this.thread.value;
    if (id === null || this.activity.value !== "idle") return;
    const signal = this.#restart();
    if (await this.#attempt(signal, "loading", () => this.#load(id, signal))) {
      await this.#rejoin(id, signal);
    }
  }

  /** Load the page of items before the oldest that is shown. */
  async loadOlder(): Promise<void> {
    const { id, older } = this.thread.value;
    if (id === null || older === null) return;
    const params = { thread_id: id, limit: PAGE, order: "desc", after: older } as const;
    const page = await this.api.request("items.list", params, this.#reading.signal);
    this.thread.update((thread) =>
      thread.id === id && thread.older === older
        ? {
            ...thread,
            items: [...page.data.toReversed(), ...thread.items],
            older: page.has_more ? (page.after ?? null) : null,
          }
        : thread,
    );
  }

  /**
   * Send a message; with `newThread`, or without a thread, it begins one.
   *
   * Returns whether the server took it: the composer gives back what it did not.
   */
  async send(input: UserMessageInput, shown: UserMessageItem, newThread = false): Promise<boolean> {
    if (newThread) await this.open(null);
    const { id } = this.thread.value;
    this.sent.value = { input, item: shown };
    await this.#ask(
      id === null
        ? { type: "threads.create", params: { input } }
        : { type: "threads.add_user_message", params: { thread_id: id, input } },
    );
    return this.#unsent() === null;
  }

  /** Answer a user message again; what came behind it goes. */
  async retry(itemId: string): Promise<void> {
    const { id, items } = this.thread.value;
    if (id === null) return;
    const place = items.findIndex((item) => item.id === itemId);
    const behind = new Set(items.slice(place + 1).map((item) => item.id));
    this.thread.update((thread) => without(thread, behind));
    await this.#ask({
      type: "threads.retry_after_item",
      params: { thread_id: id, item_id: itemId },
    });
  }

  /** Send a widget's action, or one of the page, and follow what it leads to. */
  async act(action: Action, itemId?: string): Promise<void> {
    const { id } = this.thread.value;
    if (id === null) return;
    const params = { thread_id: id, action, ...(itemId === undefined ? {} : { item_id: itemId }) };
    await this.#ask({ type: "threads.custom_action", params });
  }

  /** Send an action whose answer is at most one item. */
  async actAtOnce(action: Action, itemId?: string): Promise<void> {
    const { id } = this.thread.value;
    if (id === null) return;
    const params = { thread_id: id, action, ...(itemId === undefined ? {} : { item_id: itemId }) };
    const { updated_item } = await this.api.request("threads.sync_custom_action", params);
    if (updated_item) this.thread.update((thread) => put(thread, updated_item));
  }

  /** Answer the questions of a form, or skip them all. */
  async submit(
    itemId: string,
    status: "answered" | "skipped",
    answers: Record<string, StructuredAnswer>,
  ): Promise<void> {
    const { id } = this.thread.value;
    if (id === null) return;
    const params = { thread_id: id, item_id: itemId, input: { status, answers } };
    await this.#ask({ type: "threads.add_structured_input", params });
  }

  /** Say whether items were good. */
  async rate(itemIds: string[], kind: "positive" | "negative"): Promise<void> {
    const { id } = this.thread.value;
    if (id === null) return;
    await this.api.request("items.feedback", { thread_id: id, item_ids: itemIds, kind });
  }

  /** Stop the answer; what was written stays. */
  async stop(): Promise<void> {
    const { runId } = this.thread.value.answer;
    if (runId === null) {
      this.#restart(); // closing the connection is all that such a server understands
      return;
    }
    try {
      await this.api.cancel(runId);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Let go of everything, for good. */
  close(): void {
    this.#reading.abort(new DOMException("closed", "AbortError"));
  }

  async #load(threadId: string, signal: AbortSignal): Promise<void> {
    const newest = { thread_id: threadId, limit: PAGE, order: "desc" } as const;
    const [thread, page] = await Promise.all([
      this.api.request("threads.get_by_id", { thread_id: threadId }, signal),
      this.api.request("items.list", newest, signal),
    ]);
    signal.throwIfAborted();
    this.thread.value = {
      ...NO_THREAD,
      id: thread.id,
      title: thread.title ?? null,
      status: thread.status,
      allowedImageDomains: thread.allowed_image_domains ?? null,
      items: page.data.toReversed(),
      older: page.has_more ? (page.after ?? null) : null,
    };
  }

  /** Follow the answer that is being written, or do what the thread waits for. */
  async #rejoin(threadId: string, signal: AbortSignal): Promise<void> {
    await this.#attempt(signal, "idle", async () => {
      const run = await this.api.activeRun(threadId, signal);
      if (run === null) return;
      signal.throwIfAborted();
      this.#begin(run.id);
      await this.#read(await this.api.follow(run.id, null, signal), signal);
    });
  }

  /** Send a request and read what it leads to, client tools included. */
  async #ask(request: StreamingRequest): Promise<void> {
    const signal = this.#restart();
    await this.#attempt(signal, "waiting", async () => {
      let next: StreamingRequest | null = request;
      while (next !== null) {
        this.#begin(null);
        const stream = await this.#sending(next, signal);
        signal.throwIfAborted();
        this.thread.update((thread) => ({
          ...thread,
          answer: { ...thread.answer, runId: stream.runId },
        }));
        await this.#read(stream, signal);
        next = await this.#toolOutput(signal);
      }
    });
  }

  async #sending(request: StreamingRequest, signal: AbortSignal): Promise<EventStream> {
    const key = newId();
    for (let tries = 0; ; tries += 1) {
      try {
        const stream = await this.api.stream(request, key, signal);
        this.connection.value = "open";
        return stream;
      } catch (error) {
        const passing =
          error instanceof Unreachable || (error instanceof ApiError && error.isPassing);
        if (!passing || tries + 1 === TRIES) throw error;
        this.connection.value = "lost";
        const told = error instanceof ApiError ? (error.retryAfterS ?? 0) * 1000 : 0;
        await waited(Math.max(told, backoffMs(tries)), signal);
      }
    }
  }

  async #read(stream: EventStream, signal: AbortSignal): Promise<void> {
    const onConnection = (state: Connection): void => {
      this.connection.value = state;
    };
    this.surroundings.emit("chatkit.response.start", undefined);
    try {
      const after = this.thread.value.answer.lastEventId;
      for await (const one of followed(stream, after, { api: this.api, signal, onConnection })) {
        signal.throwIfAborted(); // another thread may be shown by now
        this.#apply(one);
      }
    } finally {
      if (!signal.aborted) this.#rest();
      this.surroundings.emit("chatkit.response.end", undefined);
    }
  }

  /** Nothing is being written any more. */
  #rest(): void {
    this.connection.value = "open";
    this.thread.update((thread) => ({
      ...thread,
      open: new Set(),
      answer: { ...thread.answer, progress: null },
    }));
  }

  #apply(one: NumberedEvent): void {
    const { event } = one;
    const before = this.thread.value;
    const after = fold(before, one);
    // What was sent and what was stored are shown in one step, so that nothing flickers.
    if (isUserMessage(event)) this.sent.value = null;
    this.thread.value = after;
    if (after.id !== before.id) {
      this.surroundings.emit("chatkit.thread.change", { threadId: after.id });
    }
    if (isAnswer(event)) this.activity.value = "answering";
    switch (event.type) {
      case "client_effect":
        this.surroundings.emit("chatkit.effect", { name: event.name, data: event.data ?? {} });
        break;
      case "error":
        this.surroundings.emit("chatkit.error", {
          error: new Error(event.message ?? `The answer failed (${event.code}).`),
        });
        break;
      default:
        if (!isKnown(event)) {
          this.surroundings.emit("chatkit.log", {
            name: "event.unknown",
            data: { type: event.type },
          });
        }
    }
  }

  /** Run the client tool that waits, and say what came of it. */
  async #toolOutput(signal: AbortSignal): Promise<StreamingRequest | null> {
    const { id, items } = this.thread.value;
    const call = items.findLast(waits);
    if (id === null || call === undefined) return null;
    const result = await this.surroundings.callTool(call.name, call.arguments);
    signal.throwIfAborted();
    // The server does not say so: its answer begins behind the call.
    this.thread.update((thread) => put(thread, { ...call, status: "completed", output: result }));
    return { type: "threads.add_client_tool_output", params: { thread_id: id, result } };
  }

  /** What is still on its way, which is then no longer shown. */
  #unsent(): Sent | null {
    const sent = this.sent.value;
    this.sent.value = null;
    return sent;
  }

  #begin(runId: string | null): void {
    this.thread.update((thread) => ({ ...thread, answer: { ...NO_ANSWER, runId } }));
  }

  /** Stop reading whatever is being read; returns the signal of what comes next. */
  #restart(): AbortSignal {
    this.#reading.abort(new DOMException("another thing was asked for", "AbortError"));
    this.#reading = new AbortController();
    this.#rest();
    this.activity.value = "idle";
    this.failure.value = null;
    return this.#reading.signal;
  }

  /** Do some work; returns whether it was done, and neither failed nor was given up. */
  async #attempt(
    signal: AbortSignal,
    activity: Activity,
    work: () => Promise<void>,
  ): Promise<boolean> {
    this.activity.value = activity;
    try {
      await work();
      return !signal.aborted;
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
      return false;
    } finally {
      if (!signal.aborted) this.activity.value = "idle";
    }
  }

  #fail(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    this.failure.value = failure;
    this.surroundings.emit("chatkit.error", { error: failure });
  }
}

function waits(item: ThreadItem): item is ClientToolCallItem {
  return item.type === "client_tool_call" && item.status === "pending";
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
