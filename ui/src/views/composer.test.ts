import type { ChatKitOptions } from "@openai/chatkit";
import { ContextProvider } from "@lit/context";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Chat, chatContext } from "../chat";
import { text } from "../composer/content";
import { read } from "../options";
import { Composer } from "./composer";

const emit = vi.fn();
let chat: Chat;
let area: HTMLElement;
let composer: Composer;
let provider: ContextProvider<typeof chatContext, HTMLElement>;

async function show(options: Partial<ChatKitOptions> = {}): Promise<void> {
  const api = {
    url: "/chatkit",
    domainKey: "x",
    fetch: () => Promise.reject(new Error("no network in this test")),
  };
  chat = new Chat(read({ api, locale: "en", ...options }), emit, "https://home.test/");
  area = document.createElement("div");
  provider = new ContextProvider(area, { context: chatContext, initialValue: chat });
  composer = new Composer();
  area.attachShadow({ mode: "open" }).append(composer);
  document.body.replaceChildren(area);
  await composer.updateComplete;
}

beforeEach(() => vi.clearAllMocks());
afterEach(() => vi.restoreAllMocks());

const button = (name: string): HTMLButtonElement | null =>
  [...composer.renderRoot.querySelectorAll("button")].find(
    (one) => one.getAttribute("aria-label") === name,
  ) ?? null;
const editor = () => {
  const found = composer.renderRoot.querySelector("chatkit-editor");
  if (found === null) throw new Error("no editor");
  return found;
};
const write = async (words: string): Promise<void> => {
  chat.draft.set({ text: words });
  await composer.updateComplete;
};
const submit = (): boolean => editor().dispatchEvent(new CustomEvent("chatkit-submit"));
const answering = async (allowCancel = true): Promise<void> => {
  const { conversation } = chat;
  conversation.activity.value = "answering";
  conversation.thread.update((thread) => ({
    ...thread,
    answer: { ...thread.answer, allowCancel },
  }));
  await composer.updateComplete;
};
const escape = (): boolean =>
  area.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", cancelable: true }));

describe("sending", () => {
  test("empties the draft and shows the message at once", async () => {
    await show();
    const send = vi.spyOn(chat.conversation, "send").mockResolvedValue(true);
    expect(button("Send")?.getAttribute("aria-disabled")).toBe("true");
    await write("Hello");
    expect(button("Send")?.getAttribute("aria-disabled")).toBe("false");
    button("Send")?.click();
    expect(send).toHaveBeenCalledWith(
      expect.objectContaining({ content: [text("Hello")] }),
      expect.objectContaining({ type: "user_message", content: [text("Hello")] }),
    );
    expect(chat.draft.state.value.content).toEqual([]);
  });

  test("gives the draft back if the server did not take it", async () => {
    await show();
    vi.spyOn(chat.conversation, "send").mockResolvedValue(false);
    await write("Hello");
    submit();
    await vi.waitFor(() => expect(chat.draft.state.value.content).toEqual([text("Hello")]));
  });

  test("waits while an answer is written: the next message can be typed and stays", async () => {
    await show();
    const send = vi.spyOn(chat.conversation, "send");
    await answering();
    await write("Next");
    submit();
    await composer.updateComplete;
    expect(send).not.toHaveBeenCalled();
    expect(chat.draft.state.value.content).toEqual([text("Next")]);
    expect(composer.renderRoot.querySelector(".hint")?.textContent).toContain("can be sent when");
  });
});

describe("stopping", () => {
  test("is what the button does while there is an answer", async () => {
    await show();
    const stop = vi.spyOn(chat.conversation, "stop").mockResolvedValue();
    await answering();
    button("Stop")?.click();
    expect(stop).toHaveBeenCalledOnce();
  });

  test("is what Escape does, wherever the focus is", async () => {
    await show();
    const stop = vi.spyOn(chat.conversation, "stop").mockResolvedValue();
    escape();
    expect(stop).not.toHaveBeenCalled();
    await answering();
    escape();
    expect(stop).toHaveBeenCalledOnce();
  });

  test("is not possible where the server does not allow it", async () => {
    await show();
    const stop = vi.spyOn(chat.conversation, "stop").mockResolvedValue();
    await answering(false);
    expect(button("Stop")?.getAttribute("aria-disabled")).toBe("true");
    button("Stop")?.click();
    escape();
    expect(stop).not.toHaveBeenCalled();
  });
});

test("a thread that is locked takes no text, and says why", async () => {
  await show();
  chat.conversation.thread.update((thread) => ({ ...thread, status: { type: "locked" } }));
  await composer.updateComplete;
  expect(editor().disabled).toBe(true);
  expect(editor().placeholder).toBe("This chat is locked.");
});

