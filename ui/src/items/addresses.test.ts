import { describe, expect, it } from "vitest";

import { hostOf, linkable, showable } from "./addresses";

describe("linkable", () => {
  it.each(["https://example.test/a", "http://example.test", "mailto:a@example.test", "tel:+1"])(
    "takes %s",
    (address) => expect(linkable(address)).toBe(address),
  );

  it.each([
    "javascript:alert(1)",
    " java\nscript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "https://",
  ])("refuses %j", (address) => expect(linkable(address)).toBeNull());
});

describe("showable", () => {
  it.each(["https://example.test/a.png", "data:image/png;base64,AAAA", "blob:https://a.test/1"])(
    "takes %s",
    (address) => expect(showable(address)).toBe(address),
  );

  it.each(["data:image/svg+xml;base64,AAAA", "data:text/html,x", "javascript:alert(1)"])(
    "refuses %s",
    (address) => expect(showable(address)).toBeNull(),
  );
});

describe("hostOf", () => {
  it("names the site without www", () => {
    expect(hostOf("https://www.example.test/a/b?c")).toBe("example.test");
  });

  it("is empty for what is no address", () => expect(hostOf("https://")).toBe(""));
});
