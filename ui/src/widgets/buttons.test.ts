import { describe, expect, test } from "vitest";

import { card, mounted } from "./testing";

const dataOf = ({ dataset }: HTMLElement) => Object.fromEntries(Object.entries(dataset));

describe("a button", () => {
  test("Button has its looks, and a name even without a label", async () => {
    const page = await mounted(
      card(
        { type: "Button", label: "Go", style: "primary", size: "xs", pill: true, block: true },
        { type: "Button", iconStart: "book-open", uniform: true, color: "danger", variant: "soft" },
        { type: "Button", label: "Off", disabled: true },
      ),
    );
    const [go, book, off] = page.all("button");
    expect(go && dataOf(go)).toEqual({ tone: "primary", variant: "solid", size: "xs" });
    expect(go?.className).toBe("button pill block");
    expect(book?.getAttribute("aria-label")).toBe("book open");
    expect(book && dataOf(book)).toEqual({ tone: "danger", variant: "soft", size: "lg" });
    expect((off as HTMLButtonElement).disabled).toBe(true);
  });

  test.each([
    [{ onClickAction: { type: "todo.mark_done" } }, "todo mark done"],
    [{ onClickAction: { type: "openFile" } }, "open file"],
    [{}, "book open"],
  ])("a Button of an icon alone is called by what it does: %j", async (more, name) => {
    const page = await mounted(card({ type: "Button", iconStart: "lucide:book-open", ...more }));
    expect(page.find("button").getAttribute("aria-label")).toBe(name);
  });

  test("a Button of an icon alone that submits is called by what its form does", async () => {
    const page = await mounted(
      card({
        type: "Form",
        onSubmitAction: { type: "save" },
        children: [{ type: "Button", iconStart: "check", submit: true }],
      }),
    );
    expect(page.find("button").getAttribute("aria-label")).toBe("save");
  });
});
