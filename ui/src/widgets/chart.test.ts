import { describe, expect, test } from "vitest";

import { loadTexts } from "../texts";
import { card, mounted } from "./testing";

describe("a chart", () => {
  test("is read as a table", async () => {
    const page = await mounted(
      card({
        type: "Chart",
        data: [
          { month: "Jan", a: 1 },
          { month: "Feb", a: 2 },
        ],
        xAxis: { dataKey: "month", labels: { Jan: "January" } },
        showYAxis: true,
        showLegend: true,
        series: [
          { type: "bar", dataKey: "a", label: "A" },
          { type: "area", dataKey: "a", label: "B" },
          { type: "line", dataKey: "a", label: "C", curveType: "natural" },
        ],
      }),
    );
    await customElements.whenDefined("chatkit-chart");
    await page.settled();
    const [chart] = page.tree.querySelectorAll("chatkit-chart");
    const inner = chart?.shadowRoot;
    expect([...(inner?.querySelectorAll("tbody th") ?? [])].map((one) => one.textContent)).toEqual([
      "January",
      "Feb",
    ]);
    expect([...(inner?.querySelectorAll("td") ?? [])].map((one) => one.textContent)).toEqual([
      ...["1", "1", "1"],
      ...["2", "2", "2"],
    ]);
    expect(inner?.querySelectorAll("rect.series")).toHaveLength(2);
    expect(inner?.querySelectorAll("path.line")).toHaveLength(2);
    expect(inner?.querySelector(".plot")?.getAttribute("aria-label")).toBe("Chart: A, B, C");
  });

  test("has its numbers as the element's language writes them, not the browser's", async () => {
    const page = await mounted(
      card({
        type: "Chart",
        data: [{ month: "Jan", a: 1.5 }],
        xAxis: "month",
        showYAxis: true,
        series: [{ type: "bar", dataKey: "a" }],
      }),
    );
    page.chat.texts.value = await loadTexts("de");
    await customElements.whenDefined("chatkit-chart");
    await page.settled();
    const inner = page.find("chatkit-chart").shadowRoot;
    expect(inner?.querySelector("td")?.textContent).toBe("1,5");
    const steps = [...(inner?.querySelectorAll("svg text") ?? [])].map((one) => one.textContent);
    expect(steps).toContain("0,5");
  });
});
