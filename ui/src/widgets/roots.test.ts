import { beforeEach, describe, expect, test } from "vitest";

import { card, mounted } from "./testing";

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    "https://chat.test/",
  );
});

const text = (value: string, more = {}) => ({ type: "Text", value, ...more });
const dataOf = ({ dataset }: HTMLElement) => Object.fromEntries(Object.entries(dataset));

describe("roots", () => {
  test("Card has a size, a status, a theme of its own, and buttons", async () => {
    const page = await mounted({
      type: "Card",
      size: "lg",
      theme: "dark",
      padding: 0,
      background: { light: "white", dark: "black" },
      status: { text: "From afar", icon: "globe" },
      children: [],
      confirm: { label: "Yes", action: { type: "yes" } },
      cancel: { label: "No", action: { type: "no" } },
    });
    const root = page.find(".card");
    expect(dataOf(root)).toEqual({ size: "lg", colorScheme: "dark" });
    expect(page.find(".status").textContent.trim()).toBe("From afar");
    expect(page.find(".content").style.background).toBe("black");
    for (const button of page.all(".footer button")) {
      button.click();
      await page.settled();
    }
    expect(page.act.mock.calls.map(([action]) => action.type)).toEqual(["no", "yes"]);
  });

  test("a favicon of another site is not loaded", async () => {
    const page = await mounted({
      ...card(),
      status: { text: "x", favicon: "https://far.test/favicon.ico", frame: true },
    });
    expect(page.all("img")).toHaveLength(0);
    await page.show({ ...card(), status: { text: "x", favicon: "/favicon.ico", frame: true } });
    expect(page.find("img.favicon.framed").getAttribute("src")).toBe(
      "https://chat.test/favicon.ico",
    );
  });

  test("a collapsed Card opens on demand, without its buttons", async () => {
    const page = await mounted({
      type: "Card",
      collapsed: true,
      children: [{ type: "Title", value: "Sent" }, text("all of it")],
      confirm: { label: "Yes", action: { type: "yes" } },
    });
    const button = page.find(".collapser");
    expect(button.textContent).toContain("Sent");
    expect(page.all(".content")).toHaveLength(0);
    button.click();
    await page.settled();
    expect(page.find(".collapser").getAttribute("aria-expanded")).toBe("true");
    expect(page.find(".content").textContent).toContain("all of it");
    expect(page.all(".footer")).toHaveLength(0);
  });

  test("ListView shows as many entries as its limit, then all", async () => {
    const entry = (value: string) => ({
      type: "ListViewItem",
      children: [text(value)],
      gap: 1,
      align: "start",
    });
    const page = await mounted({
      type: "ListView",
      limit: 2,
      status: { text: "3 results" },
      children: [entry("a"), entry("b"), entry("c")],
    });
    await page.settled();
    const hidden = () => page.all(".item").map((item) => item.hidden);
    expect(hidden()).toEqual([false, false, true]);
    const more = page.find("chatkit-list-overflow").shadowRoot?.querySelector("button");
    expect(more?.textContent.trim()).toBe("Show more (1)");
    more?.click();
    await page.settled();
    await page.settled();
    expect(hidden()).toEqual([false, false, false]);
    expect(page.find(".item").style.gap).toBe("4px");
  });

  test("a ListViewItem with an action is one button, named by what it says", async () => {
    const page = await mounted({
      type: "ListView",
      children: [
        {
          type: "ListViewItem",
          onClickAction: { type: "open", payload: { n: 1 } },
          children: [{ type: "Col", children: [text("Result"), { type: "Caption", value: "1" }] }],
        },
      ],
    });
    const button = page.find("button");
    expect(button.getAttribute("aria-label")).toBe("Result 1");
    button.click();
    await page.settled();
    expect(page.act).toHaveBeenCalledWith({ type: "open", payload: { n: 1 } }, "item");
  });

  test("Basic is nothing but its components, other roots among them", async () => {
    const page = await mounted({
      type: "Basic",
      direction: "row",
      gap: 3,
      theme: "light",
      children: [card(text("in a card")), text("beside")],
    });
    expect(page.find(".basic").className).toContain("row");
    expect(page.find(".basic").style.gap).toBe("12px");
    expect(page.all(".card")).toHaveLength(1);
  });
});
