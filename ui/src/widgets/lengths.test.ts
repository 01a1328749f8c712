import { describe, expect, test } from "vitest";

import { edges, flex, pixels, ratio, units, unitsOfEdges } from "./lengths";

describe("lengths of a widget", () => {
  test("numbers are pixels for sizes, and units of four for gaps", () => {
    expect(pixels(100)).toBe("100px");
    expect(units(3)).toBe("12px");
    expect(units(1.5)).toBe("6px");
  });

  test.each(["50%", "auto", "max-content"])("%s is taken as it is", (value) =>
    expect(pixels(value)).toBe(value),
  );

  test.each([
    ...["2rem", "-4px", "calc(100% - 8px)", "min(10rem, 50vw)"],
    ...["9999em", "9999vh", "calc(999999px)", "calc(999999px * 50%)"],
  ])("%s is taken, within what a page can have", (value) => {
    expect(pixels(value)).toBe(`clamp(-4000px,${value},4000px)`);
  });

  test("a number in a text counts as one", () => {
    expect(units("4")).toBe("16px");
  });

  test.each([
    "url(https://evil.test/x)",
    "var(--secret)",
    "1px; background: red",
    "env(x)",
    "attr(title)",
    "calc(var(--x))",
    "calc(url(x))",
    "expression(alert(1))",
    "px",
  ])("%s is no length", (value) => expect(pixels(value)).toBeUndefined());

  test.each([null, undefined, {}, [], true, NaN, Infinity])("%s is no length", (value) =>
    expect(pixels(value)).toBeUndefined(),
  );

  test("a huge number is cut to what a page can have", () => {
    expect(pixels(1e9)).toBe("4000px");
    expect(units(-1e9)).toBe("-4000px");
  });

  test("padding by edge: an edge goes before its axis, left is where a line begins", () => {
    expect(edges("padding", { x: 2, left: 3, top: 1 })).toEqual({
      paddingBlockStart: "4px",
      paddingBlockEnd: undefined,
      paddingInlineStart: "12px",
      paddingInlineEnd: "8px",
    });
    expect(edges("margin", 2)).toEqual({ margin: "8px" });
  });

  test("several edges in one text", () => {
    expect(unitsOfEdges("8px 12")).toBe("clamp(-4000px,8px,4000px) 48px");
    expect(unitsOfEdges("8px url(x)")).toBeUndefined();
  });

  test("flex and ratios", () => {
    expect(flex(1)).toBe("1 1 0%");
    expect(flex("0 0 auto")).toBe("0 0 auto");
    expect(flex("1 1 9999em")).toBe("1 1 clamp(-4000px,9999em,4000px)");
    expect(flex("1 1 url(x)")).toBeUndefined();
    expect(ratio(1.5)).toBe("1.5");
    expect(ratio("16/9")).toBe("16/9");
    expect(ratio("16/9; color: red")).toBeUndefined();
    expect(ratio(-1)).toBeUndefined();
  });
});
