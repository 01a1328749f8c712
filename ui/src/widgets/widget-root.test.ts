import { describe, expect, test } from "vitest";

import { renderOf } from "./registry";
import { card, mounted } from "./testing";

const text = (value: string, more = {}) => ({ type: "Text", value, ...more });

describe("a server that errs", () => {
  test("unknown types show nothing and are told once", async () => {
    const page = await mounted(card({ type: "Hologram" }, { type: "Hologram" }, text("x")));
    await page.show(card({ type: "Hologram" }, text("y")));
    expect(page.emitted("chatkit.log")).toEqual([
      { name: "widget.unknown_component", data: { type: "Hologram", itemId: "item" } },
    ]);
    expect(page.find(".text").textContent.trim()).toBe("y");
    expect(renderOf("constructor")).toBeNull();
  });

  test.each([
    { type: "Text", value: { not: "a text" } },
    { type: "Row", children: "none" },
    { type: "Row", children: [null, 7, "x", {}] },
    { type: "Select", name: "a", options: null },
    { type: "RadioGroup", name: "a", options: 7 },
    { type: "Chart", data: null, series: null, xAxis: null },
    { type: "Card", children: null, status: "x", confirm: 1 },
    { type: "Input" },
    { type: "Badge", label: null, color: ["x"] },
    { type: "Box", border: "x", padding: [], background: 7 },
  ])("%j spoils nothing but itself", async (component) => {
    const page = await mounted(card(component, text("still here")));
    expect(page.find(".widget").textContent).toContain("still here");
    expect(page.find(".widget").textContent).not.toContain("[object");
  });

  test.each([null, undefined, 7, "Card", [], {}])("%j as a root shows nothing", async (root) => {
    const page = await mounted(root);
    expect(page.find(".widget").textContent.trim()).toBe("");
  });

  test("2,000 nested boxes are cut off", async () => {
    let deep: object = text("bottom");
    for (let depth = 0; depth < 2000; depth += 1) deep = { type: "Box", children: [deep] };
    const page = await mounted(card(text("top"), deep));
    expect(page.find(".text").textContent.trim()).toBe("top");
    expect(page.all(".box").length).toBeLessThanOrEqual(100);
    expect(page.emitted("chatkit.log")).toHaveLength(1);
  });

  test("so are 20,000 in a row", async () => {
    const page = await mounted(card(...Array.from({ length: 20_000 }, () => ({ type: "Spacer" }))));
    expect(page.all(".spacer").length).toBeLessThan(3000);
    expect(page.emitted("chatkit.log")).toHaveLength(1);
  });
});
