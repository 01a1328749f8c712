import { beforeEach, describe, expect, test, vi } from "vitest";

import { OptionMenu } from "./option-menu";

let menu: OptionMenu;
const chosen = vi.fn<(id: string) => void>();

beforeEach(async () => {
  chosen.mockClear();
  menu = new OptionMenu();
  menu.label = "Model";
  menu.caption = "Fast";
  menu.options = [
    { id: "a", label: "Fast", description: "Quick answers" },
    { id: "b", label: "Thorough" },
    { id: "c", label: "Huge", disabled: true },
  ];
  menu.chosen = "b";
  menu.addEventListener("chatkit-choose", ({ detail }) => chosen(detail.id));
  document.body.replaceChildren(menu);
  await menu.updateComplete;
});

const button = () => menu.renderRoot.querySelector("button");
const entries = () => [...menu.renderRoot.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
const focused = () => menu.shadowRoot?.activeElement?.getAttribute("data-id");
const press = async (key: string): Promise<void> => {
  const target = menu.shadowRoot?.activeElement ?? button();
  target?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await menu.updateComplete;
  await menu.updateComplete;
};
const open = async (): Promise<void> => {
  button()?.click();
  await menu.updateComplete;
  await vi.waitFor(() => expect(focused()).toBeTruthy());
};

test("its button names the menu and what is chosen", () => {
  expect(button()?.getAttribute("aria-label")).toBe("Model: Fast");
  expect(button()?.getAttribute("aria-expanded")).toBe("false");
});

test("opens at the chosen option", async () => {
  await open();
  expect(focused()).toBe("b");
  expect(entries().map((entry) => entry.getAttribute("aria-checked"))).toEqual([
    "false",
    "true",
    "false",
  ]);
});

describe("by keyboard", () => {
  test("arrows go around the ends, letters find", async () => {
    await open();
    await press("ArrowDown");
    await press("ArrowDown");
    expect(focused()).toBe("a");
    await press("t");
    expect(focused()).toBe("b");
    await press("End");
    expect(focused()).toBe("c");
  });

  test("Enter chooses, and the focus goes back to the button", async () => {
    await open();
    await press("Home");
    await press("Enter");
    expect(chosen).toHaveBeenCalledWith("a");
    expect(entries()).toEqual([]);
    expect(menu.shadowRoot?.activeElement).toBe(button());
  });

  test("Escape closes and chooses nothing", async () => {
    await open();
    await press("Escape");
    expect(entries()).toEqual([]);
    expect(chosen).not.toHaveBeenCalled();
  });
});

test("an option that is disabled is shown and not chosen", async () => {
  await open();
  entries()[2]?.click();
  expect(entries()[2]?.getAttribute("aria-disabled")).toBe("true");
  expect(chosen).not.toHaveBeenCalled();
});
