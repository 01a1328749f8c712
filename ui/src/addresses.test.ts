import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { hostOf, imageAddress, linkable, pictureAddress, previewAddress } from "./addresses";

const PNG = "data:image/png;base64,AAAA";

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    "https://chat.test/page",
  );
});
afterEach(() => vi.unstubAllGlobals());

describe("a link", () => {
  it.each(["https://example.test/a", "http://example.test/", "mailto:a@example.test", "tel:+1"])(
    "may lead to %s",
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
    "",
  ])("may not lead to %j", (address) => expect(linkable(address)).toBeNull());
});

describe("an image", () => {
  it("of the page's own origin is loaded", () => {
    expect(imageAddress("/a.png", null)).toBe("https://chat.test/a.png");
    expect(imageAddress("https://chat.test/a.png", [])).toBe("https://chat.test/a.png");
  });

  it.each([
    ["https://a.test/x", null, false],
    ["https://a.test/x", [], false],
    ["https://a.test/x", ["a.test"], true],
    ["https://A.TEST/x", ["a.test"], true],
    ["https://a.test/x", [" A.test "], true],
    ["http://a.test/x", ["a.test"], false],
    ["//b.test/x", ["a.test"], false],
    ["https://b.a.test/x", ["a.test"], false],
    ["https://b.a.test/x", ["*.a.test"], true],
    ["https://a.test/x", ["*.a.test"], false],
    ["https://xa.test/x", ["*.a.test", "a.test"], false],
    ["https://a.test:8443/x", ["a.test"], false],
    ["https://a.test:8443/x", ["a.test:8443"], true],
    ["https://a.test@evil.test/x", ["a.test"], false],
    ["https://user@a.test/x", ["a.test"], false],
    ["https://a.test/x", [""], false],
    ["blob:https://a.test/x", ["a.test"], false],
    ["javascript:alert(1)", ["a.test"], false],
    ["", ["a.test"], false],
    [PNG, ["a.test"], false],
  ])("at %s, of a thread that allows %j: %j", (src, domains, is) => {
    expect(imageAddress(src, domains) !== null).toBe(is);
    if (src !== PNG) expect(pictureAddress(src, domains) !== null).toBe(is);
  });

  it("is judged in browsers that have no URL.parse", () => {
    vi.stubGlobal(
      "URL",
      class extends URL {
        static override parse = undefined as never;
      },
    );
    expect(pictureAddress("https://a.test/x", ["a.test"])).toBe("https://a.test/x");
  });
});

describe("an image that the address contains", () => {
  it("is loaded where a server makes images or keeps files", () => {
    expect(pictureAddress(PNG, null)).toBe(PNG);
    expect(previewAddress(PNG)).toBe(PNG);
  });

  it.each(["data:image/svg+xml;base64,AAAA", "data:image/svg+xml,<svg/>", "data:text/html,x"])(
    "is not if it is a document: %s",
    (address) => {
      expect(pictureAddress(address, null)).toBeNull();
      expect(previewAddress(address)).toBeNull();
    },
  );
});

describe("the preview of an attachment", () => {
  it.each(["https://store.test/a.png", "http://store.test/a.png", "blob:https://chat.test/1"])(
    "is loaded from %s",
    (address) => expect(previewAddress(address)).toBe(address),
  );

  it.each(["javascript:alert(1)", "file:///a.png", ""])("is not loaded from %j", (address) => {
    expect(previewAddress(address)).toBeNull();
  });
});

describe("the name of a site", () => {
  it("is its host without www", () => {
    expect(hostOf("https://www.example.test/a/b?c")).toBe("example.test");
  });

  it("is empty for what is no address", () => expect(hostOf("https://")).toBe(""));
});
