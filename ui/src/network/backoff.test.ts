import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Backoff, backoffMs, FIRST_MS, LONGEST_MS } from "./backoff";
import { ApiError, isPassing, Unreachable } from "./errors";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const AWAY = new Unreachable("away");
const busy = (retryAfterS: number | null = null): ApiError =>
  new ApiError(503, "overloaded", "Too much.", null, retryAfterS);

it("waits grow up to a longest one, and are never more than they may be", () => {
  expect([0, 1, 2, 3, 20].map((tries) => backoffMs(tries, () => 1))).toEqual([
    FIRST_MS,
    2 * FIRST_MS,
    4 * FIRST_MS,
    8 * FIRST_MS,
    LONGEST_MS,
  ]);
  expect(backoffMs(5, () => 0)).toBe(0);
});

describe("a wait", () => {
  const told: string[] = [];
  let over: AbortController;
  let backoff: Backoff;
  beforeEach(() => {
    told.length = 0;
    over = new AbortController();
    backoff = new Backoff((state) => told.push(state));
    vi.spyOn(Math, "random").mockReturnValue(1);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is none after the first break, nor after one behind something that came", async () => {
    await backoff.wait(AWAY, over.signal);
    backoff.reset();
    await backoff.wait(AWAY, over.signal);
    expect(told).toEqual([]);
  });

  it("follows each other failure, and is told", async () => {
    await backoff.wait(AWAY, over.signal);
    const ended = vi.fn();
    void backoff.wait(AWAY, over.signal).then(ended);
    await vi.advanceTimersByTimeAsync(2 * FIRST_MS - 1);
    expect(told).toEqual(["lost"]);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledOnce();
  });

  it("is as long as the server asked for", async () => {
    const ended = vi.fn();
    void backoff.wait(busy(30), over.signal).then(ended);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledOnce();
  });

  it.each([
    ["the network is there again", () => window.dispatchEvent(new Event("online"))],
    ["the page is shown", () => document.dispatchEvent(new Event("visibilitychange"))],
  ])("ends when %s", async (_, news) => {
    const waiting = backoff.wait(busy(), over.signal);
    news();
    await waiting;
  });

  it("ends with the reader, also before it began", async () => {
    const waiting = expect(backoff.wait(busy(), over.signal)).rejects.toThrow("left");
    over.abort(new Error("left"));
    await waiting;
    await expect(backoff.wait(AWAY, over.signal)).rejects.toThrow("left");
    expect(vi.getTimerCount()).toBe(0);
  });
});

it("what may pass is the network, a gateway, and too much at once", () => {
  const refusals = [400, 401, 403, 404, 408, 409, 425, 429, 500, 501, 502, 503, 504];
  expect(refusals.filter((status) => isPassing(new ApiError(status, "x", "x")))).toEqual([
    408, 425, 429, 502, 503, 504,
  ]);
  expect(isPassing(AWAY)).toBe(true);
  expect(isPassing(new RangeError("too long"))).toBe(false);
});
