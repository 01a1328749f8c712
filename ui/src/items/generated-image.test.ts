import { html } from "lit";
import { describe, expect, it } from "vitest";

import type { GeneratedImageItem } from "../protocol/items";
import "./generated-image";
import { find, shown, stage } from "./staging";

const PNG = "data:image/png;base64,AAAA";

async function shownImage(
  part: Partial<GeneratedImageItem>,
  open: boolean,
  domains: readonly string[] | null = null,
): Promise<HTMLElement> {
  const item: GeneratedImageItem = {
    id: "g",
    thread_id: "thr",
    created_at: "2026-01-01T00:00:00Z",
    type: "generated_image",
    ...part,
  };
  return stage().show(
    html`<chatkit-generated-image
      .item=${item}
      .open=${open}
      .imageDomains=${domains}
    ></chatkit-generated-image>`,
  );
}

describe("<chatkit-generated-image>", () => {
  it("shows how far it is", async () => {
    const element = await shownImage({ image: { id: "i", url: PNG }, progress: 0.3 }, true);
    expect((find(element, "progress") as HTMLProgressElement).value).toBe(0.3);
    expect(find(element, "img")?.getAttribute("src")).toBe(PNG);
  });

  it("shows that it does not know how far it is", async () => {
    const element = await shownImage({}, true);
    expect(find(element, "progress")?.hasAttribute("max")).toBe(false);
  });

  it("opens and downloads when it is done", async () => {
    const element = await shownImage({ image: { id: "i", url: PNG } }, false);
    expect(find(element, "progress")).toBeNull();
    expect(find(element, "a[download]")?.getAttribute("href")).toBe(PNG);
  });

  it("loads nothing from an address that is no image's", async () => {
    const element = await shownImage({ image: { id: "i", url: "javascript:alert(1)" } }, false);
    expect(find(element, "img, a")).toBeNull();
  });

  it("loads from other sites what the thread allows, and says so of others", async () => {
    const image = { id: "i", url: "https://images.test/a.png" };
    const open = await shownImage({ image }, true, ["elsewhere.test"]);
    expect(find(open, "img")).toBeNull();
    const refused = await shownImage({ image }, false, ["elsewhere.test"]);
    expect(find(refused, "img, a")).toBeNull();
    expect(shown(refused)).toBe("An image of another site is not shown.");
    const allowed = await shownImage({ image }, false, ["images.test"]);
    expect(find(allowed, "img")?.getAttribute("src")).toBe(image.url);
  });
});
