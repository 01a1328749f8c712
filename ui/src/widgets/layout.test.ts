import { describe, expect, test } from "vitest";

import { card, mounted } from "./testing";

const text = (value: string, more = {}) => ({ type: "Text", value, ...more });
const styleOf = (element: HTMLElement, name: string) => element.style.getPropertyValue(name);

describe("boxes", () => {
  test("Box, Row and Col lay out their children", async () => {
    const page = await mounted(
      card(
        { type: "Box", direction: "row", children: [text("a")] },
        { type: "Box", children: [text("b")] },
        { type: "Row", children: [text("c")] },
        { type: "Col", children: [text("d")] },
      ),
    );
    expect(page.all(".content > .box").map((box) => box.className)).toEqual([
      "box row",
      "box col",
      "box row spaced",
      "box col spaced",
    ]);
  });

  test("have sizes in pixels and spaces in units", async () => {
    const page = await mounted(
      card({
        type: "Box",
        width: 100,
        height: "50%",
        minSize: 10,
        maxWidth: 300,
        aspectRatio: "16/9",
        gap: 2,
        padding: { x: 4, top: 1 },
        margin: 1,
        flex: 1,
        wrap: "wrap",
        align: "end",
        justify: "between",
        radius: "lg",
        background: { light: "#eef", dark: "#223" },
      }),
    );
    const box = page.find(".content > .box");
    const wanted = {
      "inline-size": "100px",
      "block-size": "50%",
      "min-inline-size": "10px",
      "min-block-size": "10px",
      "max-inline-size": "300px",
      gap: "8px",
      "padding-inline-start": "16px",
      "padding-inline-end": "16px",
      "padding-block-start": "4px",
      margin: "4px",
      "flex-wrap": "wrap",
      "align-items": "end",
      "justify-content": "space-between",
      "border-radius": "10px",
      background: "#eef",
    };
    for (const [name, value] of Object.entries(wanted)) expect(styleOf(box, name)).toBe(value);
    expect(box.hasAttribute("style") && !box.getAttribute("style")?.includes("undefined")).toBe(
      true,
    );
  });

  test("have borders by number, kind and edge", async () => {
    const page = await mounted(
      card(
        { type: "Box", border: 1 },
        { type: "Box", border: { size: 2, color: "#88f", style: "dashed" } },
        { type: "Box", border: { top: 1, x: { size: 3, color: "strong" } } },
      ),
    );
    const [one, two, three] = page.all(".content > .box");
    expect(one?.style.cssText).toContain("1px solid");
    expect(two?.style.cssText).toContain("2px dashed #88f");
    expect(three?.style.cssText).toContain("3px solid var(--ck-border)");
  });

  test("Spacer and Divider stand between", async () => {
    const page = await mounted(
      card(
        { type: "Row", children: [{ type: "Spacer", minSize: 20 }] },
        { type: "Divider", color: "strong", size: 2, spacing: 3, flush: true },
      ),
    );
    expect(styleOf(page.find(".spacer"), "flex-basis")).toBe("20px");
    const line = page.find("hr.divider.flush");
    expect(styleOf(line, "--w-line")).toBe("2px");
    expect(styleOf(line, "--w-line-space")).toBe("12px");
    expect(styleOf(line, "--w-line-color")).toBe("var(--ck-border)");
  });

  test("Transition takes a child with another key for another one, and an empty one for none", async () => {
    const of = (key: string | null) =>
      card({ type: "Transition", children: key === null ? null : text(key, { key }) });
    const page = await mounted(of("one"));
    const first = page.find(".entering");
    await page.show(of("two"));
    expect(page.find(".entering")).not.toBe(first);
    expect(page.find(".entering").textContent).toContain("two");
    await page.show(of(null));
    expect(page.find(".transition").textContent.trim()).toBe("");
  });
});
