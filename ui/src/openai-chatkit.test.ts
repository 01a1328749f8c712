import type { ChatKitOptions } from "@openai/chatkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { framed, refused, streaming, Wire } from "./network/testing";
import { ChatKitElement } from "./openai-chatkit";

customElements.define("openai-chatkit", ChatKitElement);

const of = { thread_id: "thr", created_at: "2026-01-01T00:00:00Z" };
const THREAD = { ...of, id: "thr", title: null, status: { type: "active" }, metadata: {} };
const ANSWER = {
  ...of,
  type: "assistant_message",
  id: "a",
  content: [{ type: "output_text", text: "There.", annotations: [] }],
} as const;

/** What the server is asked, and does, unless a test says otherwise. */
let asked: { url: string; type?: string; params?: { thread_id?: string } }[];
let answered: (type: string, url: string) => Response | undefined;
let element: ChatKitElement;

const fetched: typeof fetch = (url, init) => {
  const request = JSON.parse((init?.body ?? "{}") as string) as { type?: string };
  const { type = "" } = request;
  asked.push({ url: url as string, ...request });
  const answer = answered(type, url as string);
  if (answer) return Promise.resolve(answer);
  if (type === "threads.get_by_id") return Promise.resolve(Response.json(THREAD));
  if (type === "items.list") return Promise.resolve(Response.json({ data: [], has_more: false }));
  return Promise.resolve(new Response(null, { status: 204 }));
};

const threads = (): (string | undefined)[] =>
  asked.filter(({ type }) => type === "threads.get_by_id").map(({ params }) => params?.thread_id);

function show(options: Partial<ChatKitOptions> = {}): void {
  const api = { url: "https://chat.test/chatkit", domainKey: "test", fetch: fetched };
  element.setOptions({ api, locale: "en", ...options });
  document.body.replaceChildren(element);
}

const ready = (): Promise<void> =>
  new Promise((resolve) => {
    element.addEventListener("chatkit.ready", () => resolve(), { once: true });
  });

/** The run of an answer that never ends. */
function endless(_type: string, url: string): Response | undefined {
  const run = { id: "run_1", thread_id: "thr", state: "running" };
  if (url.endsWith("/threads/thr/run")) return Response.json(run);
  return url.endsWith("/events") ? streaming(new Wire().body) : undefined;
}

beforeEach(() => {
  asked = [];
  answered = () => undefined;
  element = new ChatKitElement();
});
afterEach(() => {
  document.body.replaceChildren();
});

describe("the first thread", () => {
  it("is the page's choice", async () => {
    show({ initialThread: "first" });
    await ready();
    await vi.waitFor(() => expect(threads()).toEqual(["first"]));
  });

  it("does not take the place of one that the page has opened by then", async () => {
    show({ initialThread: "first" });
    const opening = element.setThreadId("mine");
    await ready();
    await opening;
    expect(threads()).toEqual(["mine"]);
  });

  it("does not take the place of a message that the page sends at once", async () => {
    const events = vi.fn();
    answered = (type) => (type === "threads.create" ? streaming(new Wire().body) : undefined);
    element.addEventListener("chatkit.thread.load.start", events);
    element.addEventListener("chatkit.ready", () => {
      void element.sendUserMessage({ text: "Hello" }).catch(() => undefined);
    });
    show({ initialThread: "first" });
    await ready();
    await vi.waitFor(() => expect(asked.map(({ type }) => type)).toContain("threads.create"));
    expect(events).not.toHaveBeenCalled();
  });
});

describe("a method", () => {
  it("that opens a thread is done when it is shown, whatever is still written there", async () => {
    answered = endless;
    show();
    await ready();
    await element.setThreadId("thr");
    await vi.waitFor(() => expect(asked.at(-1)?.url).toContain("/runs/run_1/events"));
  });

  it("that sends says what the server refused", async () => {
    answered = (type) => (type === "threads.create" ? refused(409, "thread_busy") : undefined);
    show();
    await ready();
    await expect(element.sendUserMessage({ text: "Hello" })).rejects.toMatchObject({
      code: "thread_busy",
    });
  });
});

describe("an element that is taken out of the page", () => {
  it("and put back goes on with its thread: what was written meanwhile, and new messages", async () => {
    answered = endless;
    show();
    await ready();
    await element.setThreadId("thr");
    element.remove();
    await Promise.resolve();
    answered = (type) =>
      type === "items.list" ? Response.json({ data: [ANSWER], has_more: false }) : undefined;
    asked = [];
    document.body.append(element);
    await vi.waitFor(() => expect(asked.map(({ type }) => type)).toContain("items.list"));
    answered = (type) =>
      type === "threads.add_user_message"
        ? streaming(framed({ type: "progress_update", text: "Looking" }), null)
        : undefined;
    await element.sendUserMessage({ text: "Then" });
    expect(asked.at(-1)).toMatchObject({ type: "threads.add_user_message" });
  });

  it("and put elsewhere at once has not been out at all", async () => {
    answered = endless;
    show();
    await ready();
    await element.setThreadId("thr");
    await vi.waitFor(() => expect(asked.at(-1)?.url).toContain("/events"));
    asked = [];
    const box = document.createElement("div");
    document.body.append(box);
    box.append(element);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toEqual([]);
  });
});
