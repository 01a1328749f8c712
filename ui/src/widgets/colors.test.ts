import { describe, expect, test } from "vitest";

import { CHART_COLORS, color } from "./colors";

describe("colours of a widget", () => {
  test("a token means what it colours", () => {
    expect(color("secondary", "light", "text")).toBe("var(--ck-text-muted)");
    expect(color("surface-secondary", "light", "surface")).toBe("var(--ck-surface-sunken)");
    expect(color("strong", "light", "border")).toBe("var(--ck-border)");
    expect(color("success", "dark", "text")).toBe("var(--ck-success)");
  });

  test("of two colours, that of the scheme", () => {
    const both = { light: "#eef", dark: "#223" };
    expect(color(both, "light", "surface")).toBe("#eef");
    expect(color(both, "dark", "surface")).toBe("#223");
  });

  test("primitives go from white to black", () => {
    expect(color("gray-0", "light", "text")).toBe("oklch(1.000 0.000 0)");
    expect(color("gray-1000", "light", "text")).toMatch(/^oklch\(0\.15/);
    expect(color("blue-500", "light", "text")).toMatch(/^oklch\(/);
    expect(color("mauve-500", "light", "text")).toBeUndefined();
  });

  test("alpha is a share of the text's colour", () => {
    expect(color("alpha-10", "light", "border")).toContain("10%");
  });

  test.each(["#abc", "#aabbccdd", "rgb(1 2 3 / 50%)", "hsl(120, 50%, 50%)", "tomato"])(
    "%s is CSS and is taken",
    (value) => expect(color(value, "light", "text")).toBe(value),
  );

  test.each([
    "url(https://evil.test/x)",
    "var(--ck-accent)",
    "red; background: url(x)",
    "rgb(var(--x))",
    "image-set(url(x) 1x)",
    "#12",
    "rgb(0 0 0)) url(x",
    "constructor",
    "",
  ])("%s is ignored", (value) => {
    const taken = color(value, "light", "text");
    // An unknown word does nothing; whatever could load or end a rule must not get through.
    expect(taken === undefined || /^[a-z]+$/.test(taken)).toBe(true);
  });

  test.each([null, undefined, 7, [], {}])("%s is no colour", (value) =>
    expect(color(value as string, "light", "text")).toBeUndefined(),
  );

  test("every colour of charts is there", () => {
    for (const name of CHART_COLORS) expect(color(name, "light", "chart")).toMatch(/^oklch\(/);
  });
});
