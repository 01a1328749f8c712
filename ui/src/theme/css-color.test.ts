import { describe, expect, it } from "vitest";

import { hex } from "./color";
import { parsed } from "./css-color";

describe("a CSS colour", () => {
  it.each([
    ["#1a2b3c", "#1a2b3c", 1],
    ["#ABC", "#aabbcc", 1],
    ["#11223380", "#112233", 0.5],
    ["rgb(255, 0, 10)", "#ff000a", 1],
    ["rgba(0 128 255 / 50%)", "#0080ff", 0.5],
    ["rgb(100% 0% 50%)", "#ff0080", 1],
    ["hsl(0, 100%, 50%)", "#ff0000", 1],
    ["hsla(0.5turn 100% 50% / 0.25)", "#00ffff", 0.25],
    ["hsl(-120 100% 50%)", "#0000ff", 1],
  ])("is read: %s", (text, expected, alpha) => {
    const found = parsed(text);
    expect(found && hex(found.color)).toBe(expected);
    expect(found?.alpha).toBeCloseTo(alpha, 1);
  });

  it.each(["", "#12345", "rgb(1 2)", "rgb(a b c)", "hsl(red 1% 1%)", "url(x)", "nonsense"])(
    "is not: %s",
    (text) => expect(parsed(text)).toBeNull(),
  );
});
