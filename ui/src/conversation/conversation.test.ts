import type { ChatKitEvents } from "@openai/chatkit";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Api } from "../network/api";
import { framed, refused, streaming, Wire } from "../network/testing";
import { PageTransport } from "../network/transport";
import type { ThreadStreamEvent } from "../protocol/events";
import type { ThreadItem } from "../protocol/items";
import { Conversation } from "./conversation";
import { inputOf, shownAs, EMPTY } from "./draft";

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

/** A conversation with a server that answers in turn as the test says; then it is away. */
let answers: (Response | Run | null)[];
let asked: Asked[];
let told: [name: keyof ChatKitEvents, detail: unknown][];
let callTool: ReturnType<typeof vi.fn<(name: string) => Promise<Record<string, unknown>>>>;
let conversation: Conversation;

const send: typeof fetch = (url, init) => {
  init?.signal?.throwIfAborted();
  const body = JSON.parse((init?.body ?? "{}") as string) as Omit<Asked, "url" | "headers">;
  asked.push({
    url: (url as string).replace(URL, ""),
    headers: new Headers(init?.headers),
    ...body,
  });
  const answer = answers.shift();
  if (answer instanceof Run) {
    if (init?.signal) answer.closeWith(init.signal);
    return Promise.resolve(streaming(answer.body, answer.runId));
  }
  return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("no network"));
};

beforeEach(() => {
  [answers, asked, told] = [[], [], []];
  callTool = vi.fn(() => Promise.resolve({ color: "blue" }));
  conversation = new Conversation(new Api(new PageTransport(URL, send)), {
    emit: (name, detail) => told.push([name, detail]),
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

/** A thread that is open and idle. */
async function opened(...items: ThreadItem[]): Promise<void> {
  answers = [
    Response.json(THREAD),
    page(...items.toReversed()),
    new Response(null, { status: 204 }),
  ];
  await conversation.open("thr");
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
    expect(conversation.failure.value?.message).toBe("It was thread_busy.");
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
    await vi.waitFor(() => expect(conversation.thread.value.answer.lastEventId).toBe("run_1:2"));
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
});

describe("a thread", () => {
  it("is opened with its newest items, oldest first", async () => {
    answers = [
      Response.json({ ...THREAD, title: "Colours" }),
      Response.json({ data: [ANSWER, stored("Hello")], has_more: true, after: "cursor" }),
      new Response(null, { status: 204 }),
    ];
    await conversation.open("thr");
    expect(shown()).toEqual(["stored Hello", "a"]);
    expect(conversation.thread.value).toMatchObject({ title: "Colours", older: "cursor" });
    expect(names()).toEqual(["thread.change", "thread.load.start", "thread.load.end"]);
  });

  it("follows the answer that is being written in it, from its beginning", async () => {
    const run = { id: "run_1", thread_id: "thr", state: "running" };
    answers = [
      Response.json(THREAD),
      page(stored("Hello")),
      Response.json(run),
      answer([done(ANSWER)], "run_1"),
      Response.json({ ...run, state: "completed" }),
    ];
    await conversation.open("thr");
    expect(asked[3]?.headers.has("last-event-id")).toBe(false);
    expect(shown()).toEqual(["stored Hello", "a"]);
    expect(names().slice(-2)).toEqual(["response.start", "response.end"]);
  });

  it("that is not there says so, and shows nothing of the one before", async () => {
    await opened(stored("Before"));
    answers = [refused(404, "not_found"), refused(404, "not_found")];
    await conversation.open("gone");
    expect(shown()).toEqual([]);
    expect(conversation.failure.value?.message).toBe("It was not_found.");
    expect(conversation.activity.value).toBe("idle");
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
});
