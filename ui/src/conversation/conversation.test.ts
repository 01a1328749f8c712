import type { ChatKitEvents } from "@openai/chatkit";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Api } from "../network/api";
import { framed, refused, streaming, Wire } from "../network/testing";
import { PageTransport } from "../network/transport";
import type { ThreadStreamEvent } from "../protocol/events";
import type { ThreadItem } from "../protocol/items";
import { PATIENCE_MS } from "./asking";
import { Conversation } from "./conversation";
import { inputOf, shownAs, EMPTY } from "./draft";
import { MOST_WAITING } from "./line";

const URL = "https://chat.test/chatkit";
const of = { thread_id: "thr", created_at: "2026-01-01T00:00:00Z" };
const THREAD = { id: "thr", title: null, ...of, status: { type: "active" }, metadata: {} };
const ANSWER: ThreadItem = { ...of, type: "assistant_message", id: "a", content: [] };

interface Asked {
  url: string;
  type?: string;
  params?: Record<string, unknown>;
  headers: Headers;
}

/** An answer that the test writes piece by piece; without an id its server names no runs. */
class Run extends Wire {
  constructor(readonly runId: string | null = "run_1") {
    super();
  }
}

/** An answer whose headers are held back until the test says what it is. */
class Held {
  readonly answer: Promise<Response>;
  release!: (answer: Response | Run | null) => void;
  constructor() {
    this.answer = new Promise((resolve, reject) => {
      this.release = (answer) =>
        answer === null ? reject(new TypeError("no network")) : resolve(responseOf(answer));
    });
  }
}

const responseOf = (answer: Response | Run): Response =>
  answer instanceof Run ? streaming(answer.body, answer.runId) : answer;

/** A conversation with a server that answers in turn as the test says; then it is away. */
let answers: (Response | Run | Held | null)[];
let asked: Asked[];
let told: [name: keyof ChatKitEvents, detail: unknown][];
let callTool: ReturnType<typeof vi.fn<(name: string) => Promise<Record<string, unknown>>>>;
let conversation: Conversation;
/** What the page does when it hears of something. */
let surrounding: (name: keyof ChatKitEvents, detail: unknown) => void;

const send: typeof fetch = (url, init) => {
  init?.signal?.throwIfAborted();
  const body = JSON.parse((init?.body ?? "{}") as string) as Omit<Asked, "url" | "headers">;
  asked.push({
    url: (url as string).replace(URL, ""),
    headers: new Headers(init?.headers),
    ...body,
  });
  const answer = answers.shift();
  if (answer instanceof Held) return answer.answer;
  return answer ? Promise.resolve(responseOf(answer)) : Promise.reject(new TypeError("no network"));
};

beforeEach(() => {
  [answers, asked, told] = [[], [], []];
  surrounding = () => undefined;
  callTool = vi.fn(() => Promise.resolve({ color: "blue" }));
  conversation = new Conversation(new Api(new PageTransport(URL, send)), {
    emit: (name, detail) => {
      told.push([name, detail]);
      surrounding(name, detail);
    },
    callTool,
  });
});

/** An answer's body. Without `runId` its server names no runs: the stream's end is the end. */
function answer(events: ThreadStreamEvent[], runId: string | null = null): Response {
  const body = events.map((event, index) => framed(event, runId && `${runId}:${index + 1}`));
  return streaming(body.join(""), runId);
}

const done = (item: ThreadItem): ThreadStreamEvent => ({ type: "thread.item.done", item });
const CREATED = { type: "thread.created", thread: THREAD } as unknown as ThreadStreamEvent;

function message(text: string) {
  const input = inputOf({ ...EMPTY, content: [{ type: "input_text", text }] });
  if (input === null) throw new Error("a message needs a text");
  return [input, shownAs(input, [])] as const;
}

function stored(text: string): ThreadItem {
  const [, item] = message(text);
  return { ...item, id: `stored ${text}`, thread_id: "thr" };
}

const page = (...data: ThreadItem[]): Response => Response.json({ data, has_more: false });
const shown = (): string[] => conversation.thread.value.items.map(({ id }) => id);
const names = (): string[] => told.map(([name]) => name.replace("chatkit.", ""));

const NO_RUN = (): Response => new Response(null, { status: 204 });
const running = (id = "run_1"): Response =>
  Response.json({ id, thread_id: "thr", state: "running" });
const ended = (id = "run_1"): Response =>
  Response.json({ id, thread_id: "thr", state: "completed" });

/** What a thread is loaded with, in which nothing goes on. */
const loaded = (...items: ThreadItem[]): Response[] => [
  Response.json(THREAD),
  NO_RUN(),
  page(...items.toReversed()),
];

const idle = (): Promise<void> =>
  vi.waitFor(() => expect(conversation.activity.value).toBe("idle"));
/** Everything that the server was to answer has been asked. */
const allAsked = (): Promise<void> => vi.waitFor(() => expect(answers).toHaveLength(0));

/** A thread that is open and idle. */
async function opened(...items: ThreadItem[]): Promise<void> {
  answers = [...loaded(...items)];
  await conversation.open("thr");
  await idle();
  [asked, told] = [[], []];
}

