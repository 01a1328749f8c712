import { beforeEach, describe, expect, test } from "vitest";

import { imageSource } from "./image-source";

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    "https://chat.test/page",
  );
});

describe("images of a widget", () => {
  test("those of the page's own origin are shown", () => {
    expect(imageSource("/a.png", null)).toBe("https://chat.test/a.png");
    expect(imageSource("https://chat.test/a.png", null)).toBe("https://chat.test/a.png");
  });

  test("an image that the address contains is shown", () => {
    const data = "data:image/png;base64,AAAA";
    expect(imageSource(data, null)).toBe(data);
  });

  test("those of other sites need their domain in the thread's list", () => {
    const src = "https://cdn.images.test/a.png";
    expect(imageSource(src, null)).toBeNull();
    expect(imageSource(src, [])).toBeNull();
    expect(imageSource(src, ["images.test"])).toBe(src);
    expect(imageSource(src, ["*.images.test"])).toBe(src);
    expect(imageSource("https://evilimages.test/a.png", ["images.test"])).toBeNull();
  });

  test.each([
    "http://images.test/a.png",
    "https://user:pass@images.test/a.png",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://images.test/x",
    "//other.test/a.png",
    "",
    7,
    null,
  ])("%s is not", (src) => expect(imageSource(src, ["images.test"])).toBeNull());
});
