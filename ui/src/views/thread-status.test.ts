import { html } from "lit";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { ThreadState } from "../conversation/fold";
import { NO_ANSWER, NO_THREAD } from "../conversation/fold";
import { find, settled, shown, stage, type Stage } from "../items/staging";
import { ApiError, Unreachable } from "../network/errors";
import type { UserMessageItem } from "../protocol/items";
import "./thread-status";

const asked: UserMessageItem = {
  id: "u1",
  thread_id: "thr",
  created_at: "2026-01-01T00:00:00Z",
  type: "user_message",
  content: [],
  attachments: [],
  inference_options: {},
};

let scene: Stage;
let element: HTMLElement;

async function put(part: Partial<ThreadState>): Promise<void> {
  scene.chat.conversation.thread.value = { ...NO_THREAD, id: "thr", items: [asked], ...part };
  await settled();
}

beforeEach(async () => {
  scene = stage();
  element = await scene.show(html`<chatkit-thread-status></chatkit-thread-status>`);
});

describe("<chatkit-thread-status>", () => {
  it("shows nothing of a thread in which nothing happens", async () => {
    await put({});
    expect(shown(element)).toBe("");
    expect(find(element, ".dots")).toBeNull();
  });

  it("shows that an answer is awaited, until its text moves", async () => {
    const { conversation } = scene.chat;
    conversation.activity.value = "waiting";
    await put({});
    expect(find(element, ".dots")).not.toBeNull();
    conversation.activity.value = "answering";
    const part = { type: "output_text", text: "Hi", annotations: [] } as const;
    const item = { ...asked, id: "a1", type: "assistant_message", content: [part] } as const;
    await put({ items: [asked, item as never], open: new Set(["a1"]) });
    expect(find(element, ".dots")).toBeNull();
  });

  it("says what the server says of its progress", async () => {
    scene.chat.conversation.activity.value = "answering";
    await put({
      answer: {
        ...NO_ANSWER,
        progress: { type: "progress_update", text: "Looking", icon: "search" },
      },
    });
    expect(shown(element)).toBe("Looking");
  });

  it("shows notices with their titles", async () => {
    await put({
      answer: {
        ...NO_ANSWER,
        notices: [{ type: "notice", level: "warning", title: "Careful", message: "Nearly full." }],
      },
    });
    expect(shown(element)).toBe("Careful Nearly full.");
  });

  it("offers to try again after an error that allows it", async () => {
    const retry = vi.spyOn(scene.chat.conversation, "retry").mockResolvedValue();
    const error = { type: "error", code: "custom", message: "Tired.", allow_retry: true } as const;
    await put({ answer: { ...NO_ANSWER, error } });
    expect(shown(element)).toBe("Tired. Try again");
    find(element, "button")?.click();
    expect(retry).toHaveBeenCalledWith("u1");
    await put({ answer: { ...NO_ANSWER, error: { ...error, allow_retry: false, message: null } } });
    expect(shown(element)).toBe("Something went wrong with this answer.");
  });

  it("offers to load a thread again that could not be loaded", async () => {
    const remedy = vi.fn();
    await put({ items: [] });
    const error = new Unreachable("away");
    scene.chat.conversation.failure.value = { error, remedy, during: "load" };
    await settled();
    expect(shown(element)).toBe("The chat could not be loaded. Try again");
    find(element, "button")?.click();
    expect(remedy).toHaveBeenCalledOnce();
  });

  it("says why the server refused a message, which the composer has again", async () => {
    const answer = { ...asked, id: "a1", type: "assistant_message", content: [] } as never;
    for (const items of [[asked, answer], []]) {
      await put({ items });
      const error = new ApiError(429, "rate_limited", "Too many messages.");
      scene.chat.conversation.failure.value = { error, remedy: null, during: "request" };
      await settled();
      expect(shown(element)).toBe("Too many messages.");
    }
  });

  it("offers to do again what failed, and nothing else", async () => {
    const retry = vi.spyOn(scene.chat.conversation, "retry").mockResolvedValue();
    const remedy = vi.fn();
    await put({ answer: { ...NO_ANSWER, items: ["u1", "a1"] } });
    const error = new Unreachable("away");
    scene.chat.conversation.failure.value = { error, remedy, during: "request" };
    await settled();
    expect(shown(element)).toBe("That did not work. Try again");
    find(element, "button")?.click();
    expect(remedy).toHaveBeenCalledOnce();
    expect(retry).not.toHaveBeenCalled();
  });

  it("offers no other answer while one is written", async () => {
    const error = { type: "error", code: "custom", message: "Tired.", allow_retry: true } as const;
    scene.chat.conversation.activity.value = "answering";
    await put({ answer: { ...NO_ANSWER, error } });
    expect(shown(element)).toBe("Tired.");
  });

  it("says that a thread is locked or closed, and why", async () => {
    await put({ status: { type: "locked", reason: "A colleague reads it." } });
    expect(shown(element)).toBe("This chat is locked. A colleague reads it.");
    await put({ status: { type: "closed" } });
    expect(shown(element)).toBe("This chat is closed.");
  });
});
