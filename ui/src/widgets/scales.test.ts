import { describe, expect, test } from "vitest";

import { pathOf } from "./curves";
import { numberOf, stacked, ticks } from "./scales";

describe("a chart's scales", () => {
  test("ticks are round, reach over all values, and have zero", () => {
    expect(ticks([3, 97])).toEqual([0, 25, 50, 75, 100]);
    expect(ticks([-5, 5])).toEqual([-5, -2.5, 0, 2.5, 5]);
    expect(ticks([])).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(ticks([0.1, 0.3])).toEqual([0, 0.1, 0.2, 0.3]);
  });

  test("series of one stack stand upon each other, others on the ground", () => {
    const rows = [{ a: 1, b: 2, c: 3 }];
    const bar = (dataKey: string, stack?: string) => ({ type: "bar", dataKey, stack }) as const;
    expect(stacked(rows, [bar("a", "s"), bar("b", "s"), bar("c")])).toEqual([
      [{ from: 0, to: 1 }],
      [{ from: 1, to: 3 }],
      [{ from: 0, to: 3 }],
    ]);
  });

  test("what is no number has no place", () => {
    expect([numberOf("7"), numberOf(""), numberOf("x"), numberOf(null), numberOf(NaN)]).toEqual([
      7,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe("a chart's curves", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 10, y: 10 },
    { x: 20, y: 10 },
  ];

  test.each([
    ["linear", "M0 0L10 10L20 10"],
    ["step", "M0 0L5 0L5 10L10 10L15 10L15 10L20 10"],
    ["stepAfter", "M0 0L10 0L10 10L10 10L20 10L20 10L20 10"],
    ["stepBefore", "M0 0L0 0L0 10L10 10L10 10L10 10L20 10"],
  ])("%s", (curve, path) => expect(pathOf(points, curve)).toBe(path));

  test("round ones go through every point and not beyond", () => {
    const path = pathOf(points, "monotone");
    expect(path).toMatch(/^M0 0C.* 10 10C.* 20 10$/);
    expect(Math.max(...(path.match(/\d+(\.\d+)?/g) ?? []).map(Number))).toBe(20);
  });

  test("nothing is drawn of nothing", () => expect(pathOf([], "basis")).toBe(""));
});
