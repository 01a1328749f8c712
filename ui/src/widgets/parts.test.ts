import { describe, expect, test, vi } from "vitest";

import { card, mounted } from "./testing";

vi.mock("./chart", () => {
  throw new Error("404");
});
vi.mock("./date-picker", () => {
  throw new Error("404");
});

const chart = {
  type: "Chart",
  data: [{ month: "Jan", a: 1.5 }],
  xAxis: "month",
  series: [{ type: "bar", dataKey: "a", label: "A" }],
};
const day = {
  type: "DatePicker",
  name: "day",
  defaultValue: "2030-01-15T00:00:00Z",
  min: "2030-01-10",
  onChangeAction: { type: "day" },
};
const missing = (type: string) => ({
  name: "widget.part_missing",
  data: { type, itemId: "item" },
});

async function lacking(...components: object[]) {
  const page = await mounted(card(...components));
  await vi.waitFor(() => expect(page.emitted("chatkit.log")).not.toHaveLength(0));
  await page.settled();
  return page;
}

describe("a part that cannot be loaded", () => {
  test("is told once, however many components want it", async () => {
    const page = await lacking(chart, chart);
    expect(page.emitted("chatkit.log")).toEqual([missing("Chart")]);
  });

  test("leaves of a chart its table", async () => {
    const page = await lacking(chart);
    const cells = page.all(".table :is(th, td)").map((cell) => cell.textContent);
    expect(cells).toEqual(["month", "A", "Jan", "1.5"]);
  });

  test("leaves of a date picker the browser's own", async () => {
    const page = await lacking(day);
    expect(page.emitted("chatkit.log")).toEqual([missing("DatePicker")]);
    const input = page.find("input[type=date]") as HTMLInputElement;
    expect([input.value, input.min]).toEqual(["2030-01-15", "2030-01-10"]);
    input.value = "2030-01-20";
    input.dispatchEvent(new Event("change"));
    await page.settled();
    expect(page.act.mock.calls.map(([{ payload }]) => payload)).toEqual([{ day: "2030-01-20" }]);
  });
});
