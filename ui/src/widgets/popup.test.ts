import { describe, expect, test } from "vitest";

import { placed } from "./popup";

const ROOM = { width: 400, height: 600 };
const POPUP = { width: 200, height: 100 };
const anchor = (left: number, top: number) => ({ left, top, right: left + 50, bottom: top + 30 });
const WANTED = { side: "bottom", align: "start", rtl: false } as const;

describe("a popup", () => {
  test("goes below what opened it, from where that begins", () => {
    expect(placed(anchor(100, 100), POPUP, ROOM, WANTED)).toEqual({ left: 100, top: 134 });
    expect(placed(anchor(300, 100), POPUP, ROOM, { ...WANTED, rtl: true })).toEqual({
      left: 150,
      top: 134,
    });
  });

  test("goes above where there is no room below", () => {
    expect(placed(anchor(100, 550), POPUP, ROOM, WANTED).top).toBe(446);
  });

  test("takes the side and the alignment that it is given", () => {
    const at = (side: "left" | "right" | "top", align: "start" | "center" | "end") =>
      placed(anchor(100, 300), { width: 60, height: 100 }, ROOM, { side, align, rtl: false });
    expect(at("right", "start")).toEqual({ left: 154, top: 300 });
    expect(at("left", "end")).toEqual({ left: 36, top: 230 });
    expect(at("top", "center")).toEqual({ left: 95, top: 196 });
  });

  test("never leaves the window", () => {
    expect(placed(anchor(390, 100), POPUP, ROOM, WANTED).left).toBe(192);
    expect(placed(anchor(-60, 100), POPUP, ROOM, WANTED).left).toBe(8);
  });
});