describe("a message", () => {
  it("begins a thread, and is shown before the server has stored it", async () => {
    const wire = new Run(null);
    answers = [wire];
    const sending = conversation.send(...message("Hello"));
    expect(conversation.sent.value?.input.content).toEqual([{ type: "input_text", text: "Hello" }]);
    expect(conversation.activity.value).toBe("waiting");
    wire.write(framed(CREATED) + framed(done(stored("Hello"))) + framed(done(ANSWER)));
    wire.end();
    expect(await sending).toBe(true);
    expect(conversation.sent.value).toBeNull();
    expect(shown()).toEqual(["stored Hello", "a"]);
    expect(names()).toEqual(["response.start", "thread.change", "response.end"]);
    expect(conversation.activity.value).toBe("idle");
  });

  it("goes to the thread that is open", async () => {
    await opened(stored("Before"));
    answers = [answer([done(stored("Then")), done(ANSWER)])];
    await conversation.send(...message("Then"));
    expect(asked[0]).toMatchObject({
      type: "threads.add_user_message",
      params: { thread_id: "thr" },
    });
    expect(shown()).toEqual(["stored Before", "stored Then", "a"]);
  });

  it("that the server refuses is given back", async () => {
    answers = [refused(409, "thread_busy")];
    expect(await conversation.send(...message("Hello"))).toBe(false);
    expect(conversation.failure.value?.error.message).toBe("It was thread_busy.");
    expect(names()).toEqual(["error"]);
    expect(conversation.sent.value).toBeNull();
    expect(conversation.activity.value).toBe("idle");
  });

  it("is sent again under the same key while the network is away, and counts once", async () => {
    vi.useFakeTimers();
    try {
      answers = [null, refused(503), answer([CREATED, done(stored("Hello")), done(ANSWER)])];
      const sending = conversation.send(...message("Hello"));
      await vi.advanceTimersByTimeAsync(0);
      expect(conversation.connection.value).toBe("lost");
      await vi.runAllTimersAsync();
      expect(await sending).toBe(true);
      expect(conversation.connection.value).toBe("open");
      expect(asked).toHaveLength(3);
      expect(new Set(asked.map(({ headers }) => headers.get("idempotency-key"))).size).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a message whose fate is not known", () => {
  const keys = (): (string | null)[] => asked.map(({ headers }) => headers.get("idempotency-key"));

  it("is tried for two minutes; unchanged, it is sent again under the same key", async () => {
    vi.useFakeTimers();
    try {
      const sending = conversation.send(...message("Hello"));
      await vi.advanceTimersByTimeAsync(PATIENCE_MS - 1);
      expect(conversation.sent.value).not.toBeNull();
      expect(conversation.connection.value).toBe("lost");
      await vi.advanceTimersByTimeAsync(PATIENCE_MS);
      expect(await sending).toBe(false);
      expect(conversation.connection.value).toBe("open");
      expect(asked.length).toBeGreaterThan(5);
      answers = [answer([CREATED, done(stored("Hello")), done(ANSWER)])];
      expect(await conversation.send(...message("Hello"))).toBe(true);
      expect(new Set(keys()).size).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is a new one when the same is said again after its thread has gone on", async () => {
    await opened();
    answers = [refused(500)];
    expect(await conversation.send(...message("Yes"))).toBe(false);
    answers = [answer([done(stored("Sure?")), done(ANSWER)])];
    await conversation.send(...message("Sure?"));
    answers = [answer([done(stored("Yes")), done({ ...ANSWER, id: "b" })])];
    await conversation.send(...message("Yes"));
    expect(new Set(keys()).size).toBe(3);
  });

  it("is not held to a key of which the server says that it is another request's", async () => {
    answers = [refused(500), refused(409, "idempotency_key_reused")];
    await conversation.send(...message("Hello"));
    await conversation.send(...message("Hello"));
    answers = [answer([CREATED, done(stored("Hello")), done(ANSWER)])];
    expect(await conversation.send(...message("Hello"))).toBe(true);
    expect(keys()[1]).toBe(keys()[0]);
    expect(keys()[2]).not.toBe(keys()[0]);
  });

  it("is tried for no longer than that, whatever the server asks for", async () => {
    vi.useFakeTimers();
    try {
      const later = refused(503);
      later.headers.set("Retry-After", "3600");
      answers = [later];
      const sending = conversation.send(...message("Hello"));
      await vi.advanceTimersByTimeAsync(PATIENCE_MS);
      expect(await sending).toBe(false);
      expect(asked).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is tried once more after the time is up: a laptop may have slept through it", async () => {
    vi.useFakeTimers();
    try {
      const held = new Held();
      answers = [held];
      const sending = conversation.send(...message("Hello"));
      vi.setSystemTime(Date.now() + 2 * PATIENCE_MS);
      answers = [answer([CREATED, done(stored("Hello")), done(ANSWER)])];
      held.release(null);
      await vi.advanceTimersByTimeAsync(1);
      expect(await sending).toBe(true);
      expect(new Set(keys()).size).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("has another key once it is known, or changed", async () => {
    for (const text of ["Hello", "Hello", "Hello!"]) {
      await conversation.open(null);
      answers = [answer([CREATED, done(stored(text)), done(ANSWER)])];
      await conversation.send(...message(text));
    }
    expect(new Set(keys()).size).toBe(3);
  });

  it("is tried once more when the user stops it, and given back is no failure", async () => {
    const sending = conversation.send(...message("Hello"));
    await vi.waitFor(() => expect(conversation.connection.value).toBe("lost"));
    const before = asked.length;
    await conversation.stop();
    expect(await sending).toBe(false);
    expect(asked).toHaveLength(before + 1);
    expect(conversation.failure.value).toBeNull();
    expect(conversation.activity.value).toBe("idle");
    expect(conversation.connection.value).toBe("open");
  });

  it("counts as sent if the server takes it after all: its run is stopped then", async () => {
    const held = new Held();
    const run = new Run();
    answers = [held, Response.json({}), Response.json({ state: "cancelled" })];
    const sending = conversation.send(...message("Hello"));
    await conversation.stop();
    await conversation.stop();
    expect(conversation.activity.value).toBe("waiting");
    expect(asked).toHaveLength(1);
    run.write(framed(CREATED, "run_1:1") + framed(done(stored("Hello")), "run_1:2"));
    held.release(run);
    await vi.waitFor(() => expect(asked[1]?.url).toBe("/runs/run_1/cancel"));
    run.end();
    expect(await sending).toBe(true);
    expect(shown()).toEqual(["stored Hello"]);
  });

  it("is found out when its connection breaks after it was stopped", async () => {
    const held = new Held();
    answers = [held];
    const sending = conversation.send(...message("Hello"));
    await conversation.stop();
    answers = [
      answer([CREATED, done(stored("Hello"))], "run_1"),
      Response.json({}),
      Response.json({ state: "cancelled" }),
    ];
    held.release(null);
    expect(await sending).toBe(true);
    expect(asked[2]?.url).toBe("/runs/run_1/cancel");
    expect(keys()[0]).toBe(keys()[1]);
  });

  it("of a server without runs is stopped when it is stored, not before", async () => {
    const run = new Run(null);
    const held = new Held();
    answers = [held];
    const sending = conversation.send(...message("Hello"));
    await conversation.stop();
    held.release(run);
    await vi.waitFor(() => expect(names()).toEqual(["response.start"]));
    expect(run.cancelled).toBe(false);
    run.write(framed(CREATED) + framed(done(stored("Hello"))));
    expect(await sending).toBe(true);
    expect(run.cancelled).toBe(true);
    expect(shown()).toEqual(["stored Hello"]);
  });

  it("goes its way when another chat is opened, and is nobody else's", async () => {
    const [first, run] = [new Held(), new Run()];
    answers = [first];
    const sendingA = conversation.send(...message("A"));
    await conversation.open(null);
    expect(conversation.sent.value).toBeNull();
    const second = new Run();
    answers = [second];
    const sendingB = conversation.send(...message("B"));
    first.release(run);
    expect(await sendingA).toBe(true);
    expect(run.cancelled).toBe(true);
    expect(conversation.sent.value?.input.content).toEqual([{ type: "input_text", text: "B" }]);
    answers = [ended()];
    second.write(framed(CREATED, "run_1:1") + framed(done(stored("B")), "run_1:2"));
    second.end();
    expect(await sendingB).toBe(true);
    expect(shown()).toEqual(["stored B"]);
  });

  it("is given back when it was refused in a chat that was left", async () => {
    const held = new Held();
    answers = [held];
    const sending = conversation.send(...message("A"));
    await conversation.open(null);
    held.release(refused(409, "thread_busy"));
    expect(await sending).toBe(false);
    expect(names()).toEqual(["thread.change", "error"]);
    expect(conversation.failure.value).toBeNull();
  });

  it("is seen by who has come back to its chat meanwhile", async () => {
    await opened();
    const held = new Held();
    answers = [held, ...loaded()];
    const sending = conversation.send(...message("Hello"));
    await conversation.open("thr");
    answers.push(...loaded(stored("Hello")));
    held.release(new Run());
    expect(await sending).toBe(true);
    await vi.waitFor(() => expect(shown()).toEqual(["stored Hello"]));
  });

  it("throws for the page what refused it", async () => {
    answers = [refused(409, "thread_busy")];
    await expect(conversation.deliver(...message("Hello"))).rejects.toMatchObject({
      code: "thread_busy",
    });
  });

  it("counts as sent whatever becomes of its answer", async () => {
    const wire = new Run(null);
    answers = [wire];
    const sending = conversation.deliver(...message("Hello"));
    wire.write(framed(CREATED));
    await vi.waitFor(() => expect(conversation.thread.value.id).toBe("thr"));
    wire.cut();
    await sending;
    expect(names()).toContain("error");
  });
});

describe("what is asked during an answer", () => {
  it("waits for its end: the answer is whole, and so is the next", async () => {
    await opened();
    const wire = new Run();
    answers = [wire];
    const first = conversation.send(...message("First"));
    const second = conversation.send(...message("Second"));
    const acting = conversation.act({ type: "go" });
    wire.write(framed(done(stored("First")), "run_1:1") + framed(done(ANSWER), "run_1:2"));
    await vi.waitFor(() => expect(shown()).toEqual(["stored First", "a"]));
    expect(asked).toHaveLength(1);
    answers = [
      ended(),
      answer([done(stored("Second")), done({ ...ANSWER, id: "b" })]),
      answer([done({ ...ANSWER, id: "c" })]),
    ];
    wire.end();
    expect(await Promise.all([first, second])).toEqual([true, true]);
    await acting;
    expect(shown()).toEqual(["stored First", "a", "stored Second", "b", "c"]);
    expect(asked.map(({ type }) => type).filter(Boolean)).toEqual([
      "threads.add_user_message",
      "threads.add_user_message",
      "threads.custom_action",
    ]);
  });

  it("goes to the thread that the message before it has begun", async () => {
    const wire = new Run(null);
    answers = [wire, answer([done(stored("Second"))])];
    void conversation.send(...message("First"));
    const second = conversation.send(...message("Second"));
    wire.write(framed(CREATED) + framed(done(stored("First"))));
    wire.end();
    await second;
    expect(asked[1]).toMatchObject({
      type: "threads.add_user_message",
      params: { thread_id: "thr" },
    });
  });

  it("waits for a load, too, which goes on", async () => {
    const loading = new Held();
    answers = [Response.json(THREAD), NO_RUN(), loading, answer([done(stored("Hello"))])];
    const opening = conversation.open("thr");
    const sending = conversation.send(...message("Hello"));
    loading.release(page(stored("Before")));
    await Promise.all([opening, sending]);
    expect(shown()).toEqual(["stored Before", "stored Hello"]);
    expect(names()).toContain("thread.load.end");
  });

  it("is given up with its chat, and says so", async () => {
    await opened();
    answers = [new Run()];
    void conversation.send(...message("First"));
    const second = expect(conversation.deliver(...message("Second"))).rejects.toThrow("left");
    const acting = expect(conversation.act({ type: "go" })).rejects.toThrow("left");
    await conversation.open(null);
    await Promise.all([second, acting]);
    expect(asked).toHaveLength(1);
    expect(names()).not.toContain("error");
  });

  it("is refused when too much waits already", async () => {
    await opened();
    answers = [new Run()];
    void conversation.send(...message("First"));
    const all = Array.from({ length: MOST_WAITING }, () =>
      conversation.act({ type: "go" }).catch(() => undefined),
    );
    await expect(conversation.act({ type: "go" })).rejects.toThrow(RangeError);
    conversation.close();
    await Promise.all(all);
  });

  it("throws what refuses an action; the page is told once", async () => {
    await opened();
    answers = [refused(404, "not_found")];
    await expect(conversation.act({ type: "go" })).rejects.toMatchObject({ code: "not_found" });
    expect(names()).toEqual(["error"]);
  });
});

describe("an answer", () => {
  it("is no more than an event to the page where it fails, and stays", async () => {
    const error = {
      type: "error",
      code: "custom",
      message: "Too long.",
      allow_retry: true,
    } as const;
    answers = [answer([CREATED, done(stored("Hello")), done(ANSWER), error])];
    await conversation.send(...message("Hello"));
    expect(told.find(([name]) => name === "chatkit.error")?.[1]).toEqual({
      error: new Error("Too long."),
    });
    expect(conversation.thread.value.answer.error).toEqual(error);
    expect(shown()).toEqual(["stored Hello", "a"]);
  });

  it("hands effects to the page, and logs what no page of this age knows", async () => {
    const effect = { type: "client_effect", name: "confetti", data: { n: 3 } } as const;
    const later = { type: "of.a.later.protocol" } as unknown as ThreadStreamEvent;
    answers = [answer([CREATED, effect, later])];
    await conversation.send(...message("Hello"));
    expect(told).toContainEqual(["chatkit.effect", { name: "confetti", data: { n: 3 } }]);
    expect(told).toContainEqual([
      "chatkit.log",
      { name: "event.unknown", data: { type: "of.a.later.protocol" } },
    ]);
  });

  it("goes on after a cut, nothing shown twice", async () => {
    await opened();
    const wire = new Run();
    const part = (text: string): ThreadStreamEvent => ({
      type: "thread.item.updated",
      item_id: "a",
      update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta: text },
    });
    const rest = framed(part("there"), "run_1:3");
    answers = [
      wire,
      streaming(rest),
      Response.json({ id: "run_1", thread_id: "thr", state: "completed" }),
    ];
    const sending = conversation.send(...message("Hello"));
    wire.write(framed({ type: "thread.item.added", item: ANSWER }, "run_1:1"));
    wire.write(framed(part("Hello "), "run_1:2"));
    await vi.waitFor(() =>
      expect(conversation.thread.value.items).toMatchObject([{ content: [{ text: "Hello " }] }]),
    );
    wire.cut();
    await sending;
    expect(conversation.thread.value.items).toMatchObject([{ content: [{ text: "Hello there" }] }]);
    expect(asked[1]?.headers.get("last-event-id")).toBe("run_1:2");
    expect(names()).toEqual(["response.start", "response.end"]);
  });

  it("is stopped by the run's id", async () => {
    await opened();
    const wire = new Run();
    answers = [wire, Response.json({}), Response.json({ state: "cancelled" })];
    const sending = conversation.send(...message("Hello"));
    await vi.waitFor(() => expect(conversation.thread.value.answer.runId).toBe("run_1"));
    await conversation.stop();
    expect(asked[1]?.url).toBe("/runs/run_1/cancel");
    wire.end();
    await sending;
    expect(conversation.activity.value).toBe("idle");
  });

  it("of a server without runs is stopped by closing its connection", async () => {
    const wire = new Run(null);
    answers = [wire];
    const sending = conversation.send(...message("Hello"));
    wire.write(framed(CREATED) + framed(done(stored("Hello"))));
    await vi.waitFor(() => expect(shown()).toEqual(["stored Hello"]));
    await conversation.stop();
    await sending;
    expect(wire.cancelled).toBe(true);
    expect(conversation.activity.value).toBe("idle");
    expect(names().at(-1)).toBe("response.end");
  });

  it("is left with its thread: what still comes of it is not shown in another", async () => {
    await opened();
    const wire = new Run();
    answers = [wire];
    const sending = conversation.send(...message("Hello"));
    await vi.waitFor(() => expect(conversation.thread.value.answer.runId).toBe("run_1"));
    wire.write(framed(done(ANSWER), "run_1:1"));
    await conversation.open(null);
    await sending;
    expect(wire.cancelled).toBe(true);
    expect(shown()).toEqual([]);
    expect(conversation.failure.value).toBeNull();
  });

  it("is asked for again without what came behind the question", async () => {
    await opened(stored("Hello"), ANSWER);
    answers = [answer([done({ ...ANSWER, id: "b" })])];
    const retrying = conversation.retry("stored Hello");
    expect(shown()).toEqual(["stored Hello"]);
    await retrying;
    expect(asked[0]).toMatchObject({ type: "threads.retry_after_item" });
    expect(shown()).toEqual(["stored Hello", "b"]);
  });

  it("is there again if the server does not write another one", async () => {
    await opened(stored("Hello"), ANSWER);
    answers = [refused(409, "thread_busy")];
    await conversation.retry("stored Hello");
    expect(shown()).toEqual(["stored Hello", "a"]);
    answers = [answer([done({ ...ANSWER, id: "b" })])];
    conversation.failure.value?.remedy?.();
    await allAsked();
    await idle();
    expect(shown()).toEqual(["stored Hello", "b"]);
  });

  it("that is back has what was loaded meanwhile before it", async () => {
    await opened(stored("Hello"), ANSWER);
    conversation.thread.update((thread) => ({ ...thread, older: "cursor" }));
    const held = new Held();
    answers = [held];
    const retrying = conversation.retry("stored Hello");
    answers = [page(stored("First"))];
    await conversation.loadOlder();
    held.release(refused(409, "thread_busy"));
    await retrying;
    expect(shown()).toEqual(["stored First", "stored Hello", "a"]);
  });

  it("stays if another one is wanted to a message that is not there", async () => {
    await opened(stored("Hello"), ANSWER);
    await conversation.retry("gone");
    expect(shown()).toEqual(["stored Hello", "a"]);
    expect(asked).toEqual([]);
  });

  it("goes on when stopping it fails, and nothing is offered that would delete it", async () => {
    await opened();
    const wire = new Run();
    answers = [wire, refused(500)];
    void conversation.send(...message("Hello"));
    await vi.waitFor(() => expect(conversation.thread.value.answer.runId).toBe("run_1"));
    await conversation.stop();
    expect(conversation.failure.value).toMatchObject({ remedy: null });
    wire.write(framed(done(ANSWER), "run_1:1"));
    await vi.waitFor(() => expect(shown()).toEqual(["a"]));
    conversation.close();
  });

  it("whose events nobody has any more is in the thread", async () => {
    await opened();
    const wire = new Run();
    answers = [wire, refused(404), ...loaded(stored("Hello"), ANSWER)];
    const sending = conversation.send(...message("Hello"));
    await vi.waitFor(() => expect(conversation.thread.value.answer.runId).toBe("run_1"));
    wire.cut();
    expect(await sending).toBe(true);
    expect(shown()).toEqual(["stored Hello", "a"]);
    expect(conversation.failure.value).toBeNull();
  });

  it("that cannot be read on can be looked for again", async () => {
    await opened();
    const wire = new Run();
    answers = [wire, refused(403)];
    const sending = conversation.send(...message("Hello"));
    await vi.waitFor(() => expect(conversation.thread.value.answer.runId).toBe("run_1"));
    wire.cut();
    expect(await sending).toBe(true);
    answers = loaded(stored("Hello"), ANSWER);
    conversation.failure.value?.remedy?.();
    await allAsked();
    await idle();
    expect(shown()).toEqual(["stored Hello", "a"]);
  });

  it("of a server without runs that breaks off can be had anew", async () => {
    await opened(stored("Before"));
    const wire = new Run(null);
    answers = [wire];
    const sending = conversation.send(...message("Hello"));
    wire.write(framed(done(stored("Hello"))) + framed(done(ANSWER)));
    await vi.waitFor(() => expect(shown()).toContain("a"));
    wire.cut();
    await sending;
    answers = [answer([done({ ...ANSWER, id: "b" })])];
    conversation.failure.value?.remedy?.();
    await allAsked();
    await idle();
    expect(asked[1]?.params).toMatchObject({ item_id: "stored Hello" });
    expect(shown()).toEqual(["stored Before", "stored Hello", "b"]);
  });

  it("tells the page of each effect once, however often it is told anew", async () => {
    const effect = (n: number) => ({ type: "client_effect", name: "n", data: { n } }) as const;
    const retold = framed(effect(1), "run_1:0") + framed(done(ANSWER), "run_1:0");
    const wires = [new Run(), new Run()];
    answers = [Response.json(THREAD), running(), page(), wires[0] ?? null];
    await conversation.open("thr");
    wires[0]?.write(retold);
    await vi.waitFor(() => expect(names()).toContain("effect"));
    await conversation.open(null);
    answers = [Response.json(THREAD), running(), page(), wires[1] ?? null, ended()];
    await conversation.open("thr");
    wires[1]?.write(retold + framed(effect(2), "run_1:7"));
    wires[1]?.end();
    await idle();
    const effects = told.filter(([name]) => name === "chatkit.effect");
    expect(effects.map(([, detail]) => detail)).toMatchObject([
      { data: { n: 1 } },
      { data: { n: 2 } },
    ]);
  });

  it("is left in the middle when the page opens another chat at an effect", async () => {
    await opened();
    surrounding = (name) => {
      if (name === "chatkit.effect") void conversation.open(null);
    };
    const effect = { type: "client_effect", name: "leave" } as const;
    answers = [answer([effect, done(ANSWER)], "run_1")];
    await conversation.send(...message("Hello"));
    expect(shown()).toEqual([]);
    expect(conversation.activity.value).toBe("idle");
    expect(conversation.thread.value.id).toBeNull();
  });
});

describe("a client tool", () => {
  const call: ThreadItem = {
    ...of,
    type: "client_tool_call",
    id: "tc",
    call_id: "call",
    status: "pending",
    name: "pick",
    arguments: { of: "colours" },
  };

  it("is called, and the answer goes on with its output", async () => {
    answers = [answer([CREATED, done(stored("Pick one")), done(call)]), answer([done(ANSWER)])];
    await conversation.send(...message("Pick one"));
    expect(callTool).toHaveBeenCalledExactlyOnceWith("pick", { of: "colours" });
    expect(asked[1]).toMatchObject({
      type: "threads.add_client_tool_output",
      params: { thread_id: "thr", result: { color: "blue" } },
    });
    expect(conversation.thread.value.items[1]).toMatchObject({ status: "completed" });
    expect(shown()).toEqual(["stored Pick one", "tc", "a"]);
  });

  it("whose thread was left answers nobody", async () => {
    let finish: (output: Record<string, unknown>) => void = () => undefined;
    callTool.mockReturnValue(new Promise((resolve) => (finish = resolve)));
    answers = [answer([CREATED, done(stored("Pick one")), done(call)])];
    const sending = conversation.send(...message("Pick one"));
    await vi.waitFor(() => expect(callTool).toHaveBeenCalled());
    await conversation.open(null);
    finish({ color: "blue" });
    await sending;
    expect(asked).toHaveLength(1);
  });

  it("that a page that was reloaded did not get to is called by the next", async () => {
    answers = [...loaded(stored("Pick one"), call), answer([done(ANSWER)])];
    await conversation.open("thr");
    await allAsked();
    await idle();
    expect(callTool).toHaveBeenCalledOnce();
    expect(shown()).toEqual(["stored Pick one", "tc", "a"]);
  });

  it("is called once on a page, also by who comes back to its chat", async () => {
    let finish: (output: Record<string, unknown>) => void = () => undefined;
    callTool.mockReturnValue(new Promise((resolve) => (finish = resolve)));
    answers = loaded(stored("Pick one"), call);
    await conversation.open("thr");
    await conversation.open(null);
    answers = loaded(stored("Pick one"), call);
    await conversation.open("thr");
    answers = [answer([done(ANSWER)])];
    finish({ color: "blue" });
    await allAsked();
    await idle();
    expect(callTool).toHaveBeenCalledOnce();
  });

  it("that takes for ever can be stopped, and is not called again", async () => {
    callTool.mockReturnValue(new Promise(() => undefined));
    answers = [answer([CREATED, done(stored("Pick one")), done(call)])];
    const sending = conversation.send(...message("Pick one"));
    await vi.waitFor(() => expect(callTool).toHaveBeenCalled());
    expect(conversation.activity.value).toBe("answering");
    await conversation.stop();
    expect(await sending).toBe(true);
    expect(conversation.activity.value).toBe("idle");
    expect(asked).toHaveLength(1);
    answers = loaded(stored("Pick one"), call);
    await conversation.refresh();
    await idle();
    expect(callTool).toHaveBeenCalledOnce();
    expect(conversation.thread.value.items[1]).toMatchObject({ status: "completed" });
  });

  it("that comes after the user has stopped the answer is not called, nor later", async () => {
    await opened();
    const run = new Run();
    answers = [run, Response.json({}), ended()];
    const sending = conversation.send(...message("Pick one"));
    await vi.waitFor(() => expect(conversation.thread.value.answer.runId).toBe("run_1"));
    run.write(framed(done(stored("Pick one")), "run_1:1") + framed(done(call), "run_1:2"));
    await vi.waitFor(() => expect(shown()).toContain("tc"));
    await conversation.stop();
    run.end();
    await sending;
    answers = loaded(stored("Pick one"), call);
    await conversation.refresh();
    await idle();
    expect(callTool).not.toHaveBeenCalled();
    expect(conversation.thread.value.items[1]).toMatchObject({ status: "completed" });
  });

  it("may look at the thread, but not wait for what waits for itself", async () => {
    let refusal: unknown;
    callTool.mockImplementation(async () => {
      answers = loaded(stored("Pick one"), call);
      await conversation.refresh();
      refusal = await conversation.act({ type: "press" }).catch((error: unknown) => error);
      answers = [answer([done(ANSWER)])];
      return { color: "blue" };
    });
    answers = [answer([CREATED, done(stored("Pick one")), done(call)])];
    expect(await conversation.send(...message("Pick one"))).toBe(true);
    expect(refusal).toMatchObject({ message: expect.stringContaining("client tool") as string });
    expect(shown()).toEqual(["stored Pick one", "tc", "a"]);
  });

  it("is the newest of those that wait; the server gives up the others", async () => {
    const newer = { ...call, id: "tc2", name: "choose" };
    answers = [
      answer([CREATED, done(stored("Pick one")), done(call), done(newer)]),
      answer([done(ANSWER)]),
    ];
    await conversation.send(...message("Pick one"));
    expect(callTool).toHaveBeenCalledExactlyOnceWith("choose", { of: "colours" });
    expect(asked).toHaveLength(2);
    expect(conversation.thread.value.items.slice(1, 3)).toMatchObject([
      { status: "completed" },
      { status: "completed" },
    ]);
  });

  it("that a message of the user has ended is not called", async () => {
    await opened(call, stored("Never mind"));
    expect(callTool).not.toHaveBeenCalled();
  });

  it("that another page was faster with is no failure", async () => {
    const answered = { ...call, status: "completed" } as const;
    answers = [
      answer([CREATED, done(stored("Pick one")), done(call)]),
      refused(409, "no_pending_tool_call"),
      ...loaded(stored("Pick one"), answered, ANSWER),
    ];
    await conversation.send(...message("Pick one"));
    expect(shown()).toEqual(["stored Pick one", "tc", "a"]);
    expect(conversation.failure.value).toBeNull();
  });

  it("whose output did not arrive is not called again for it", async () => {
    answers = [answer([CREATED, done(stored("Pick one")), done(call)]), refused(500)];
    await conversation.send(...message("Pick one"));
    answers = [...loaded(stored("Pick one"), call), answer([done(ANSWER)])];
    conversation.failure.value?.remedy?.();
    await allAsked();
    await idle();
    expect(callTool).toHaveBeenCalledOnce();
    const keys = asked
      .filter(({ type }) => type === "threads.add_client_tool_output")
      .map(({ headers }) => headers.get("idempotency-key"));
    expect(new Set(keys).size).toBe(1);
    expect(shown()).toEqual(["stored Pick one", "tc", "a"]);
  });
});

describe("a thread", () => {
  it("is opened with its newest items, oldest first", async () => {
    answers = [
      Response.json({ ...THREAD, title: "Colours" }),
      NO_RUN(),
      Response.json({ data: [ANSWER, stored("Hello")], has_more: true, after: "cursor" }),
    ];
    await conversation.open("thr");
    expect(shown()).toEqual(["stored Hello", "a"]);
    expect(conversation.thread.value).toMatchObject({ title: "Colours", older: "cursor" });
    expect(names()).toEqual(["thread.change", "thread.load.start", "thread.load.end"]);
  });

  it("follows the answer that is being written in it, from its beginning", async () => {
    const wire = new Run();
    answers = [Response.json(THREAD), running(), page(stored("Hello")), wire, ended()];
    await conversation.open("thr");
    expect(conversation.activity.value).toBe("waiting");
    expect(conversation.takesMessages).toBe(false);
    await vi.waitFor(() => expect(asked).toHaveLength(4));
    expect(asked[3]?.headers.has("last-event-id")).toBe(false);
    wire.write(framed(done(ANSWER), "run_1:2"));
    wire.end();
    await idle();
    expect(shown()).toEqual(["stored Hello", "a"]);
    expect(names()).toEqual([
      "thread.change",
      "thread.load.start",
      "thread.load.end",
      "response.start",
      "response.end",
    ]);
  });

  it("shows an answer whole that ended while the thread was loaded", async () => {
    const half = { ...ANSWER, content: [{ type: "output_text", text: "Ha", annotations: [] }] };
    const whole = { ...ANSWER, content: [{ type: "output_text", text: "Half", annotations: [] }] };
    const loading = new Held();
    answers = [
      Response.json(THREAD),
      running(),
      loading,
      answer([done(whole as ThreadItem)], "run_1"),
      ended(),
    ];
    const opening = conversation.open("thr");
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    loading.release(page(half as ThreadItem, stored("Hello")));
    await opening;
    await idle();
    expect(conversation.thread.value.items[1]).toEqual(whole);
  });

  it("that is not there says so, and shows nothing of the one before", async () => {
    await opened(stored("Before"));
    answers = [refused(404, "not_found"), refused(404, "not_found")];
    await conversation.open("gone");
    expect(shown()).toEqual([]);
    expect(conversation.failure.value?.error.message).toBe("It was not_found.");
    expect(conversation.activity.value).toBe("idle");
  });

  it("that could not be loaded is loaded before the next message goes there", async () => {
    answers = [refused(500), refused(500)];
    await conversation.open("thr");
    await idle();
    expect(conversation.failure.value?.during).toBe("load");
    answers = [...loaded(stored("Before")), answer([done(stored("Then")), done(ANSWER)])];
    expect(await conversation.send(...message("Then"))).toBe(true);
    expect(shown()).toEqual(["stored Before", "stored Then", "a"]);
  });

  it("that could not be loaded shows the next message also behind the answer that was under way", async () => {
    answers = [refused(500), refused(500)];
    await conversation.open("thr");
    await idle();
    const held = new Held();
    answers = [
      Response.json(THREAD),
      running(),
      page(stored("Before")),
      answer([done(ANSWER)], "run_1"),
      ended(),
      held,
    ];
    const sending = conversation.send(...message("Then"));
    await allAsked();
    expect(conversation.sent.value?.input.content).toEqual([{ type: "input_text", text: "Then" }]);
    held.release(answer([done(stored("Then")), done({ ...ANSWER, id: "b" })]));
    expect(await sending).toBe(true);
    expect(shown()).toEqual(["stored Before", "a", "stored Then", "b"]);
  });

  it("shows older items before those that are shown", async () => {
    await opened(ANSWER);
    conversation.thread.update((thread) => ({ ...thread, older: "cursor" }));
    answers = [page(stored("Second"), stored("First"))];
    await conversation.loadOlder();
    expect(asked[0]?.params).toMatchObject({ after: "cursor", order: "desc" });
    expect(shown()).toEqual(["stored First", "stored Second", "a"]);
    expect(conversation.thread.value.older).toBeNull();
    answers = [];
    await conversation.loadOlder();
    expect(asked).toHaveLength(1);
  });

  it("keeps older pages when it is looked at again", async () => {
    const items = ["1", "2", "3"].map(stored);
    await opened(...items);
    conversation.thread.update((thread) => ({ ...thread, older: "cursor" }));
    const newest = { data: [ANSWER, items[2], items[1]], has_more: true, after: "other" };
    answers = [Response.json({ ...THREAD, title: "New" }), NO_RUN(), Response.json(newest)];
    await conversation.refresh();
    expect(shown()).toEqual(["stored 1", "stored 2", "stored 3", "a"]);
    expect(conversation.thread.value).toMatchObject({ title: "New", older: "cursor" });
  });

  it("is looked at again once an answer has ended, and once is enough", async () => {
    await opened();
    const wire = new Run();
    answers = [wire];
    void conversation.send(...message("Hello"));
    const looks = Promise.all([conversation.refresh(), conversation.refresh()]);
    answers = [...answers, ended(), ...loaded(stored("Hello"), ANSWER)];
    wire.end();
    await looks;
    expect(shown()).toEqual(["stored Hello", "a"]);
    expect(asked).toHaveLength(5);
    answers = loaded(stored("Hello"), ANSWER, stored("Elsewhere"));
    await conversation.refresh();
    expect(shown()).toContain("stored Elsewhere");
  });

  it("says that its loading has ended, also when another one is opened", async () => {
    answers = [new Held(), new Held()];
    const opening = conversation.open("thr");
    await conversation.open(null);
    await opening;
    expect(names().filter((name) => name.startsWith("thread.load"))).toEqual([
      "thread.load.start",
      "thread.load.end",
    ]);
    expect(conversation.activity.value).toBe("idle");
    expect(names()).not.toContain("error");
  });

  it("is not loaded if the page opens another one as it hears of it", async () => {
    surrounding = (name, detail) => {
      if (name === "chatkit.thread.change" && (detail as { threadId: string }).threadId) {
        void conversation.open(null);
      }
    };
    await conversation.open("thr");
    expect(asked).toEqual([]);
    expect(conversation.thread.value.id).toBeNull();
  });

  it("is taken up again after the element has been out of the page", async () => {
    await opened(stored("Hello"));
    const wire = new Run();
    answers = [wire];
    void conversation.send(...message("Then"));
    await vi.waitFor(() => expect(conversation.thread.value.answer.runId).toBe("run_1"));
    conversation.close();
    expect(conversation.activity.value).toBe("idle");
    answers = [
      Response.json(THREAD),
      running(),
      page(stored("Then"), stored("Hello")),
      answer([done(ANSWER)], "run_1"),
      ended(),
    ];
    await conversation.refresh();
    await idle();
    expect(shown()).toEqual(["stored Hello", "stored Then", "a"]);
    conversation.thread.update((thread) => ({ ...thread, older: "cursor" }));
    answers = [page(stored("Older"))];
    await conversation.loadOlder();
    expect(shown()[0]).toBe("stored Older");
  });

  it("can be loaded again if it could not be", async () => {
    answers = [refused(500), NO_RUN()];
    await conversation.open("thr");
    expect(conversation.failure.value?.error).toMatchObject({ status: 500 });
    answers = loaded(stored("Hello"));
    conversation.failure.value?.remedy?.();
    await vi.waitFor(() => expect(shown()).toEqual(["stored Hello"]));
  });
});
