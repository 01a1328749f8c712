import { html } from "lit";
import { describe, expect, it, vi } from "vitest";

import { all, find, settled, stage, type Stage } from "../items/staging";
import type { ThreadItem, UserMessageItem } from "../protocol/items";
import { textOfAnswer } from "./thread-turn-actions";
import type { Turn } from "./thread-turns";

const base = { thread_id: "thr", created_at: "2026-01-01T00:00:00Z" };
const user: UserMessageItem = {
  ...base,
  id: "u1",
  type: "user_message",
  content: [],
  attachments: [],
  inference_options: {},
};
const items: ThreadItem[] = [
  { ...base, id: "w1", type: "workflow", workflow: { type: "custom", tasks: [] } },
  {
    ...base,
    id: "a1",
    type: "assistant_message",
    content: [{ type: "output_text", text: "So **it** is.", annotations: [] }],
  },
  {
    ...base,
    id: "x1",
    type: "widget",
    widget: { type: "Card", children: [] },
    copy_text: "A card",
  },
];
const turn: Turn = { key: "u1", user, isSent: false, items };
const both = { threadItemActions: { feedback: true, retry: true } };

async function shownActions(scene: Stage, locked = false): Promise<HTMLElement> {
  scene.chat.conversation.thread.update((thread) => ({ ...thread, id: "thr" }));
  return scene.show(
    html`<chatkit-turn-actions .turn=${turn} .locked=${locked}></chatkit-turn-actions>`,
  );
}

function names(element: HTMLElement): (string | null)[] {
  return all(element, "button").map((button) => button.getAttribute("aria-label"));
}

function press(element: HTMLElement, name: string): void {
  find(element, `[aria-label="${name}"]`)?.click();
}

it("what is copied is the plain text of messages, and widgets' own", () => {
  expect(textOfAnswer(items)).toBe("So it is.\n\nA card");
});

describe("<chatkit-turn-actions>", () => {
  it("offers what the page wants to be offered", async () => {
    expect(names(await shownActions(stage()))).toEqual(["Copy"]);
    expect(names(await shownActions(stage(both)))).toEqual([
      "Copy",
      "Good answer",
      "Bad answer",
      "Try again",
    ]);
  });

  it("copies, and says so", async () => {
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    const element = await shownActions(stage());
    press(element, "Copy");
    await settled();
    expect(write).toHaveBeenCalledWith("So it is.\n\nA card");
    expect(names(element)).toEqual(["Copied"]);
  });

  it("rates all items of the answer", async () => {
    const scene = stage(both);
    const element = await shownActions(scene);
    press(element, "Good answer");
    await settled();
    expect(scene.asked).toMatchObject([
      {
        type: "items.feedback",
        params: { thread_id: "thr", item_ids: ["w1", "a1", "x1"], kind: "positive" },
      },
    ]);
    expect(find(element, `[aria-pressed="true"]`)?.title).toBe("Good answer");
  });

  it("takes a rating back that the server refuses", async () => {
    const scene = stage(both, () => new Response(null, { status: 500 }));
    const element = await shownActions(scene);
    press(element, "Bad answer");
    await settled();
    expect(find(element, `[aria-pressed="true"]`)).toBeNull();
    expect(scene.told.map(({ name }) => name)).toEqual(["chatkit.error"]);
  });

  it("answers the user's message again", async () => {
    const scene = stage(both);
    const retry = vi.spyOn(scene.chat.conversation, "retry").mockResolvedValue();
    press(await shownActions(scene), "Try again");
    expect(retry).toHaveBeenCalledWith("u1");
  });

  it("does not offer another answer in a thread that is locked", async () => {
    expect(names(await shownActions(stage(both), true))).not.toContain("Try again");
  });
});
