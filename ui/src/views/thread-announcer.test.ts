import { html } from "lit";
import { beforeEach, describe, expect, it } from "vitest";

import { NO_ANSWER, NO_THREAD } from "../conversation/fold";
import { settled, shown, stage, type Stage } from "../items/staging";
import "./thread-announcer";

let scene: Stage;
let element: HTMLElement;

async function says(text: string): Promise<void> {
  const content = [{ type: "output_text" as const, text, annotations: [] }];
  const item = {
    id: "a1",
    thread_id: "thr",
    created_at: "",
    type: "assistant_message" as const,
    content,
  };
  scene.chat.conversation.thread.value = {
    ...NO_THREAD,
    items: [item],
    answer: { ...NO_ANSWER, items: ["a1"] },
  };
  await settled();
}

beforeEach(async () => {
  scene = stage();
  element = await scene.show(html`<chatkit-announcer></chatkit-announcer>`);
});

describe("<chatkit-announcer>", () => {
  it("says the answer when it is complete, without marks", async () => {
    const { activity } = scene.chat.conversation;
    activity.value = "waiting";
    await settled();
    activity.value = "answering";
    await says("It is **blue**. Mostly");
    activity.value = "idle";
    await settled();
    expect(shown(element)).toBe("Thinking It is blue. Mostly The answer is complete");
  });

  it("says progress once", async () => {
    const { thread } = scene.chat.conversation;
    const answer = {
      ...NO_ANSWER,
      progress: { type: "progress_update", text: "Looking" } as const,
    };
    thread.value = { ...NO_THREAD, answer };
    await settled();
    thread.value = { ...NO_THREAD, answer: { ...answer } };
    await settled();
    expect(shown(element)).toBe("Looking");
  });

  it("is silent when a thread is opened", async () => {
    scene.chat.conversation.activity.value = "loading";
    await says("Old.");
    scene.chat.conversation.activity.value = "idle";
    await settled();
    expect(shown(element)).toBe("");
  });
});
