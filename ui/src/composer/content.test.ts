import { describe, expect, test } from "vitest";

import { flat, isSame, joined, plainText, slice, spliced, text, type Tag } from "./content";

const ADA: Tag = { type: "input_tag", id: "1", text: "Ada", data: {} };
const HELLO = [text("Hi "), ADA, text(" and you")];

describe("content", () => {
  test("counts a tag as one character", () => {
    expect(flat(HELLO)).toBe("Hi \uFFFC and you");
  });

  test("reads as plain text with the names of its tags", () => {
    expect(plainText(HELLO)).toBe("Hi Ada and you");
  });

  test("is cut at positions, tags as a whole", () => {
    expect(slice(HELLO, 1, 4)).toEqual([text("i "), ADA]);
    expect(slice(HELLO, 4, Infinity)).toEqual([text(" and you")]);
  });

  test("takes other content in the place of a part", () => {
    expect(spliced(HELLO, 3, 4, [text("all")])).toEqual([text("Hi all and you")]);
    expect(spliced([text("ab")], 1, 1, [ADA])).toEqual([text("a"), ADA, text("b")]);
  });

  test("has no empty parts, and no text beside text", () => {
    expect(joined([text(""), text("a"), text("b"), ADA, text("")])).toEqual([text("ab"), ADA]);
  });

  test("is the same if its texts are, and its tags with all that the page gave them", () => {
    expect(isSame(HELLO, [text("Hi "), { ...ADA }, text(" and you")])).toBe(true);
    expect(isSame(HELLO, [text("Hi "), { ...ADA, id: "2" }, text(" and you")])).toBe(false);
    expect(isSame(HELLO, HELLO.slice(0, 2))).toBe(false);
    for (const part of [
      { text: "Ada L." },
      { data: { born: "1815" } },
      { group: "People" },
      { interactive: !ADA.interactive },
    ]) {
      expect(isSame([ADA], [{ ...ADA, ...part }])).toBe(false);
    }
  });
});
