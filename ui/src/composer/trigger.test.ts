import { describe, expect, test } from "vitest";

import { TAG_SIGN } from "./content";
import { triggerAt } from "./trigger";

const at = (text: string, cursor = text.length): ReturnType<typeof triggerAt> =>
  triggerAt(text, cursor, () => true);

describe("a mention", () => {
  test.each([
    ["@", 0, ""],
    ["hi @ad", 3, "ad"],
    ["(@ad", 1, "ad"],
    [`${TAG_SIGN}@ad`, 1, "ad"],
    ["line\n@ada lo", 5, "ada lo"],
  ])("begins in %j", (text, from, query) => {
    expect(at(text)).toEqual({ sign: "@", from, query });
  });

  test.each(["ada@example.test", "@ ad", "@ada\nnext", `@${"x".repeat(50)}`, "plain"])(
    "does not begin in %j",
    (text) => expect(at(text)).toBeNull(),
  );

  test("ends at the cursor", () => {
    expect(at("@ada and more", 3)).toEqual({ sign: "@", from: 0, query: "ad" });
  });
});

describe("a command", () => {
  test("begins the message", () => {
    expect(at("/sum")).toEqual({ sign: "/", from: 0, query: "sum" });
  });

  test.each(["a /sum", "/ sum", "/sum\n", "/usr/bin", `/${TAG_SIGN}`])("is not in %j", (text) =>
    expect(at(text)).toBeNull(),
  );
});

test("a sign that is not in use asks for nothing", () => {
  expect(triggerAt("/sum", 4, (sign) => sign === "@")).toBeNull();
  expect(triggerAt("@ad", 3, (sign) => sign === "/")).toBeNull();
});
