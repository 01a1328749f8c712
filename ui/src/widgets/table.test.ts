import { describe, expect, test } from "vitest";

import { card, mounted } from "./testing";

describe("a table", () => {
  test("has headings, spans and alignments", async () => {
    const cell = (value: string, more = {}) => ({
      type: "Table.Cell",
      children: [{ type: "Text", value }],
      ...more,
    });
    const page = await mounted(
      card({
        type: "Table",
        children: [
          { type: "Table.Row", header: true, children: [cell("Name", { colSpan: 2 })] },
          {
            type: "Table.Row",
            children: [
              cell("Ada", { align: "end", vAlign: "start", colSize: "sm", padding: { x: 1 } }),
              cell("1815", { rowSpan: 1e9, width: 90 }),
            ],
          },
        ],
      }),
    );
    expect(page.find("thead th").getAttribute("colspan")).toBe("2");
    expect(page.find("thead th").getAttribute("scope")).toBe("col");
    const [ada, born] = page.all("tbody td");
    expect([ada?.style.textAlign, ada?.style.verticalAlign]).toEqual(["end", "top"]);
    expect(ada?.style.getPropertyValue("inline-size")).toBe("80px");
    expect(born?.getAttribute("rowspan")).toBe("100");
  });

  const row = (value: string, header = false) => ({
    type: "Table.Row",
    header,
    children: [
      {
        type: "Table.Cell",
        children: [
          {
            type: "Form",
            onSubmitAction: { type: "save", loadingBehavior: "self" },
            children: [
              { type: "Input", name: "n", defaultValue: value, required: true },
              { type: "Button", label: "Save", submit: true },
            ],
          },
        ],
      },
    ],
  });
  const TABLE = card({ type: "Table", children: [row("head", true), row("one"), row("two")] });

  test("sends the values of the row that a form is in", async () => {
    const page = await mounted(TABLE);
    for (const button of page.all("button")) {
      button.click();
      await page.settled();
    }
    expect(page.act.mock.calls.map(([{ payload }]) => payload)).toEqual([
      { n: "head" },
      { n: "one" },
      { n: "two" },
    ]);
  });

  test("shows that an action is under way in its own row only", async () => {
    const page = await mounted(TABLE);
    page.act.mockReturnValue(new Promise(() => undefined));
    page.find("tbody button").click();
    await page.settled();
    const busy = page.all("button").map((button) => button.getAttribute("aria-busy"));
    expect(busy).toEqual([null, "true", null]);
  });
});
