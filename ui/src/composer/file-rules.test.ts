import { describe, expect, test } from "vitest";

import { en } from "../texts";
import { acceptAttribute, isAccepted, maxBytes, sorted, type FileFacts } from "./file-rules";

const MB = 1024 * 1024;
const file = (name: string, type = "text/plain", size = 10): FileFacts => ({ name, type, size });

describe("types", () => {
  const accept = { "image/*": [".png"], "application/pdf": [".pdf"], "text/x-log": [".log"] };

  test.each([
    [file("a.jpg", "image/jpeg"), true],
    [file("a.pdf", "application/pdf"), true],
    [file("A.LOG", ""), true],
    [file("a.txt", "text/plain"), false],
    [file("pdf", "application/pdfx"), false],
  ])("%o: %s", (one, expected) => expect(isAccepted(one, accept)).toBe(expected));

  test("are all accepted where none is listed", () => {
    expect(isAccepted(file("a.exe", ""), undefined)).toBe(true);
    expect(isAccepted(file("a.exe", ""), {})).toBe(true);
  });

  test("and extensions are what the file dialog offers", () => {
    expect(acceptAttribute({ "image/*": [".png", ".gif"] })).toBe("image/*,.png,.gif");
  });
});

describe("the largest size", () => {
  test("is 100 MB", () => expect(maxBytes("text/plain", undefined)).toBe(100 * MB));
  test("is one for all", () => expect(maxBytes("text/plain", 5)).toBe(5));
  test("is the type's own before its kind's before that of the rest", () => {
    const sizes = { "image/png": 1, "image/*": 2, "*": 3 };
    expect(maxBytes("image/png", sizes)).toBe(1);
    expect(maxBytes("image/gif", sizes)).toBe(2);
    expect(maxBytes("text/plain", sizes)).toBe(3);
    expect(maxBytes("", sizes)).toBe(3);
    expect(maxBytes("text/plain", { "": 4 })).toBe(4);
    expect(maxBytes("text/plain", { "image/*": 2 })).toBe(100 * MB);
  });
});

test("files that are not taken are named with the reason", () => {
  const rules = { enabled: true, maxSize: MB, maxCount: 3, accept: { "text/plain": [] } };
  const files = [
    file("1.txt"),
    file("2.png", "image/png"),
    file("3.txt", "text/plain", MB + 1),
    file("4.txt"),
    file("5.txt"),
    file("6.txt"),
  ];
  const { taken, refusals } = sorted(files, 1, rules, en);
  expect(taken.map(({ name }) => name)).toEqual(["1.txt", "4.txt"]);
  expect(refusals).toEqual([
    "2.png is of a type that cannot be attached.",
    "3.txt is larger than 1 MB.",
    "At most 3 files can be attached.",
  ]);
});
