import { beforeEach, describe, expect, test } from "vitest";

import { card, mounted } from "./testing";

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    "https://chat.test/",
  );
});

const styleOf = (element: HTMLElement, name: string) => element.style.getPropertyValue(name);
const dataOf = ({ dataset }: HTMLElement) => Object.fromEntries(Object.entries(dataset));

describe("content", () => {
  test("Badge has a colour, a variant, a size", async () => {
    const page = await mounted(
      card({
        type: "Badge",
        label: "New",
        color: "success",
        variant: "solid",
        size: "lg",
        pill: false,
      }),
    );
    expect(dataOf(page.find(".badge"))).toEqual({
      tone: "success",
      variant: "solid",
      size: "lg",
    });
    expect(page.find(".badge").className).toBe("badge");
  });

  test("Icon has a name, a colour, a size", async () => {
    const page = await mounted(card({ type: "Icon", name: "star", color: "danger", size: "2xl" }));
    const icon = page.find("chatkit-icon");
    expect(icon.getAttribute("name")).toBe("star");
    expect([icon.style.color, icon.style.fontSize]).toEqual(["var(--ck-danger)", "32px"]);
  });

  test("Image is shown if its site may be, and is a word otherwise", async () => {
    const image = { type: "Image", alt: "A hill", size: 48, fit: "contain", position: "top left" };
    const page = await mounted(
      card(
        { ...image, src: "/hill.png", radius: "full", frame: true },
        { ...image, src: "https://far.test/hill.png", flush: true },
      ),
    );
    const hill = page.find("img");
    expect([hill.getAttribute("src"), hill.getAttribute("alt")]).toEqual([
      "https://chat.test/hill.png",
      "A hill",
    ]);
    expect(hill.className).toBe("image framed");
    expect([styleOf(hill, "object-fit"), styleOf(hill, "object-position")]).toEqual([
      "contain",
      "top left",
    ]);
    expect(page.all("img")).toHaveLength(1);
    expect(page.find(".blocked").getAttribute("aria-label")).toMatch(/^A hill: /);
    page.chat.conversation.thread.update((one) => ({ ...one, allowedImageDomains: ["far.test"] }));
    await page.settled();
    expect(page.all("img")).toHaveLength(2);
    await page.show(card({ ...image, src: 7 }, { ...image, src: "data:image/svg+xml,<svg/>" }));
    expect(page.all("img")).toEqual([]);
  });
});
