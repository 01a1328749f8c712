import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { NumberedEvent } from "../protocol/events";
import type { RunView } from "../protocol/requests";
import { Api } from "./api";
import { LONGEST_MS, type Connection } from "./backoff";
import type { EventStream } from "./event-stream";
import { followed } from "./following";
import { collected, framed, refused, streaming, Wire } from "./testing";
import { PageTransport } from "./transport";

const words = (text: string) => ({ type: "progress_update", text }) as const;
const numbered = (number: number): string => framed(words(`${number}`), `run_1:${number}`);

interface Setting {
  /** Answers to requests for the run's events, in turn; the last one stays. Null: no network. */
  streams?: (() => Response | null)[];
  state?: RunView["state"];
}

function setting({ streams = [], state = "completed" }: Setting = {}) {
  const behind: (string | null)[] = [];
  const send = vi.fn((url: unknown, init?: RequestInit) => {
    init?.signal?.throwIfAborted();
    if (String(url).endsWith("/events")) {
      behind.push(new Headers(init?.headers).get("last-event-id"));
      const next = streams.length > 1 ? streams.shift() : streams[0];
      const answer = next?.() ?? null;
      return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("no network"));
    }
    return Promise.resolve(Response.json({ id: "run_1", thread_id: "thr", state }));
  });
  const over = new AbortController();
  const connections: Connection[] = [];
  const reading = {
    api: new Api(new PageTransport("https://chat.test/chatkit", send)),
    signal: over.signal,
    onConnection: (one: Connection) => connections.push(one),
  };
  return { reading, over, connections, behind };
}

async function beginning(text: string | Wire): Promise<EventStream> {
  const body = typeof text === "string" ? text : text.body;
  const api = new Api(
    new PageTransport("https://chat.test/chatkit", () => Promise.resolve(streaming(body))),
  );
  return api.follow("run_1", null, new AbortController().signal);
}

const ids = (events: NumberedEvent[]): (string | null)[] => events.map(({ id }) => id);

describe("an answer that is followed", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("ends with its stream once the run has ended", async () => {
    const { reading, behind } = setting();
    const events = await collected(followed("run_1", await beginning(numbered(1)), reading));
    expect(ids(events)).toEqual(["run_1:1"]);
    expect(behind).toEqual([]);
  });

  it("goes on behind its last event when the connection breaks", async () => {
    const wire = new Wire();
    const { reading, behind, connections } = setting({ streams: [() => streaming(numbered(3))] });
    const all = collected(followed("run_1", await beginning(wire), reading));
    wire.write(numbered(1) + numbered(2));
    await vi.advanceTimersByTimeAsync(0);
    wire.cut();
    expect(ids(await all)).toEqual(["run_1:1", "run_1:2", "run_1:3"]);
    expect(behind).toEqual(["run_1:2"]);
    expect(connections).toEqual(["open", "open"]);
  });

  it("goes on when its server ends the stream before the run has ended", async () => {
    const { reading, behind } = setting({
      streams: [() => streaming(numbered(2)), () => refused(404)],
      state: "running",
    });
    const all = followed("run_1", await beginning(numbered(1)), reading);
    expect((await all.next()).value).toMatchObject({ id: "run_1:1" });
    expect((await all.next()).value).toMatchObject({ id: "run_1:2" });
    await expect(all.next()).rejects.toMatchObject({ status: 404 });
    expect(behind).toEqual(["run_1:1", "run_1:2"]);
  });

  it("waits for a server that is away, and says so", async () => {
    const away = [() => null, () => refused(503), () => streaming(numbered(2))];
    const { reading, connections } = setting({ streams: away });
    const wire = new Wire();
    const all = collected(followed("run_1", await beginning(wire), reading));
    wire.cut();
    await vi.advanceTimersByTimeAsync(3 * LONGEST_MS);
    expect(ids(await all)).toEqual(["run_1:2"]);
    expect(connections).toContain("lost");
    expect(connections.at(-1)).toBe("open");
  });

  it("is asked for from the answer so far where no stream has begun", async () => {
    const { reading, behind } = setting({ streams: [() => null, () => streaming(numbered(1))] });
    expect(ids(await collected(followed("run_1", null, reading)))).toEqual(["run_1:1"]);
    expect(behind).toEqual([null, null]);
  });

  it("waits, and longer each time, for a proxy that answers with nothing", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const { reading, over, behind } = setting({
      streams: [() => streaming(": hello\n\n")],
      state: "running",
    });
    const all = collected(followed("run_1", null, reading));
    const left = expect(all).rejects.toThrow("left");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(behind.length).toBeLessThan(7);
    over.abort(new Error("left"));
    await left;
    vi.restoreAllMocks();
  });

  it("waits as long as a server wants that is asked too often", async () => {
    const limited = (): Response =>
      new Response(null, { status: 429, headers: { "Retry-After": "20" } });
    const { reading, behind } = setting({ streams: [limited, () => streaming(numbered(1))] });
    const all = collected(followed("run_1", null, reading));
    await vi.advanceTimersByTimeAsync(19_999);
    expect(behind).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(ids(await all)).toEqual(["run_1:1"]);
  });

  it("throws what is no matter of waiting: also that nobody can read it", async () => {
    const { reading } = setting({ streams: [() => refused(403)] });
    const wire = new Wire();
    const all = collected(followed("run_1", await beginning(wire), reading));
    wire.cut();
    await expect(all).rejects.toMatchObject({ status: 403 });
    const garbled = await beginning("data: {half\n\n");
    await expect(collected(followed("run_1", garbled, reading))).rejects.toMatchObject({
      code: "unexpected_answer",
    });
  });

  it("is left while it waits for its server", async () => {
    const { reading, over } = setting();
    const wire = new Wire();
    const all = collected(followed("run_1", await beginning(wire), reading));
    const left = expect(all).rejects.toThrow("another thread");
    wire.cut();
    await vi.advanceTimersByTimeAsync(1);
    over.abort(new Error("another thread"));
    await left;
  });
});