describe("tools", () => {
  const tools = [
    {
      id: "s",
      label: "Search the web",
      shortLabel: "Search",
      icon: "globe" as const,
      pinned: true,
    },
    {
      id: "i",
      label: "Make an image",
      shortLabel: "Image",
      icon: "images" as const,
      placeholderOverride: "Describe it",
      persistent: true,
    },
  ];
  beforeEach(() => show({ composer: { tools } }));

  test("that are pinned are switches", async () => {
    button("Search the web")?.click();
    await composer.updateComplete;
    expect(chat.draft.state.value.toolId).toBe("s");
    expect(button("Search the web")?.getAttribute("aria-pressed")).toBe("true");
    expect(button("Search the web")?.textContent).toContain("Search");
    expect(emit).toHaveBeenCalledWith("chatkit.tool.change", { toolId: "s" });
  });

  test("that the page chooses are shown with their short label and placeholder", async () => {
    chat.draft.set({ selectedToolId: "i" });
    await composer.updateComplete;
    expect(editor().placeholder).toBe("Describe it");
    expect(button("Remove Image")?.textContent).toContain("Image");
    button("Remove Image")?.click();
    await composer.updateComplete;
    expect(emit.mock.calls).toEqual([
      ["chatkit.tool.change", { toolId: "i" }],
      ["chatkit.tool.change", { toolId: null }],
    ]);
  });

  test("stay after sending if they are to, else they go", async () => {
    vi.spyOn(chat.conversation, "send").mockResolvedValue(true);
    for (const [selectedToolId, left] of [
      ["i", "i"],
      ["s", null],
    ]) {
      chat.draft.set({ text: "Hello", selectedToolId });
      await composer.updateComplete;
      submit();
      expect(chat.draft.state.value.toolId).toBe(left);
    }
  });
});

test("the default model is part of the message", async () => {
  await show({
    composer: {
      models: [
        { id: "a", label: "A" },
        { id: "b", label: "B", default: true },
      ],
    },
  });
  await write("Hello");
  expect(chat.draft.input?.inference_options.model).toBe("b");
});

describe("files", () => {
  const file = new File(["x"], "x.exe");

  test("that are not taken are named", async () => {
    await show({
      composer: { attachments: { enabled: true, accept: { "text/plain": [".txt"] } } },
    });
    await composer.attach([file]);
    await composer.updateComplete;
    expect(composer.renderRoot.querySelector("[role=alert]")?.textContent).toContain(
      "x.exe is of a type that cannot be attached.",
    );
    expect(chat.draft.state.value.attachments).toEqual([]);
  });

  test("that cannot be uploaded stay with an error", async () => {
    await show({ composer: { attachments: { enabled: true } } });
    await composer.attach([file]);
    await vi.waitFor(() =>
      expect(chat.draft.state.value.attachments[0]?.error).toBe("x.exe could not be uploaded."),
    );
    expect(emit).toHaveBeenCalledWith("chatkit.error", { error: expect.any(Error) as Error });
  });

  test("are given up when the element goes, or has another chat", async () => {
    const aborted: string[] = [];
    const hanging = (id: string): ChatKitOptions["api"] => ({
      url: "/chatkit",
      domainKey: "x",
      fetch: (_url, init) =>
        new Promise((_, reject) => {
          init?.signal?.addEventListener("abort", () => {
            aborted.push(id);
            reject(new Error("aborted"));
          });
        }),
    });
    await show({ api: hanging("first"), composer: { attachments: { enabled: true } } });
    await composer.attach([file]);
    area.shadowRoot?.append(composer); // a move in the page
    await composer.updateComplete;
    expect(aborted).toEqual([]);
    const options = { api: hanging("second"), composer: { attachments: { enabled: true } } };
    provider.setValue(new Chat(read(options), emit, "https://home.test/"));
    await vi.waitFor(() => expect(aborted).toEqual(["first"]));
    await composer.attach([file]);
    area.remove();
    await vi.waitFor(() => expect(aborted).toEqual(["first", "second"]));
  });

  test("are not taken where the page has no attachments", async () => {
    await show();
    await composer.attach([file]);
    expect(chat.draft.state.value.attachments).toEqual([]);
    expect(button("Attach files")).toBeNull();
  });
});

test("a quote can be taken out", async () => {
  await show();
  chat.draft.set({ reply: "Said before" });
  await composer.updateComplete;
  expect(composer.renderRoot.querySelector("blockquote")?.textContent).toBe("Said before");
  button("Remove quote")?.click();
  expect(chat.draft.state.value.quote).toBeNull();
});
