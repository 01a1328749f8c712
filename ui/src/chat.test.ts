import type { ChatKitOptions } from "@openai/chatkit";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Chat } from "./chat";
import { framed, streaming } from "./network/testing";
import { read } from "./options";
import type { ThreadStreamEvent } from "./protocol/events";
import type { ClientToolCallItem } from "./protocol/items";

const CALL: ClientToolCallItem = {
  type: "client_tool_call",
  id: "call",
  thread_id: "thr",
  created_at: "2026-01-01T00:00:00Z",
  status: "pending",
  call_id: "1",
  name: "get_place",
  arguments: { exact: true },
};
const MESSAGE = {
  content: [{ type: "input_text", text: "Where am I?" }],
  attachments: [],
  quoted_text: null,
  inference_options: {},
} as const;

interface Asked {
  type: string;
  params: unknown;
}

const emit = vi.fn();
let asked: Asked[];

/** A chat whose server calls a tool of the page at the first message. */
function chatWith(options: Partial<ChatKitOptions>): Chat {
  const fetch = (_url: unknown, init?: RequestInit): Promise<Response> => {
    const request = JSON.parse((init?.body ?? "{}") as string) as Asked;
    asked.push(request);
    const event: ThreadStreamEvent = { type: "thread.item.done", item: CALL };
    const calls = request.type === "threads.add_user_message";
    return Promise.resolve(
      streaming(calls ? framed(event, "run_1:1") : ": nothing more\n\n", null),
    );
  };
  const api = { url: "https://chat.test/chatkit", domainKey: "x", fetch: fetch as never };
  const chat = new Chat(read({ api, ...options }), emit, "https://chat.test/chatkit.js");
  chat.conversation.thread.update((thread) => ({ ...thread, id: "thr" }));
  return chat;
}

/** What the server is told of the tool that it called, after a message. */
async function toolOutput(chat: Chat): Promise<unknown> {
  const shown = { ...CALL, type: "user_message", ...MESSAGE } as never;
  await chat.conversation.send(MESSAGE as never, shown);
  return asked.find(({ type }) => type === "threads.add_client_tool_output")?.params;
}

function errors(): string[] {
  return emit.mock.calls
    .filter(([name]) => name === "chatkit.error")
    .map(([, detail]) => (detail as { error: Error }).error.message);
}

beforeEach(() => {
  asked = [];
  vi.clearAllMocks();
});

describe("a tool of the page", () => {
  it("is called with what the server says; the server is told what it returns", async () => {
    const onClientTool = vi.fn(() => Promise.resolve({ place: "Ulm" }));
    const output = await toolOutput(chatWith({ onClientTool }));
    expect(onClientTool).toHaveBeenCalledExactlyOnceWith({
      name: "get_place",
      params: { exact: true },
    });
    expect(output).toEqual({ thread_id: "thr", result: { place: "Ulm" } });
    expect(errors()).toEqual([]);
  });

  it.each([undefined, null])("that returns %s has an empty output", async (nothing) => {
    const onClientTool = (() => nothing) as unknown as () => Record<string, unknown>;
    const output = await toolOutput(chatWith({ onClientTool }));
    expect(output).toEqual({ thread_id: "thr", result: {} });
  });

  it("that fails is told to the page, and to the server without its reasons", async () => {
    const onClientTool = (): never => {
      throw new Error("the secret reason");
    };
    const output = await toolOutput(chatWith({ onClientTool }));
    expect(output).toEqual({
      thread_id: "thr",
      result: { error: "The client tool get_place failed." },
    });
    expect(errors()).toEqual(["the secret reason"]);
  });

  it("that the page does not have is told to both", async () => {
    const output = await toolOutput(chatWith({}));
    expect(output).toMatchObject({
      result: { error: "This page has no client tools; get_place was not called." },
    });
    expect(errors()).toEqual([
      "The server called get_place; there is no onClientTool in the options.",
    ]);
  });

  it("is the one of the newest options", async () => {
    const chat = chatWith({ onClientTool: () => ({ place: "Ulm" }) });
    const api = chat.options.value.api;
    chat.show(read({ api, onClientTool: () => ({ place: "Bonn" }) }));
    expect(await toolOutput(chat)).toMatchObject({ result: { place: "Bonn" } });
  });
});

describe("showing other options", () => {
  it("closes a list of chats that is no longer wanted", () => {
    const chat = chatWith({});
    void chat.history.show();
    chat.show(read({ api: chat.options.value.api, history: { enabled: false } }));
    expect(chat.history.state.value.open).toBe(false);
  });

  it("speaks the language of the last, whichever is loaded first", async () => {
    const chat = chatWith({ locale: "de" });
    chat.show({ ...chat.options.value, locale: "fr" });
    chat.show({ ...chat.options.value, locale: "it" });
    await vi.waitFor(() => expect(chat.texts.value.language).toBe("it"));
  });
});

describe("what failed", () => {
  it("is told to the page as an error, whatever was thrown", () => {
    const chat = chatWith({});
    chat.report(new Error("one"));
    chat.report("two");
    expect(errors()).toEqual(["one", "two"]);
  });
});
