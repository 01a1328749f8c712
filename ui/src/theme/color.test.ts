import { describe, expect, it } from "vitest";

import { BLACK, contrast, hex, legible, toOklch, toRgb, WHITE, type Rgb } from "./color";

const RED: Rgb = { r: 1, g: 0, b: 0 };

describe("colours", () => {
  it("have the contrasts of WCAG", () => {
    expect(contrast(BLACK, WHITE)).toBeCloseTo(21, 5);
    expect(contrast(RED, WHITE)).toBeCloseTo(3.998, 2);
    expect(contrast(WHITE, RED)).toBe(contrast(RED, WHITE));
  });

  it("are the same after a way through OKLCH", () => {
    for (const color of [RED, WHITE, BLACK, { r: 0.2, g: 0.6, b: 0.4 }]) {
      expect(hex(toRgb(toOklch(color)))).toBe(hex(color));
    }
    expect(toOklch(RED)).toMatchObject({ l: expect.closeTo(0.628, 2) as number });
  });

  it("are shown with less chroma where a screen has not so much", () => {
    const { l } = toOklch(toRgb({ l: 0.9, c: 0.37, h: 264 }));
    expect(l).toBeCloseTo(0.9, 2);
  });
});

describe("legible", () => {
  it("leaves a colour that is seen well", () => {
    expect(legible(RED, [WHITE], 3)).toBe(RED);
  });

  it("darkens on white, lightens on black, and keeps the hue", () => {
    const onWhite = legible(RED, [WHITE], 4.5);
    const onBlack = legible({ r: 0.4, g: 0, b: 0 }, [BLACK], 4.5);
    expect(contrast(onWhite, WHITE)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(onBlack, BLACK)).toBeGreaterThanOrEqual(4.5);
    expect(toOklch(onWhite).l).toBeLessThan(toOklch(RED).l);
    expect(toOklch(onWhite).h).toBeCloseTo(toOklch(RED).h, 0);
  });

  it("is black or white where nothing is enough", () => {
    expect(legible(RED, [BLACK, WHITE], 7)).toSatisfy(
      (color: Rgb) => color === BLACK || color === WHITE,
    );
  });
});
