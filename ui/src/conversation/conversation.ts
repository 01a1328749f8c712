/** One thread and what goes on in it: the only place that asks the server for answers. */
import { asError } from "../errors";
import type { Api } from "../network/api";
import { ApiError } from "../network/errors";
import type { EventStream } from "../network/event-stream";
import type {
  ClientToolCallItem,
  StructuredAnswer,
  ThreadItem,
  UserMessageItem,
} from "../protocol/items";
import type { Action, StreamingRequest, UserMessageInput } from "../protocol/requests";
import { Asking } from "./asking";
import { ClientTools, waitingCalls, type CallTool, type ToolOutput } from "./client-tools";
import { NO_ANSWER, NO_THREAD, put, refreshed, without } from "./fold";
import { Job, type Outcome } from "./job";
import { Line } from "./line";
import { AnswerReader } from "./reader";
import { Shown, type Activity, type Sent } from "./shown";
import type { Emit } from "./telling";

/** What a conversation needs of the element. */
export interface Surroundings {
  emit: Emit;
  callTool: CallTool;
}

/** What is to be asked when its turn has come. */
interface Ask {
  /** The request, to the thread of then; null if there is nothing to ask any more. */
  request: (threadId: string | null) => StreamingRequest | null;
  sent?: Sent;
  /** Puts things back if the server does not take the request. */
  undo?: () => void;
  /** What can be done then. */
  remedy?: () => void;
}

const PAGE = 40;

/** One thread: what is shown of it, and everything that is asked of it, one thing after the other. */
export class Conversation {
  readonly #shown = new Shown();
  readonly thread = this.#shown.thread;
  readonly activity = this.#shown.activity;
  readonly connection = this.#shown.connection;
  readonly sent = this.#shown.sent;
  readonly failure = this.#shown.failure;

  #isUntouched = true;
  /** Whether the thread that is shown is more than its id. */
  #isLoaded = true;
  /** Whether a client tool is being waited for. */
  #isCalling = false;
  #left = new AbortController();
  #line = new Line(this.#left.signal);
  #stopped = new AbortController();
  /** A refresh that waits for its turn: one is enough. */
  #refreshing: Promise<void> | null = null;
  readonly #asking: Asking;
  readonly #tools: ClientTools;
  readonly #reader: AnswerReader;

  constructor(
    private readonly api: Api,
    private readonly surroundings: Surroundings,
  ) {
    this.#asking = new Asking(api);
    this.#tools = new ClientTools(surroundings.callTool);
    this.#reader = new AnswerReader(api, this.#shown, surroundings.emit);
  }

  /** Whether nothing has been opened or asked yet. */
  get isUntouched(): boolean {
    return this.#isUntouched;
  }

  /** Whether a message can be sent now. */
  get takesMessages(): boolean {
    return this.activity.value === "idle" && this.thread.value.status.type === "active";
  }

  /**
   * Show a thread, or with null a new one; resolves when it is shown, or cannot be.
   *
   * An answer that is being written there is followed, and a client tool that it waits for is run.
   * What waits for its turn in the thread before is given up; what was sent there goes its way.
   */
  async open(threadId: string | null): Promise<void> {
    this.#leave();
    this.thread.value = { ...NO_THREAD, id: threadId };
    this.#isLoaded = threadId === null;
    const { signal } = this.#left;
    const { emit } = this.surroundings;
    emit("chatkit.thread.change", { threadId });
    const isHere = (): boolean => this.#left.signal === signal; // the page may open another
    if (threadId === null || !isHere()) return;
    emit("chatkit.thread.load.start", { threadId });
    const end = (): void => emit("chatkit.thread.load.end", { threadId });
    if (isHere()) await this.#show(threadId, end);
    else end();
  }

