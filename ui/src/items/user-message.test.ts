import { html } from "lit";
import { describe, expect, it, vi } from "vitest";

import type { UserContent, UserMessageItem } from "../protocol/items";
import { all, find, shown, stage } from "./staging";
import "./user-message";

function message(part: Partial<UserMessageItem>): UserMessageItem {
  return {
    id: "u",
    thread_id: "thr",
    created_at: "2026-01-01T00:00:00Z",
    type: "user_message",
    content: [{ type: "input_text", text: "Hello" }],
    attachments: [],
    inference_options: {},
    ...part,
  };
}

async function shownMessage(part: Partial<UserMessageItem>, scene = stage()): Promise<HTMLElement> {
  return scene.show(html`<chatkit-user-message .item=${message(part)}></chatkit-user-message>`);
}

const ada: UserContent = {
  type: "input_tag",
  id: "ada",
  text: "Ada",
  data: { born: "1815" },
  interactive: true,
};

describe("<chatkit-user-message>", () => {
  it("shows HTML as the text that it is", async () => {
    const element = await shownMessage({
      content: [{ type: "input_text", text: "<img src=x onerror=alert(1)>" }],
    });
    expect(find(element, "img")).toBeNull();
    expect(shown(element)).toBe("<img src=x onerror=alert(1)>");
  });

  it("calls the page's function when a tag is pressed", async () => {
    const onClick = vi.fn();
    const element = await shownMessage({ content: [ada] }, stage({ entities: { onClick } }));
    find(element, "button")?.click();
    expect(onClick).toHaveBeenCalledWith({
      id: "ada",
      title: "Ada",
      data: { born: "1815" },
      interactive: true,
    });
  });

  it("makes no button of a tag that is not interactive", async () => {
    const element = await shownMessage({ content: [{ ...ada, interactive: false }] });
    expect(find(element, "button")).toBeNull();
    expect(shown(element)).toBe("Ada");
  });

  it("shows the quote that the message answers to", async () => {
    const element = await shownMessage({ quoted_text: "So it is." });
    expect(find(element, "blockquote")?.textContent).toBe("So it is.");
  });

  it("shows files by their names and images by their previews", async () => {
    const element = await shownMessage({
      attachments: [
        { type: "file", id: "f", name: "<b>.pdf", mime_type: "application/pdf" },
        { type: "image", id: "i", name: "a.png", mime_type: "image/png", preview_url: "/p/i" },
      ],
    });
    expect(find(element, ".name")?.textContent).toBe("<b>.pdf");
    expect(find(element, "button")?.getAttribute("aria-label")).toBe("Open the image: a.png");
  });

  it("loads no image from an address that is none", async () => {
    const element = await shownMessage({
      attachments: [
        {
          type: "image",
          id: "i",
          name: "a.svg",
          mime_type: "image/svg+xml",
          preview_url: "data:image/svg+xml,<svg onload=alert(1)>",
        },
      ],
    });
    expect(all(element, "img")).toEqual([]);
  });

  it("has no bubble without text", async () => {
    const element = await shownMessage({ content: [] });
    expect(find(element, ".bubble")).toBeNull();
  });

  it("leaves out what it does not know, and tells the page", async () => {
    const scene = stage();
    const content = [{ type: "input_hologram" }, { type: "input_text", text: "Hello" }];
    const element = await shownMessage({ content: content as UserContent[] }, scene);
    expect(shown(element)).toBe("Hello");
    expect(scene.told.map(({ name }) => name)).toEqual(["chatkit.log"]);
  });
});
