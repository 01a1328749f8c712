import { afterEach, expect, it, vi } from "vitest";

import { EMPTY, inputOf, shownAs } from "./conversation/draft";
import { newId } from "./ids";

afterEach(() => vi.unstubAllGlobals());

it("an id is new each time", () => {
  const ids = Array.from({ length: 100 }, newId);
  expect(new Set(ids).size).toBe(100);
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
});

it("a message can be shown on a page that came over plain HTTP, which has no randomUUID", () => {
  const { crypto } = globalThis;
  vi.stubGlobal("crypto", {
    getRandomValues: (into: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(into),
  });
  const input = inputOf({ ...EMPTY, content: [{ type: "input_text", text: "Hello" }] });
  if (input === null) throw new Error("a message needs a text");
  expect(shownAs(input, []).id).toMatch(/^sent-/);
});
