import { html } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { NO_THREAD } from "../conversation/fold";
import { all, find, settled, shown, stage, type Stage } from "../items/staging";
import { refused } from "../network/testing";
import type { AssistantMessageItem, ThreadItem, UserMessageItem } from "../protocol/items";
import { TurnView } from "./thread-turn";
import "./thread-view";

const base = { thread_id: "thr", created_at: "2026-01-01T00:00:00Z" };

function asked(id: string, text: string): UserMessageItem {
  return {
    ...base,
    id,
    type: "user_message",
    content: [{ type: "input_text", text }],
    attachments: [],
    inference_options: {},
  };
}

function said(id: string, text: string): AssistantMessageItem {
  return {
    ...base,
    id,
    type: "assistant_message",
    content: [{ type: "output_text", text, annotations: [] }],
  };
}

let scene: Stage;
let element: HTMLElement;

function put(items: readonly ThreadItem[], older: string | null = null): void {
  scene.chat.conversation.thread.value = { ...NO_THREAD, id: "thr", items, older };
}

beforeEach(async () => {
  scene = stage();
  element = await scene.show(html`<chatkit-thread></chatkit-thread>`);
});

describe("<chatkit-thread>", () => {
  it("shows items oldest first, and says who said them", async () => {
    put([asked("u1", "One?"), said("a1", "One."), asked("u2", "Two?"), said("a2", "Two.")]);
    await settled();
    const words = all(element, "chatkit-turn").map(shown);
    expect(words).toEqual([
      "You said One? Assistant said One.",
      "You said Two? Assistant said Two.",
    ]);
  });

  it("renders only the turn that changed", async () => {
    const items = [asked("u1", "One?"), said("a1", "One."), asked("u2", "Two?"), said("a2", "T")];
    put(items);
    await settled();
    const renders = all(element, "chatkit-assistant-message").map((message) =>
      vi.spyOn(message as unknown as { render(): unknown }, "render"),
    );
    put(items.with(3, said("a2", "Two.")));
    await settled();
    expect(renders.map((spy) => spy.mock.calls.length)).toEqual([0, 1]);
  });

  it("shows a message on its way in the element that will show it when it is stored", async () => {
    const { conversation } = scene.chat;
    const item = asked("sent-1", "Hello");
    const input = { content: [], attachments: [], quoted_text: null, inference_options: {} };
    conversation.sent.value = { input, item };
    await settled();
    const before = find(element, "chatkit-user-message");
    expect(shown(before as HTMLElement)).toBe("Hello");
    conversation.sent.value = null;
    put([asked("u1", "Hello")]);
    await settled();
    expect(all(element, "chatkit-user-message")).toEqual([before]);
  });

  it("tells the page once of an item that it cannot show", async () => {
    const unknown = { ...base, id: "n1", type: "hologram" } as unknown as ThreadItem;
    put([asked("u1", "Hello"), unknown]);
    await settled();
    put([asked("u1", "Hello"), unknown, said("a1", "Hi")]);
    await settled();
    expect(scene.told).toEqual([
      {
        name: "chatkit.log",
        detail: { name: "item.unknown", data: { id: "n1", type: "hologram" } },
      },
    ]);
  });

  it("loads older items at the press of a button, once at a time", async () => {
    let loaded = (): void => undefined;
    const load = vi
      .spyOn(scene.chat.conversation, "loadOlder")
      .mockReturnValue(new Promise((resolve) => (loaded = resolve)));
    put([asked("u1", "Hello")], "cursor");
    await settled();
    const button = find(element, ".older button");
    button?.click();
    button?.click();
    expect(load).toHaveBeenCalledTimes(1);
    loaded();
    await settled();
    button?.click();
    expect(load).toHaveBeenCalledTimes(2);
  });

  describe("when the oldest item is in sight", () => {
    /** As a browser does it: what is in sight is told as soon as it is observed. */
    class Seeing {
      constructor(
        private readonly tell: (
          entries: Pick<IntersectionObserverEntry, "isIntersecting">[],
        ) => void,
      ) {}
      observe(): void {
        setTimeout(() => this.tell([{ isIntersecting: true }]));
      }
      disconnect(): void {
        // nothing was kept
      }
    }
    const errors = (): unknown[] => scene.told.filter(({ name }) => name === "chatkit.error");
    const long = async (): Promise<void> => {
      for (let turn = 0; turn < 5; turn += 1) await settled();
    };
    let answer: () => Response;

    beforeEach(async () => {
      vi.stubGlobal("IntersectionObserver", Seeing);
      answer = () => refused(400);
      scene = stage({}, () => answer());
      element = await scene.show(html`<chatkit-thread></chatkit-thread>`);
      put([asked("u1", "Hello")], "cursor");
      await long();
    });
    afterEach(() => vi.unstubAllGlobals());

    it("asks once for older ones that the server refuses, and says so", () => {
      expect(scene.asked.map(({ type }) => type)).toEqual(["items.list"]);
      expect(errors()).toHaveLength(1);
      expect(shown(find(element, ".older [role=alert]") as HTMLElement)).toBe("That did not work.");
    });

    it("asks again at the press of the button", async () => {
      find(element, ".older button")?.click();
      await long();
      expect(scene.asked).toHaveLength(2);
    });

    it("asks again by itself when the connection is back", async () => {
      window.dispatchEvent(new Event("online"));
      await long();
      expect(scene.asked).toHaveLength(2);
      scene.chat.conversation.connection.value = "lost";
      await long();
      expect(scene.asked).toHaveLength(2);
      answer = () => Response.json({ data: [asked("u0", "Before")], has_more: false });
      scene.chat.conversation.connection.value = "open";
      await long();
      expect(scene.asked).toHaveLength(3);
      expect(all(element, "chatkit-turn")).toHaveLength(2);
      expect(find(element, ".older")).toBeNull();
    });

    it("asks again in another thread", async () => {
      scene.chat.conversation.thread.update((thread) => ({ ...thread, id: "other" }));
      await long();
      expect(scene.asked).toHaveLength(2);
    });
  });

  it("is silent about older items that are given up for a message", async () => {
    vi.spyOn(scene.chat.conversation, "loadOlder").mockRejectedValue(
      new DOMException("another thing was asked for", "AbortError"),
    );
    put([asked("u1", "Hello")], "cursor");
    await settled();
    find(element, ".older button")?.click();
    await settled();
    expect(scene.told).toEqual([]);
    expect(shown(find(element, ".older [role=alert]") as HTMLElement)).toBe("");
  });

  it("offers nothing to do with an answer that is not finished", async () => {
    const { activity } = scene.chat.conversation;
    activity.value = "answering";
    put([asked("u1", "One?"), said("a1", "One."), asked("u2", "Two?"), said("a2", "T")]);
    await settled();
    expect(all(element, "chatkit-turn-actions")).toHaveLength(1);
    activity.value = "idle";
    await settled();
    expect(all(element, "chatkit-turn-actions")).toHaveLength(2);
  });

  it("offers no other answer to an earlier message while one is written", async () => {
    scene = stage({ threadItemActions: { retry: true } });
    element = await scene.show(html`<chatkit-thread></chatkit-thread>`);
    const { activity } = scene.chat.conversation;
    activity.value = "answering";
    put([asked("u1", "One?"), said("a1", "One."), asked("u2", "Two?"), said("a2", "T")]);
    await settled();
    const [earlier] = all(element, "chatkit-turn").filter((turn) => turn instanceof TurnView);
    const render = earlier && vi.spyOn(earlier, "render");
    expect(all(element, ".column.busy")).toHaveLength(1);
    activity.value = "idle";
    await settled();
    expect(all(element, ".column.busy")).toHaveLength(0);
    expect(all(element, '[aria-label="Try again"]')).toHaveLength(2);
    expect(render).not.toHaveBeenCalled(); // there may be hundreds like it
  });

  it("shows an answer from its beginning that was under way when the thread was opened", async () => {
    const { activity } = scene.chat.conversation;
    activity.value = "loading";
    put([]);
    await settled();
    activity.value = "waiting";
    put([asked("u1", "One?"), said("a1", "Half")]);
    await settled();
    expect(element.hasAttribute("roomy")).toBe(true);
  });

  it("says that the connection is lost, and no longer when it is there", async () => {
    const { connection } = scene.chat.conversation;
    put([asked("u1", "Hello")]);
    connection.value = "lost";
    await settled();
    expect(shown(find(element, ".offline") as HTMLElement)).toContain("No connection.");
    connection.value = "open";
    await settled();
    expect(find(element, ".offline")).toBeNull();
  });

  it("leaves room below a message that was sent, unless the page follows the answer", async () => {
    const send = async (): Promise<void> => {
      put([asked("u1", "Hello")]);
      await settled();
      const input = { content: [], attachments: [], quoted_text: null, inference_options: {} };
      scene.chat.conversation.sent.value = { input, item: asked("sent-1", "Again") };
      await settled();
    };
    await send();
    expect(element.hasAttribute("roomy")).toBe(true);
    scene = stage({ thread: { autoScroll: true } });
    element = await scene.show(html`<chatkit-thread></chatkit-thread>`);
    await send();
    expect(element.hasAttribute("roomy")).toBe(false);
  });
});