  /**
   * Ask the server what became of the thread, once an answer that is being written has ended; at
   * once while a client tool runs, which may be the one that asks.
   */
  async refresh(): Promise<void> {
    const { id } = this.thread.value;
    if (id === null) return;
    if (this.#isCalling) {
      await this.#load(id, this.#left.signal).catch((error: unknown) => {
        this.#fail(error, { left: this.#left.signal, remedy: this.#lookAgain, during: "load" });
      });
      return;
    }
    if (this.activity.value === "idle") await this.#show(id);
    else await (this.#refreshing ??= this.#show(id));
  }

  /** Load the page of items before the oldest that is shown. */
  async loadOlder(): Promise<void> {
    const { id, older } = this.thread.value;
    if (id === null || older === null) return;
    const params = { thread_id: id, limit: PAGE, order: "desc", after: older } as const;
    const page = await this.api.request("items.list", params, this.#left.signal);
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
   * Send a message; with `newThread`, or without a thread, it begins one. It waits for an answer
   * that is being written.
   *
   * Returns at the end of its answer whether the server took it: the composer gives back at once
   * what it did not.
   */
  async send(input: UserMessageInput, shown: UserMessageItem, newThread = false): Promise<boolean> {
    const { isTaken } = await this.#say({ input, item: shown }, newThread);
    return isTaken;
  }

  /** The same, but throws what kept the server from taking the message. */
  async deliver(input: UserMessageInput, shown: UserMessageItem, newThread = false): Promise<void> {
    const { isTaken, error } = await this.#say({ input, item: shown }, newThread);
    if (!isTaken && error !== null) throw error;
  }

  /** Answer a user message again; what came behind it goes, and is back if the server refuses. */
  async retry(itemId: string): Promise<void> {
    let removed: readonly ThreadItem[] = [];
    await this.#ask({
      request: (thread_id) => {
        const { items } = this.thread.value;
        const place = items.findIndex(({ id }) => id === itemId);
        if (thread_id === null || place < 0) return null;
        removed = items.slice(place + 1);
        this.thread.update((thread) => without(thread, new Set(removed.map(({ id }) => id))));
        return { type: "threads.retry_after_item", params: { thread_id, item_id: itemId } };
      },
      // Older items may have been loaded meanwhile.
      undo: () => {
        this.thread.update((thread) => ({ ...thread, items: [...thread.items, ...removed] }));
      },
      remedy: () => void this.retry(itemId),
    });
  }

  /**
   * Send a widget's action, or one of the page, and follow what it leads to. It waits for an answer
   * that is being written.
   *
   * Throws what went wrong, which the page has been told of then.
   */
  async act(action: Action, itemId?: string): Promise<void> {
    const item = itemId === undefined ? {} : { item_id: itemId };
    const { error } = await this.#ask({
      request: (thread_id) =>
        thread_id === null
          ? null
          : { type: "threads.custom_action", params: { thread_id, action, ...item } },
    });
    if (error !== null) throw error;
  }

  /** Send an action whose answer is at most one item. */
  async actAtOnce(action: Action, itemId?: string): Promise<void> {
    const { id } = this.thread.value;
    if (id === null) return;
    const params = { thread_id: id, action, ...(itemId === undefined ? {} : { item_id: itemId }) };
    const { updated_item } = await this.api.request("threads.sync_custom_action", params);
    if (updated_item && this.thread.value.id === id) {
      this.thread.update((thread) => put(thread, updated_item));
    }
  }

  /** Answer the questions of a form, or skip them all. */
  async submit(
    itemId: string,
    status: "answered" | "skipped",
    answers: Record<string, StructuredAnswer>,
  ): Promise<void> {
    const input = { status, answers };
    await this.#ask({
      request: (thread_id) =>
        thread_id === null
          ? null
          : {
              type: "threads.add_structured_input",
              params: { thread_id, item_id: itemId, input },
            },
    });
  }

  /** Say whether items were good. */
  async rate(itemIds: string[], kind: "positive" | "negative"): Promise<void> {
    const { id } = this.thread.value;
    if (id === null) return;
    await this.api.request("items.feedback", { thread_id: id, item_ids: itemIds, kind });
  }

  /**
   * Stop what is going on; what was written stays.
   *
   * A request of which the server has said nothing yet is tried once more at most, and is stopped
   * as soon as the server has named its run.
   */
  async stop(): Promise<void> {
    this.#stopped.abort(new DOMException("stopped by the user", "AbortError"));
    const { runId } = this.thread.value.answer;
    if (runId !== null) await this.#cancel(runId);
  }

  /** Let go of everything; `refresh` takes the thread up again. */
  close(): void {
    this.#leave();
  }

  #say(sent: Sent, newThread: boolean): Promise<Outcome> {
    if (newThread) void this.open(null);
    const { input } = sent;
    return this.#ask({
      sent,
      request: (thread_id) =>
        thread_id === null
          ? { type: "threads.create", params: { input } }
          : { type: "threads.add_user_message", params: { thread_id, input } },
    });
  }

  /** Ask in turn, and read all that comes of it. */
  #ask({ request, sent, undo, remedy }: Ask): Promise<Outcome> {
    if (this.#isCalling) {
      const error = new Error("A client tool is running, and the thread waits for its output.");
      return Promise.resolve({ isTaken: false, error });
    }
    return this.#inTurn("waiting", async (job) => {
      this.sent.value = sent ?? null;
      if (!this.#isLoaded) {
        await this.#loadNow(job);
        this.sent.value = sent ?? null; // an answer that was read to its end has taken it away
      }
      const asked = request(this.thread.value.id);
      if (asked === null) return;
      job.remedy = remedy ?? null;
      try {
        await this.#read(await this.#begun(asked, job), job);
      } catch (error) {
        if (!job.isTaken && !job.left.aborted) undo?.();
        throw error;
      }
      await this.#answerTools(job);
    });
  }

  /** Show in turn what the server has of a thread, then go on with it; resolves in between. */
  #show(threadId: string, onShown?: () => void): Promise<void> {
    return new Promise((resolve) => {
      const turn = this.#inTurn("loading", async (job) => {
        this.#refreshing = null;
        job.remedy = this.#lookAgain;
        const runId = await this.#load(threadId, job.left).finally(onShown);
        resolve();
        job.left.throwIfAborted(); // the page may have opened another
        if (runId !== null) await this.#read(runId, job);
        await this.#answerTools(job);
      });
      void turn.then(() => resolve());
    });
  }

  /** Load a thread that could not be loaded when it was opened: what is asked goes behind all of it. */
  async #loadNow(job: Job): Promise<void> {
    const { id } = this.thread.value;
    if (id === null) return;
    job.remedy = this.#lookAgain;
    const runId = await this.#load(id, job.left);
    if (runId !== null) await this.#read(runId, job);
  }

  /** Do something when its turn has come. What goes wrong is told, and returned. */
  async #inTurn(activity: Activity, work: (job: Job) => Promise<void>): Promise<Outcome> {
    this.#isUntouched = false;
    const { signal } = this.#left;
    let job = new Job(signal, signal);
    try {
      await this.#line.take(() => {
        this.#stopped = new AbortController();
        job = new Job(signal, this.#stopped.signal);
        job.during = activity === "loading" ? "load" : "request";
        this.activity.value = activity;
        this.failure.value = null;
        return this.#done(job, work);
      });
      return job.outcome();
    } catch (error) {
      return job.outcome(error);
    }
  }

  async #done(job: Job, work: (job: Job) => Promise<void>): Promise<void> {
    try {
      await work(job);
    } catch (error) {
      if (!job.isEnd(error)) this.#fail(error, job);
      throw error;
    } finally {
      if (!job.left.aborted) this.#shown.rest();
    }
  }

  /** The thread as the server has it; returns the run that is to be followed then. */
  async #load(threadId: string, left: AbortSignal): Promise<string | null> {
    const [thread, run] = await Promise.all([
      this.api.request("threads.get_by_id", { thread_id: threadId }, left),
      this.api.activeRun(threadId, left),
    ]);
    // The items last: what the run had said when it ended is among them, or is followed.
    const newest = { thread_id: threadId, limit: PAGE, order: "desc" } as const;
    const page = await this.api.request("items.list", newest, left);
    left.throwIfAborted();
    const shown = refreshed(this.thread.value, thread, page);
    const items = this.#tools.seen(shown.items);
    const runId = run?.id ?? null;
    if (runId !== null) this.activity.value = "waiting";
    this.thread.value = { ...shown, items, answer: { ...NO_ANSWER, runId } };
    this.#isLoaded = true;
    return runId;
  }

  /** The answer to a request, once the server has taken it. */
  async #begun(request: StreamingRequest, job: Job): Promise<EventStream> {
    this.#shown.answer(null);
    const stream = await this.#asking.taken(request, job.stopped, (state) => {
      if (!job.left.aborted) this.connection.value = state;
    });
    job.isTaken = true;
    job.remedy = stream.runId === null ? this.#answerAgain : this.#lookAgain;
    if (job.left.aborted) {
      await stream.close();
      // Whoever has come back to the thread meanwhile has not seen it.
      const { params } = request;
      if ("thread_id" in params && params.thread_id === this.thread.value.id) void this.refresh();
      job.left.throwIfAborted();
    }
    return stream;
  }

  /** Read an answer to its end: one that has begun, or that of a run. */
  async #read(from: EventStream | string, job: Job): Promise<void> {
    const runId = typeof from === "string" ? from : from.runId;
    this.#shown.answer(runId);
    if (job.stopped.aborted && runId !== null) void this.#cancel(runId);
    try {
      await this.#reader.read(from, job);
    } catch (error) {
      const { id } = this.thread.value;
      const isGone = runId !== null && error instanceof ApiError && error.status === 404;
      if (!isGone || id === null || job.left.aborted) throw error;
      // The answer's events are deleted after a while; the thread's items tell all.
      const next = await this.#load(id, job.left);
      if (next === runId) throw error;
      if (next !== null) await this.#read(next, job);
    }
  }

  /** Run the client tools that the thread waits for, and read what their output leads to. */
  async #answerTools(job: Job): Promise<void> {
    for (;;) {
      const { id, items, status } = this.thread.value;
      const calls = waitingCalls(items);
      const call = calls.at(-1);
      if (id === null || call === undefined || status.type !== "active") return;
      this.activity.value = "answering";
      const output = await this.#outputOf(call, job);
      const answer = output === null ? null : await this.#outputTaken(id, output, job);
      // The server takes an output for the newest call, gives up those before it, and says neither.
      this.#tools.close(calls);
      this.thread.update((thread) => ({ ...thread, items: this.#tools.seen(thread.items) }));
      if (output === null) return;
      if (answer !== null) await this.#read(answer, job);
    }
  }

  /** What a call comes to; null once the user has stopped it. */
  async #outputOf(call: ClientToolCallItem, job: Job): Promise<ToolOutput | null> {
    if (job.stopped.aborted) return null;
    this.#isCalling = true;
    try {
      return await this.#tools.output(call, job);
    } finally {
      if (!job.left.aborted) this.#isCalling = false;
    }
  }

  /** The answer to a tool's output: to another page's, if that was faster. */
  async #outputTaken(
    id: string,
    result: ToolOutput,
    job: Job,
  ): Promise<EventStream | string | null> {
    const params = { thread_id: id, result };
    try {
      return await this.#begun({ type: "threads.add_client_tool_output", params }, job);
    } catch (error) {
      if (!isAnswered(error) || job.left.aborted) throw error;
      return this.#load(id, job.left);
    }
  }

  readonly #lookAgain = (): void => void this.refresh();

  /** A server without runs has forgotten an answer that broke off: the question is all there is. */
  readonly #answerAgain = (): void => {
    const { items, answer } = this.thread.value;
    const place = items.findLastIndex(({ type }) => type === "user_message");
    const isLast = items.slice(place + 1).every(({ id }) => answer.items.includes(id));
    const asked = items[place];
    if (asked !== undefined && isLast) void this.retry(asked.id);
    else this.#lookAgain();
  };

  async #cancel(runId: string): Promise<void> {
    const { signal: left } = this.#left;
    try {
      await this.api.cancel(runId);
    } catch (error) {
      this.#fail(error, { left, remedy: null, during: "request" });
    }
  }

  /** Go: nothing of what is being read or waits for its turn is of interest any more. */
  #leave(): void {
    this.#isUntouched = false;
    this.#isCalling = false;
    this.#left.abort(new DOMException("the thread was left", "AbortError"));
    this.#left = new AbortController();
    this.#line = new Line(this.#left.signal);
    this.#refreshing = null;
    this.failure.value = null;
    this.#shown.rest();
  }

  /** Tell what went wrong; it is shown unless the thread was left. */
  #fail(error: unknown, job: Pick<Job, "left" | "remedy" | "during">): void {
    const { left, remedy, during } = job;
    const told = asError(error);
    if (!left.aborted) this.failure.value = { error: told, remedy, during };
    this.surroundings.emit("chatkit.error", { error: told });
  }
}

/** Another page has said what the tool came to. */
function isAnswered(error: unknown): boolean {
  return error instanceof ApiError && error.code === "no_pending_tool_call";
}
