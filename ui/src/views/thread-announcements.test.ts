import { describe, expect, it } from "vitest";

import type { AssistantMessageItem } from "../protocol/items";
import { heard, SILENCE } from "./thread-announcements";

function message(text: string): AssistantMessageItem {
  return {
    id: "m",
    thread_id: "thr",
    created_at: "2026-01-01T00:00:00Z",
    type: "assistant_message",
    content: [{ type: "output_text", text, annotations: [] }],
  };
}

describe("heard", () => {
  it("waits for the end of a sentence", () => {
    expect(heard([message("Hello, I am")], SILENCE, false).news).toEqual([]);
  });

  it("says whole sentences, and each once", () => {
    const first = heard([message("One. Two! Thr")], SILENCE, false);
    expect(first.news).toEqual(["One. Two!"]);
    expect(heard([message("One. Two! Three. F")], first, false).news).toEqual(["Three."]);
  });

  it("does not end a sentence within a number", () => {
    expect(heard([message("It is 3.14 or")], SILENCE, false).news).toEqual([]);
  });

  it("knows the full stops of other scripts", () => {
    expect(heard([message("你好。我")], SILENCE, false).news).toEqual(["你好。"]);
  });

  it("says the rest at the end", () => {
    const first = heard([message("One. And")], SILENCE, false);
    expect(heard([message("One. And so")], first, true).news).toEqual(["And so"]);
  });

  it("says nothing twice when the text is told anew", () => {
    const first = heard([message("One. Two. ")], SILENCE, false);
    expect(heard([message("One. ")], first, false).news).toEqual([]);
  });
});
