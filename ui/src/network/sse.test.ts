import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Unreachable } from "./errors";
import { MAX_MESSAGE_CHARS, messages, Parser, SILENCE_MS, STALE_MS } from "./sse";
import { collected, Wire } from "./testing";

const STREAM =
  ": hello\n\nid: r:1\ndata: one\n\ndata: two\ndata:lines\n\nevent: x\nid: r:3\ndata\n\n";
const MESSAGES = [
  { id: "r:1", data: "one" },
  { id: "r:1", data: "two\nlines" },
  { id: "r:3", data: "" },
];

const { signal } = new AbortController();

describe("the parser", () => {
  it.each(["\n", "\r\n", "\r"])("reads lines that end with %j", (end) => {
    const text = STREAM.replaceAll("\n", end);
    // A lone CR at the end may be half of a CR LF: it waits for what follows.
    expect([...new Parser().feed(`${text}:`)]).toEqual(MESSAGES);
  });

  it("reads the same however the text is cut", () => {
    const text = STREAM.replaceAll("\n", "\r\n");
    for (let at = 0; at <= text.length; at += 1) {
      const parser = new Parser();
      const found = [...parser.feed(text.slice(0, at)), ...parser.feed(text.slice(at))];
      expect(found, `cut at ${at}`).toEqual(MESSAGES);
    }
  });

  it("refuses a message without an end", () => {
    const parser = new Parser();
    expect([...parser.feed("x".repeat(MAX_MESSAGE_CHARS))]).toEqual([]);
    expect(() => [...parser.feed("x")]).toThrow(RangeError);
  });
});

describe("messages of a body", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("come as they are written, also when a character is cut in two", async () => {
    const bytes = new TextEncoder().encode("data: ü\n\n");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await collected(messages(body, signal, true))).toEqual([{ id: null, data: "ü" }]);
  });

  it("throw what broke the body", async () => {
    const wire = new Wire();
    const reading = messages(wire.body, signal, true);
    wire.write("data: one\n\n");
    expect(await reading.next()).toMatchObject({ value: { data: "one" } });
    wire.cut();
    const failure = await reading.next().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unreachable);
    expect(failure).toMatchObject({ message: "network error" });
  });

  it("close the connection when nobody reads on", async () => {
    const wire = new Wire();
    const reading = messages(wire.body, signal, true);
    wire.write("data: one\n\n");
    await reading.next();
    await reading.return();
    expect(wire.cancelled).toBe(true);
  });

  it("throw when the connection is silent for too long, heartbeats aside", async () => {
    const wire = new Wire();
    const silent = expect(messages(wire.body, signal, true).next()).rejects.toThrow(Unreachable);
    await vi.advanceTimersByTimeAsync(SILENCE_MS - 1);
    wire.write(": keep-alive\n\n");
    await vi.advanceTimersByTimeAsync(SILENCE_MS - 1);
    expect(wire.cancelled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await silent;
    expect(wire.cancelled).toBe(true);
  });

  it("come however late from a server that sends no heartbeats", async () => {
    const wire = new Wire();
    const first = messages(wire.body, signal, false).next();
    await vi.advanceTimersByTimeAsync(5 * SILENCE_MS);
    window.dispatchEvent(new Event("online"));
    wire.write("data: one\n\n");
    expect(await first).toMatchObject({ value: { data: "one" } });
  });

  it("throw at once when the page wakes up and the connection has been silent", async () => {
    const wire = new Wire();
    const reading = messages(wire.body, signal, true);
    const first = reading.next();
    await vi.advanceTimersByTimeAsync(STALE_MS);
    document.dispatchEvent(new Event("visibilitychange"));
    wire.write("data: one\n\n");
    await first;
    const second = expect(reading.next()).rejects.toThrow(Unreachable);
    await vi.advanceTimersByTimeAsync(0);
    // Timers stand still while a laptop sleeps; the clock does not.
    vi.setSystemTime(Date.now() + STALE_MS + 1);
    window.dispatchEvent(new Event("online"));
    await second;
  });

  it("end with the reader, also where the connection takes no notice", async () => {
    const over = new AbortController();
    const wire = new Wire();
    const left = expect(messages(wire.body, over.signal, false).next()).rejects.toThrow("left");
    over.abort(new Error("left"));
    await left;
    expect(wire.cancelled).toBe(true);
  });
});
