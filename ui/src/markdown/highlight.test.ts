import { expect, it } from "vitest";

import { highlight } from "./highlight";

it("cuts code into runs of one colour, and loses nothing", () => {
  const code = "const a = `x ${1}`; // b\n";
  const runs = highlight(code, "JS") ?? [];
  expect(runs.map(({ text }) => text).join("")).toBe(code);
  expect(runs[0]).toEqual({ text: "const", kind: "keyword" });
  expect(runs.find(({ text }) => text === "1")?.kind).toBe("number");
  expect(runs.at(-2)).toEqual({ text: "// b", kind: "comment" });
});

it("knows no colours for languages that it does not know", () => {
  expect(highlight("a", "klingon")).toBeNull();
  expect(highlight("a", "__proto__")).toBeNull();
});
