import { describe, expect, it, vi } from "vitest";

import { ApiError, Unreachable } from "./errors";
import { PageTransport, SECRET_MS, SessionTransport, transportOf } from "./transport";
import { refused } from "./testing";

const URL = "https://chat.test/chatkit";
const HOME = "https://chat.test/ui/chatkit.js";

const ok = (): Promise<Response> => Promise.resolve(Response.json({}));

/** What a session's server does: it takes one secret, and the page is given the next in turn. */
function session(valid: string, ...secrets: string[]) {
  const asked = vi.fn((_refused: string | null) => Promise.resolve(secrets.shift() ?? valid));
  const sent: string[] = [];
  const send = vi.fn((_url: unknown, init?: RequestInit) => {
    const secret = new Headers(init?.headers).get("authorization")?.replace("Bearer ", "") ?? "";
    sent.push(secret);
    return secret === valid ? ok() : Promise.resolve(refused(401));
  });
  return { transport: new SessionTransport(URL, asked, send), asked, sent };
}

describe("requests of the page itself", () => {
  it("go to the address of the options, with the page's cookies", async () => {
    const send = vi.fn<typeof fetch>(ok);
    const transport = transportOf(() => ({ url: "/chatkit", domainKey: "x", fetch: send }), HOME);
    expect(transport.url).toBe(new globalThis.URL("/chatkit", document.baseURI).href);
    await transport.fetch(transport.url, { method: "POST" });
    expect(send.mock.calls[0]?.[1]).toMatchObject({ method: "POST", credentials: "include" });
  });

  it("are made by the `fetch` that the page gave last", async () => {
    const [before, after] = [vi.fn<typeof fetch>(ok), vi.fn<typeof fetch>(ok)];
    const api = { url: "/chatkit", domainKey: "x", fetch: before };
    const transport = transportOf(() => api, HOME);
    await transport.fetch(URL, {});
    api.fetch = after;
    await transport.fetch(URL, {});
    expect([before.mock.calls.length, after.mock.calls.length]).toEqual([1, 1]);
  });

  it("throw what the server refuses them with", async () => {
    const transport = new PageTransport(URL, () => Promise.resolve(refused(409, "thread_busy")));
    const error = await transport.fetch(URL, {}).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 409, code: "thread_busy" });
  });

  it("throw Unreachable where there is no answer, and the signal's reason once it is over", async () => {
    const transport = new PageTransport(URL, () => Promise.reject(new TypeError("no network")));
    await expect(transport.fetch(URL, {})).rejects.toThrow(Unreachable);
    const over = AbortSignal.abort(new Error("the user left"));
    await expect(transport.fetch(URL, { signal: over })).rejects.toThrow("the user left");
  });
});

describe("requests with a session's secret", () => {
  it("go to the server that the script is of", () => {
    const transport = transportOf(() => ({ getClientSecret: () => Promise.resolve("s") }), HOME);
    expect(transport.url).toBe("https://chat.test/chatkit");
  });

  it("ask the function that the page gave last, once the secret is refused", async () => {
    const asked = vi.fn();
    const secret = (by: string, is: string) => (current: string | null) => {
      asked(by, current);
      return Promise.resolve(is);
    };
    const api = { getClientSecret: secret("the first", "first") };
    let valid = "first";
    const send = vi.fn<typeof fetch>((_url, init) => {
      const given = new Headers(init?.headers).get("authorization");
      return given === `Bearer ${valid}` ? ok() : Promise.resolve(refused(401));
    });
    vi.stubGlobal("fetch", send);
    const transport = transportOf(() => api, HOME);
    await transport.fetch(URL, {});
    api.getClientSecret = secret("the second", "second");
    await transport.fetch(URL, {});
    valid = "second";
    await transport.fetch(URL, {});
    vi.unstubAllGlobals();
    expect(asked.mock.calls).toEqual([
      ["the first", null],
      ["the second", "first"],
    ]);
  });

  it("ask for it once, also when several begin at the same time", async () => {
    const { transport, asked, sent } = session("first");
    await Promise.all([transport.fetch(URL, {}), transport.fetch(URL, {})]);
    await transport.fetch(URL, {});
    expect(asked.mock.calls).toEqual([[null]]);
    expect(sent).toEqual(["first", "first", "first"]);
  });

  it("are sent again with a new one when it is refused; others that were refused share it", async () => {
    const { transport, asked, sent } = session("second", "first");
    await Promise.all([transport.fetch(URL, {}), transport.fetch(URL, {})]);
    expect(asked.mock.calls).toEqual([[null], ["first"]]);
    expect(sent).toEqual(["first", "first", "second", "second"]);
  });

  it("are refused when the new one is, too", async () => {
    const { transport, sent } = session("none of these", "first", "second");
    await expect(transport.fetch(URL, {})).rejects.toMatchObject({ status: 401 });
    expect(sent).toEqual(["first", "second"]);
  });

  it("ask anew after the page could not say one", async () => {
    const ask = vi.fn<(current: string | null) => Promise<string>>();
    ask.mockRejectedValueOnce(new Error("logged out")).mockResolvedValueOnce("back");
    const transport = new SessionTransport(URL, ask, ok);
    await expect(transport.fetch(URL, {})).rejects.toThrow("logged out");
    expect((await transport.fetch(URL, {})).status).toBe(200);
  });

  it("are as good as on their way to a server that is away while the page says none", async () => {
    const transport = new SessionTransport(URL, () => Promise.reject(new TypeError("offline")), ok);
    const failure = await transport.fetch(URL, {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unreachable);
    expect(failure).toMatchObject({ message: "offline" });
  });

  it("do not wait for ever for the page to say one, and ask it again", async () => {
    vi.useFakeTimers();
    try {
      const ask = vi.fn<(current: string | null) => Promise<string>>();
      ask.mockReturnValueOnce(new Promise(() => undefined)).mockResolvedValueOnce("back");
      const transport = new SessionTransport(URL, ask, ok);
      const late = expect(transport.fetch(URL, {})).rejects.toThrow(Unreachable);
      await vi.advanceTimersByTimeAsync(SECRET_MS);
      await late;
      expect((await transport.fetch(URL, {})).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });
});
