import { describe, expect, test } from "vitest";

import { card, enter, mounted, type Mounted } from "./testing";

const options = (count: number) =>
  Array.from({ length: count }, (_, number) => ({ value: `v${number}`, label: `Entry ${number}` }));

async function opened(count: number, more = {}): Promise<Mounted> {
  const page = await mounted(card({ type: "Select", name: "s", options: options(count), ...more }));
  page.find(".chooser").click();
  await page.settled();
  return page;
}

async function press(page: Mounted, selector: string, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    page.find(selector).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await page.settled();
  }
}

describe("a select", () => {
  test("is a combobox that says what is chosen", async () => {
    const page = await mounted(
      card({
        type: "Select",
        name: "s",
        options: options(3),
        defaultValue: "v1",
        placeholder: "One",
      }),
    );
    const button = page.find(".chooser");
    expect(button.getAttribute("role")).toBe("combobox");
    expect(button.getAttribute("aria-expanded")).toBe("false");
    const names = button.getAttribute("aria-labelledby")?.split(" ") ?? [];
    const said = names.map((id) => page.tree.getElementById(id)?.textContent);
    expect(said).toEqual(["One", "Entry 1"]);
  });

  test("is worked by keys: disabled entries are passed over", async () => {
    const [first, ...rest] = options(4);
    const page = await opened(0, {
      options: [first, { ...rest[0], disabled: true }, ...rest.slice(1)],
    });
    await press(page, "[role=listbox]", "ArrowDown", "ArrowDown", "ArrowUp", "Enter");
    expect(page.find(".value").textContent).toBe("Entry 2");
    expect(page.find(".chooser").getAttribute("aria-expanded")).toBe("false");
    expect(page.tree.activeElement).toBe(page.find(".chooser"));
  });

  test("finds entries by their first letters", async () => {
    const page = await opened(12);
    await press(page, "[role=listbox]", ..."entry 7".split(""), "Enter");
    expect(page.find(".value").textContent).toBe("Entry 7");
  });

  test("Escape changes nothing", async () => {
    const page = await opened(3);
    await press(page, "[role=listbox]", "ArrowDown", "Escape");
    expect(page.all("[role=listbox]")).toHaveLength(0);
    expect(page.find(".value").className).toBe("value none");
  });

  test("of many entries is searched, of few is not, unless it says so", async () => {
    expect((await opened(15)).all(".search")).toHaveLength(0);
    expect((await opened(2, { searchable: true })).all(".search")).toHaveLength(1);
    expect((await opened(40, { searchable: false })).all(".search")).toHaveLength(0);
    const page = await opened(40);
    enter(page.find(".search"), "entry 39");
    await page.settled();
    expect(page.all("[role=option]")).toHaveLength(1);
    enter(page.find(".search"), "nothing");
    await page.settled();
    expect(page.find(".popup .none").textContent).toBe("Nothing found");
  });

  test("is cleared if it can be", async () => {
    const page = await mounted(
      card({ type: "Select", name: "s", options: options(2), defaultValue: "v1", clearable: true }),
    );
    page.find(".clear").click();
    await page.settled();
    expect(page.find(".value").className).toBe("value none");
    expect(page.all(".clear")).toHaveLength(0);
  });

  test("that is disabled does not open", async () => {
    expect((await opened(3, { disabled: true })).all("[role=listbox]")).toHaveLength(0);
  });
});

describe("a date picker", () => {
  const picker = {
    type: "DatePicker",
    name: "d",
    defaultValue: "2030-01-15T00:00:00Z",
    min: "2030-01-10T00:00:00Z",
    max: "2030-02-20T00:00:00Z",
    clearable: true,
  };

  async function openedAt(more = {}): Promise<Mounted> {
    const page = await mounted(card({ ...picker, ...more }));
    await customElements.whenDefined("chatkit-date-picker");
    await page.settled();
    page.find(".chooser").click();
    await page.settled();
    return page;
  }

  test("shows the month of its value, and only the days between its bounds can be chosen", async () => {
    const page = await openedAt();
    expect(page.find(".months span").textContent).toContain("2030");
    const disabled = (day: string) =>
      (page.find(`[data-day="${day}"]`) as HTMLButtonElement).disabled;
    expect([disabled("2030-01-09"), disabled("2030-01-10")]).toEqual([true, false]);
    expect(page.find("[aria-selected=true] button").dataset["day"]).toBe("2030-01-15");
    expect(page.tree.activeElement).toBe(page.find('[data-day="2030-01-15"]'));
  });

  test("is worked by keys, and does not leave its bounds", async () => {
    const page = await openedAt();
    await press(page, ".calendar table", "ArrowRight", "ArrowDown", "PageDown");
    expect(page.find("[tabindex='0'].day").dataset["day"]).toBe("2030-02-20");
    page.find("[tabindex='0'].day").click();
    await page.settled();
    expect(page.find(".value").textContent).toContain("2030");
    expect(page.all(".calendar")).toHaveLength(0);
  });

  test("gives a date, and nothing when it is cleared", async () => {
    const page = await openedAt({ onChangeAction: { type: "day" } });
    page.find('[data-day="2030-01-20"]').click();
    await page.settled();
    page.find(".clear").click();
    await page.settled();
    expect(page.act.mock.calls.map(([{ payload }]) => payload)).toEqual([
      { d: "2030-01-20" },
      { d: null },
    ]);
  });
});
