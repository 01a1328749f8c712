import { describe, expect, test } from "vitest";

import type { Attachment } from "../protocol/items";
import { Draft, EMPTY, inputOf, type DraftAttachment } from "./draft";

const IMAGE: Attachment = {
  type: "image",
  id: "att_1",
  name: "a.png",
  mime_type: "image/png",
  preview_url: "/att_1.png",
};
const UPLOADING: DraftAttachment = {
  key: "k",
  name: "a.png",
  mimeType: "image/png",
  size: 1,
  previewUrl: "blob:1",
  progress: 0.5,
  attachment: null,
  error: null,
};
const hello = [{ type: "input_text" as const, text: "Hello" }];

describe("a request", () => {
  test("says all that is in the draft, tags in their places", () => {
    const draft = new Draft();
    draft.set({
      content: [
        { type: "input_text", text: "Ask " },
        { type: "input_tag", id: "1", text: "Ada" },
      ],
      reply: "quoted",
      attachments: [IMAGE],
      selectedToolId: "search",
      selectedModelId: "fast",
    });
    expect(draft.input).toEqual({
      content: [
        { type: "input_text", text: "Ask " },
        { type: "input_tag", id: "1", text: "Ada", data: {} },
      ],
      attachments: ["att_1"],
      quoted_text: "quoted",
      inference_options: { tool_choice: { id: "search" }, model: "fast" },
    });
  });

  test("is not there for blanks, nor while a file is on its way", () => {
    expect(inputOf({ ...EMPTY, content: [{ type: "input_text", text: " \n" }] })).toBeNull();
    expect(inputOf({ ...EMPTY, content: hello, attachments: [UPLOADING] })).toBeNull();
  });

  test("may be a file without words", () => {
    const attachments = [{ ...UPLOADING, attachment: IMAGE }];
    expect(inputOf({ ...EMPTY, attachments })?.attachments).toEqual(["att_1"]);
  });
});

test("the page's values leave alone what they do not mention", () => {
  const draft = new Draft();
  draft.set({ text: "Hello", selectedToolId: "search" });
  draft.set({ reply: "quoted" });
  expect(draft.state.value).toMatchObject({ content: hello, quote: "quoted", toolId: "search" });
  draft.set({ selectedToolId: null });
  expect(draft.state.value.toolId).toBeNull();
});

test("after sending the model stays, and the tool if it is to", () => {
  const draft = new Draft();
  draft.set({ text: "Hello", selectedToolId: "search", selectedModelId: "fast" });
  draft.clear(true);
  expect(draft.state.value).toEqual({ ...EMPTY, toolId: "search", modelId: "fast" });
  draft.clear(false);
  expect(draft.state.value).toEqual({ ...EMPTY, modelId: "fast" });
});

test("progress of a file that was taken out changes nothing", () => {
  const draft = new Draft();
  draft.put({ attachments: [UPLOADING] });
  draft.putAttachment("k", { progress: 0.9 });
  expect(draft.state.value.attachments[0]?.progress).toBe(0.9);
  draft.put({ attachments: [] });
  draft.putAttachment("k", { progress: 1 });
  expect(draft.state.value.attachments).toEqual([]);
});

test("a message that was refused comes back before what was written since", () => {
  const draft = new Draft();
  draft.put({ content: hello, attachments: [{ ...UPLOADING, attachment: IMAGE }], quote: "q" });
  const before = draft.state.value;
  draft.clear(false);
  draft.set({ text: "more" });
  draft.giveBack(before);
  const { content, attachments, quote } = draft.state.value;
  expect(content.map((part) => part.text).join("")).toBe("Hello\nmore");
  expect(quote).toBe("q");
  // The page's own preview was let go when the message was sent.
  expect(attachments[0]?.previewUrl).toBe("/att_1.png");
});
