import { describe, expect, test } from "vitest";

import { card, mounted, type Mounted } from "./testing";

const HANDLERS = ["server", "client"] as const;
const BEHAVIOURS = ["auto", "self", "container", "none"] as const;

function sender(page: Mounted, handler: string, streaming: boolean) {
  return handler === "client" ? page.onAction : streaming ? page.act : page.actAtOnce;
}

const MATRIX = HANDLERS.flatMap((handler) =>
  BEHAVIOURS.flatMap((loadingBehavior) =>
    [true, false].map((streaming) => [handler, loadingBehavior, streaming] as const),
  ),
);

describe("an action of a button", () => {
  test.each(MATRIX)("%s, %s, streaming %s", async (handler, loadingBehavior, streaming) => {
    const action = { type: "go", payload: { n: 1 }, handler, loadingBehavior, streaming };
    const page = await mounted(card({ type: "Button", label: "Go", onClickAction: action }));
    const send = sender(page, handler, streaming);
    let done = (): void => undefined;
    send.mockImplementation(() => new Promise<void>((resolve) => (done = resolve)));

    page.find("button").click();
    page.find("button").click();
    await page.settled();
    page.find("button").click();
    await page.settled();

    expect(send).toHaveBeenCalledOnce();
    expect(
      [page.act, page.actAtOnce, page.onAction].flatMap(({ mock }) => mock.calls),
    ).toHaveLength(1);
    const [sent, item] = send.mock.calls[0] ?? [];
    expect(sent).toEqual({ type: "go", payload: { n: 1 } });
    expect(item).toEqual(handler === "client" ? { id: "item", widget: page.element.root } : "item");
    const turns = loadingBehavior !== "none";
    expect(page.all(".spinner")).toHaveLength(turns ? 1 : 0);
    expect(page.find("button").getAttribute("aria-disabled")).toBe(turns ? "true" : null);
    expect(page.find(".widget").hasAttribute("inert")).toBe(loadingBehavior === "container");

    done();
    await page.settled();
    expect(page.all(".spinner")).toHaveLength(0);
    expect(page.find(".widget").hasAttribute("inert")).toBe(false);
    page.find("button").click();
    await page.settled();
    expect(send).toHaveBeenCalledTimes(2);
  });

  test.each(HANDLERS)("that fails at the %s says so, and can be tried again", async (handler) => {
    const action = { type: "go", handler, streaming: false };
    const page = await mounted(card({ type: "Button", label: "Go", onClickAction: action }));
    sender(page, handler, false).mockRejectedValueOnce(new Error("no"));
    page.find("button").click();
    await page.settled();
    expect(page.find(".failure").textContent).toContain("That did not work.");
    expect(page.emitted("chatkit.error")).toHaveLength(1);
    page.find("button").click();
    await page.settled();
    expect(page.all(".failure")).toHaveLength(0);
  });

  test("whose stream fails says so; the conversation has told the page", async () => {
    const page = await mounted(
      card({ type: "Button", label: "Go", onClickAction: { type: "go" } }),
    );
    page.act.mockRejectedValueOnce(new Error("away"));
    page.find("button").click();
    await page.settled();
    expect(page.all(".failure")).toHaveLength(1);
    expect(page.emitted("chatkit.error")).toHaveLength(0);
  });

  test("for the page goes wrong without a handler there", async () => {
    const action = { type: "go", handler: "client" };
    const page = await mounted(card({ type: "Button", label: "Go", onClickAction: action }));
    page.chat.show({ ...page.chat.options.value, widgets: {} });
    page.find("button").click();
    await page.settled();
    expect(String((page.emitted("chatkit.error")[0] as { error: Error }).error)).toContain(
      "onAction",
    );
  });

  test("of a preview reaches nobody", async () => {
    const page = await mounted(
      card({ type: "Button", label: "Go", onClickAction: { type: "go" } }),
      null,
    );
    page.find("button").click();
    await page.settled();
    expect(page.act).not.toHaveBeenCalled();
  });

  test("is not taken while the widget is busy", async () => {
    const page = await mounted(
      card({ type: "Button", label: "Go", onClickAction: { type: "go" } }),
    );
    page.element.busy = true;
    await page.settled();
    expect((page.find("button") as HTMLButtonElement).disabled).toBe(true);
  });
});

describe("auto", () => {
  const confirm = { label: "Yes", action: { type: "yes" } };

  test("holds the whole card for its confirm, and the focus comes back", async () => {
    const page = await mounted({ type: "Card", children: [], confirm, cancel: confirm });
    let done = (): void => undefined;
    page.act.mockImplementation(() => new Promise<void>((resolve) => (done = resolve)));
    const [, yes] = page.all(".footer button");
    yes?.focus();
    yes?.click();
    await page.settled();
    expect(page.find(".widget").hasAttribute("inert")).toBe(true);
    expect(page.all(".spinner")).toHaveLength(1);
    yes?.blur();
    done();
    await page.settled();
    expect(page.tree.activeElement).toBe(yes);
  });

  test("shows nothing for a change, and sends the newest one after the one under way", async () => {
    const page = await mounted(
      card({ type: "Checkbox", name: "news", label: "News", onChangeAction: { type: "change" } }),
    );
    let done = (): void => undefined;
    page.act.mockImplementation(() => new Promise<void>((resolve) => (done = resolve)));
    const box = page.find("input") as HTMLInputElement;
    for (const checked of [true, false, true, false]) {
      box.checked = checked;
      box.dispatchEvent(new Event("change"));
    }
    await page.settled();
    expect(box.disabled).toBe(false);
    done();
    await page.settled();
    expect(page.act.mock.calls.map(([{ payload }]) => payload)).toEqual([
      { news: true },
      { news: false },
    ]);
  });
});
