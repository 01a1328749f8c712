import { html } from "lit";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { NO_ANSWER, NO_THREAD } from "../conversation/fold";
import { find, settled, stage, type Stage } from "../items/staging";
import type { UserMessageItem } from "../protocol/items";
import { focused } from "./focus";
import "./composer";
import "./thread-view";

const asked: UserMessageItem = {
  id: "u1",
  thread_id: "thr",
  created_at: "2026-01-01T00:00:00Z",
  type: "user_message",
  content: [{ type: "input_text", text: "Hello" }],
  attachments: [],
  inference_options: {},
};
const error = { type: "error", code: "custom", message: "Tired.", allow_retry: true } as const;

let scene: Stage;
beforeEach(() => {
  document.body.replaceChildren();
  scene = stage({ composer: { dictation: { enabled: true } } }, () => Response.json({ text: "" }));
});

describe("a thread", () => {
  let element: HTMLElement;
  beforeEach(async () => {
    element = await scene.show(html`<chatkit-thread></chatkit-thread>`);
    scene.chat.conversation.thread.value = {
      ...NO_THREAD,
      id: "thr",
      items: [asked],
      answer: { ...NO_ANSWER, error },
    };
    vi.spyOn(scene.chat.conversation, "retry").mockImplementation(() => {
      scene.chat.conversation.thread.update((thread) => ({ ...thread, answer: NO_ANSWER }));
      return Promise.resolve();
    });
    await settled();
  });
  const retry = (): HTMLElement => find(element, ".box button") as HTMLElement;

  test("has the focus when the button that had it did its work and is gone", async () => {
    retry().focus();
    retry().click();
    await settled();
    expect(find(element, ".box button")).toBeNull();
    expect(focused()).toBe(find(element, ".scroller"));
  });

  test("does not take it from where the user has gone", async () => {
    const elsewhere = document.createElement("input");
    document.body.append(elsewhere);
    const button = retry();
    button.focus();
    elsewhere.focus();
    button.click();
    await settled();
    expect(focused()).toBe(elsewhere);
  });

  test("does not take it back when the user has left it", async () => {
    const button = retry();
    button.focus();
    button.blur();
    await settled();
    button.click();
    await settled();
    expect(focused()).toBeNull();
  });
});

describe("the composer", () => {
  test("has the focus on the end of what is spoken, and then in the text", async () => {
    const recording = { level: () => 0, stop: () => Promise.resolve(new Blob()), cancel: vi.fn() };
    const microphone = await import("../composer/microphone");
    vi.spyOn(microphone, "fromMicrophone").mockResolvedValue(recording);
    const element = await scene.show(html`<chatkit-composer></chatkit-composer>`);
    const named = (name: string): HTMLElement =>
      find(element, `button[aria-label="${name}"]`) as HTMLElement;
    named("Dictate").focus();
    named("Dictate").click();
    await settled();
    expect(focused()).toBe(find(element, ".dictation .primary"));
    named("Stop and write it down").click();
    await settled();
    await settled();
    expect(find(element, ".dictation")).toBeNull();
    expect(focused()).toBe(find(element, "[role=textbox]"));
  });
});
