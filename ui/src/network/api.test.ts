import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { NumberedEvent } from "../protocol/events";
import { ANSWER_MS, Api, REPLY_MS } from "./api";
import { Unreachable } from "./errors";
import type { EventStream } from "./event-stream";
import { collected, framed, refused, streaming, Wire } from "./testing";
import { PageTransport } from "./transport";

const URL = "https://chat.test/chatkit";
const EVENT = { type: "progress_update", text: "Looking" } as const;
const CREATE = {
  type: "threads.retry_after_item",
  params: { thread_id: "t", item_id: "i" },
} as const;

/** Waits for ever, as a half-open connection does, but for its signal. */
const silent: typeof fetch = (_url, init) =>
  new Promise((_, reject) => {
    init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
  });

function asking(send: typeof fetch): Api {
  return new Api(new PageTransport(URL, send));
}

const eventsOf = (stream: EventStream): Promise<NumberedEvent[]> =>
  collected(stream.read(new AbortController().signal));

describe("a stream", () => {
  it("is asked for with a key, as one that can be resumed", async () => {
    const send = vi.fn<typeof fetch>(() => Promise.resolve(streaming(framed(EVENT, "run_1:1"))));
    const stream = await asking(send).stream(CREATE, "key");
    expect(new Headers(send.mock.calls[0]?.[1]?.headers).get("idempotency-key")).toBe("key");
    expect(new Headers(send.mock.calls[0]?.[1]?.headers).get("chatkit-stream")).toBe("resumable");
    expect(stream.runId).toBe("run_1");
    expect(await eventsOf(stream)).toEqual([{ id: "run_1:1", event: EVENT, isAnew: false }]);
  });

  it("of a server that names no runs has events without numbers", async () => {
    const api = asking(() => Promise.resolve(streaming(framed(EVENT), null)));
    const stream = await api.stream(CREATE, "key");
    expect(stream.runId).toBeNull();
    expect(await eventsOf(stream)).toEqual([{ id: null, event: EVENT, isAnew: false }]);
  });

  it("is none if the answer is of another kind: a page of a proxy, say", async () => {
    const page = { headers: { "Content-Type": "text/html" } };
    const api = asking(() => Promise.resolve(new Response("<p>Log in", page)));
    await expect(api.stream(CREATE, "key")).rejects.toMatchObject({
      code: "unexpected_answer",
    });
  });

  it("is followed from behind an event", async () => {
    const send = vi.fn<typeof fetch>(() => Promise.resolve(streaming(": hello\n\n")));
    await asking(send).follow("run_1", "run_1:7", new AbortController().signal);
    expect(send.mock.calls[0]?.[0]).toBe(`${URL}/runs/run_1/events`);
    expect(new Headers(send.mock.calls[0]?.[1]?.headers).get("last-event-id")).toBe("run_1:7");
  });
});

describe("the active run of a thread", () => {
  it("is none when the server says so, or has no runs", async () => {
    const { signal } = new AbortController();
    const answers = [new Response(null, { status: 204 }), refused(404), refused(405)];
    for (const answer of answers) {
      expect(await asking(() => Promise.resolve(answer)).activeRun("thr", signal)).toBeNull();
    }
    const busy = asking(() => Promise.resolve(refused(503)));
    await expect(busy.activeRun("thr", signal)).rejects.toMatchObject({ status: 503 });
  });
});

describe("an answer that does not begin", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is given up: soon where nobody waits for a turn", async () => {
    const api = asking(silent);
    const { signal } = new AbortController();
    const soon = [
      api.request("threads.list", {}),
      api.activeRun("thr", signal),
      api.run("run_1", signal),
      api.follow("run_1", null, signal),
      api.cancel("run_1"),
    ];
    const refusals = soon.map((one) => expect(one).rejects.toThrow(Unreachable));
    await vi.advanceTimersByTimeAsync(REPLY_MS);
    await Promise.all(refusals);
  });

  it("is waited for longer where the server may be busy", async () => {
    const api = asking(silent);
    const action = { thread_id: "t", action: { type: "go" } };
    const late = [api.stream(CREATE, "key"), api.request("threads.sync_custom_action", action)];
    const ended = vi.fn();
    const refusals = late.map((one) => expect(one.finally(ended)).rejects.toThrow(Unreachable));
    await vi.advanceTimersByTimeAsync(ANSWER_MS - 1);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(refusals);
  });

  it("is given up also by a fetch that takes no notice of signals", async () => {
    const api = asking(() => new Promise(() => undefined));
    const over = new AbortController();
    const late = expect(api.request("threads.list", {})).rejects.toThrow(Unreachable);
    const left = expect(api.run("run_1", over.signal)).rejects.toThrow("another thread");
    over.abort(new Error("another thread"));
    await left;
    await vi.advanceTimersByTimeAsync(REPLY_MS);
    await late;
  });

  it("does not end an answer that has begun", async () => {
    const wire = new Wire();
    const api = asking((_url, init) => {
      init?.signal?.addEventListener("abort", () => wire.cut());
      return Promise.resolve(streaming(wire.body));
    });
    const stream = await api.stream(CREATE, "key");
    const first = stream.read(new AbortController().signal).next();
    wire.write(": keep-alive\n\n");
    await vi.advanceTimersByTimeAsync(ANSWER_MS / 2);
    wire.write(": keep-alive\n\n");
    await vi.advanceTimersByTimeAsync(ANSWER_MS / 2 + 1);
    wire.write(framed(EVENT, "run_1:1"));
    expect(await first).toMatchObject({ value: { id: "run_1:1" } });
  });

  it("is not waited for once the caller has given up", async () => {
    const over = new AbortController();
    const left = asking(silent).activeRun("thr", over.signal);
    over.abort(new Error("another thread"));
    await expect(left).rejects.toThrow("another thread");
  });
});

it("an answer that breaks off, or is no JSON, is not what was asked for", async () => {
  const wire = new Wire();
  const cut = asking(() => Promise.resolve(new Response(wire.body))).request("threads.list", {});
  wire.write("{");
  wire.cut();
  await expect(cut).rejects.toThrow(Unreachable);
  const page = asking(() => Promise.resolve(new Response("<p>Log in")));
  await expect(page.request("threads.list", {})).rejects.toMatchObject({
    code: "unexpected_answer",
  });
});
