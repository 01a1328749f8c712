import { beforeEach, describe, expect, it, vi } from "vitest";

import { Api } from "../network/api";
import { refused } from "../network/testing";
import { PageTransport } from "../network/transport";
import type { Thread } from "../protocol/items";
import { History } from "./history";

interface Asked {
  type: string;
  params: { after?: string; thread_id?: string; title?: string };
}

/** How many chats the server says at once. */
const PAGE = 2;
const emit = vi.fn();
let asked: Asked[];
let chats: Thread[];
let history: History;

function chat(id: string): Thread {
  return {
    id,
    title: id,
    created_at: "2026-01-01T00:00:00Z",
    status: { type: "active" },
    items: { data: [], has_more: false },
  };
}

/** As the server does it: a cursor is the id of a chat that is there. */
function listed(after: string | undefined): Response {
  const place = chats.findIndex(({ id }) => id === after);
  if (after !== undefined && place < 0) return refused(400, "invalid_cursor");
  const data = chats.slice(place + 1, place + 1 + PAGE);
  return Response.json({
    data,
    has_more: place + 1 + PAGE < chats.length,
    after: data.at(-1)?.id ?? null,
  });
}

function answered({ type, params }: Asked): Response {
  if (type === "threads.list") return listed(params.after);
  if (type === "threads.delete") chats = chats.filter(({ id }) => id !== params.thread_id);
  return Response.json({});
}

const send = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.clearAllMocks();
  asked = [];
  chats = ["e", "d", "c", "b", "a"].map(chat);
  send.mockImplementation((_url, init) => {
    const request = JSON.parse(init?.body as string) as Asked;
    asked.push(request);
    return Promise.resolve(answered(request));
  });
  history = new History(new Api(new PageTransport("https://chat.test/chatkit", send)), emit);
});

const shown = (): string[] => history.state.value.threads.map(({ id }) => id);

describe("the list of chats", () => {
  it("begins with the newest, and tells that it is open", async () => {
    await history.show();
    expect(shown()).toEqual(["e", "d"]);
    expect(history.state.value).toMatchObject({ open: true, loading: false, failure: null });
    expect(emit.mock.calls).toEqual([["chatkit.history.open", undefined]]);
  });

  it("goes on page by page, and then asks no more", async () => {
    await history.show();
    for (let page = 0; page < 4; page += 1) await history.loadMore();
    expect(shown()).toEqual(["e", "d", "c", "b", "a"]);
    expect(asked.map(({ params }) => params.after)).toEqual([undefined, "d", "b"]);
  });

  it("asks for one page at a time", async () => {
    await history.show();
    await Promise.all([history.loadMore(), history.loadMore()]);
    expect(shown()).toEqual(["e", "d", "c", "b"]);
  });

  it("is new when it is shown again; what was on its way for the old one is not in it", async () => {
    await history.show();
    const late = history.loadMore();
    chats = [chat("f"), ...chats];
    await Promise.all([history.show(), late]);
    expect(shown()).toEqual(["f", "e"]);
  });

  it("tells once that it is closed", () => {
    void history.show();
    history.hide();
    history.hide();
    expect(emit.mock.calls.filter(([name]) => name === "chatkit.history.close")).toHaveLength(1);
  });

  it("says that a page could not be loaded, and loads it at the next try", async () => {
    await history.show();
    send.mockResolvedValueOnce(refused(503));
    await history.loadMore();
    expect(history.state.value.failure).toBeInstanceOf(Error);
    expect(emit).toHaveBeenLastCalledWith("chatkit.error", {
      error: history.state.value.failure,
    });
    await history.loadMore();
    expect(history.state.value.failure).toBeNull();
    expect(shown()).toEqual(["e", "d", "c", "b"]);
  });
});

describe("a chat", () => {
  it("has the title that the server took", async () => {
    await history.show();
    await history.rename("d", "Dee");
    expect(asked.at(-1)?.params).toEqual({ thread_id: "d", title: "Dee" });
    expect(history.state.value.threads.map(({ title }) => title)).toEqual(["e", "Dee"]);
  });

  it("keeps its title, and is not deleted, if the server refuses", async () => {
    await history.show();
    send.mockResolvedValue(refused(403));
    await expect(history.rename("d", "Dee")).rejects.toThrow();
    await expect(history.delete("d")).rejects.toThrow();
    expect(history.state.value.threads.map(({ title }) => title)).toEqual(["e", "d"]);
  });

  it("that was the last of the list can be deleted; the list goes on behind the one before", async () => {
    await history.show();
    await history.delete("d");
    await history.loadMore();
    expect(shown()).toEqual(["e", "c", "b"]);
  });

  it("that was the only one of the list can be deleted; then the newest of the others are shown", async () => {
    await history.show();
    await history.delete("d");
    await history.delete("e");
    await vi.waitFor(() => expect(shown()).toEqual(["c", "b"]));
  });
});
