import { describe, expect, test } from "vitest";

import { card, enter, mounted } from "./testing";

const text = (value: string, more = {}) => ({ type: "Text", value, ...more });

const FORM = {
  type: "Form",
  direction: "col",
  onSubmitAction: { type: "save", payload: { id: 7 } },
  children: [
    { type: "Label", value: "Name", fieldName: "name" },
    { type: "Input", name: "name", required: true, defaultValue: "Ada" },
    { type: "Input", name: "mail", inputType: "email", placeholder: "Mail" },
    { type: "Textarea", name: "todo.about", rows: 2 },
    text("Words", { editable: { name: "todo.words", required: true } }),
    { type: "Checkbox", name: "news", label: "News", defaultChecked: true },
    {
      type: "RadioGroup",
      name: "size",
      options: [
        { value: "s", label: "S" },
        { value: "l", label: "L" },
        { value: "x", label: "X", disabled: true },
      ],
    },
    { type: "Select", name: "colour", options: [{ value: "r", label: "Red" }], clearable: true },
    { type: "DatePicker", name: "day", defaultValue: "2030-01-02T00:00:00Z" },
    { type: "Button", label: "Save", submit: true },
    { type: "Button", label: "Other", onClickAction: { type: "other" } },
  ],
};

describe("a form", () => {
  const INITIAL = {
    name: "Ada",
    mail: "",
    todo: { about: "", words: "Words" },
    news: true,
    size: null,
    colour: null,
    day: "2030-01-02T00:00:00Z",
  };

  test("sends all its values with its action", async () => {
    const page = await mounted(card(FORM));
    enter(page.find("[name=name]"), "Grace");
    enter(page.find("[name='todo.about']"), "Navy");
    (page.all("[type=radio]")[1] as HTMLInputElement).checked = true;
    page.all("[type=radio]")[1]?.dispatchEvent(new Event("change"));
    page.find(".button").click();
    await page.settled();
    expect(page.act).toHaveBeenCalledExactlyOnceWith(
      {
        type: "save",
        payload: {
          id: 7,
          ...INITIAL,
          name: "Grace",
          todo: { about: "Navy", words: "Words" },
          size: "l",
        },
      },
      "item",
    );
  });

  test("sends them with every other action in it, unchecked", async () => {
    const page = await mounted(card(FORM));
    enter(page.find("[name=name]"), "");
    page.all(".button")[1]?.click();
    await page.settled();
    expect(page.act).toHaveBeenCalledExactlyOnceWith(
      { type: "other", payload: { ...INITIAL, name: "" } },
      "item",
    );
  });

  test("does not send what is wrong: it says so and goes to the first wrong field", async () => {
    const page = await mounted(card(FORM));
    enter(page.find("[name=name]"), "");
    enter(page.find("[name=mail]"), "nobody");
    page.find(".button").click();
    await page.settled();
    await page.settled();
    expect(page.act).not.toHaveBeenCalled();
    const name = page.find("[name=name]");
    expect(page.tree.activeElement).toBe(name);
    expect(name.getAttribute("aria-invalid")).toBe("true");
    const told = page.all(".problem").map((problem) => problem.textContent.trim());
    expect(told).toEqual(["This is needed.", "Check what you have entered."]);
    expect(name.getAttribute("aria-describedby")).toBe(page.find(".problem").id);
    enter(name, "Ada");
    await page.settled();
    expect(page.all(".problem")).toHaveLength(1);
  });

  test("tells the page of a value that the payload has already", async () => {
    const page = await mounted(
      card({ ...FORM, onSubmitAction: { type: "save", payload: { name: "mine" } } }),
    );
    page.find(".button").click();
    await page.settled();
    expect(page.act.mock.calls[0]?.[0].payload).toMatchObject({ name: "mine" });
    expect(page.emitted("chatkit.error")).toHaveLength(1);
  });

  test("a card is one with asForm; its confirm sends it", async () => {
    const page = await mounted({
      type: "Card",
      asForm: true,
      children: [{ type: "Input", name: "name", required: true }],
      confirm: { label: "Send", action: { type: "send" } },
      cancel: { label: "No", action: { type: "no" } },
    });
    const [no, send] = page.all(".footer button");
    send?.click();
    await page.settled();
    expect(page.act).not.toHaveBeenCalled();
    enter(page.find("input"), "Ada");
    page.find("form").dispatchEvent(new Event("submit", { cancelable: true }));
    await page.settled();
    no?.click();
    await page.settled();
    expect(page.act.mock.calls.map(([action]) => action)).toEqual([
      { type: "send", payload: { name: "Ada" } },
      { type: "no", payload: { name: "Ada" } },
    ]);
  });

  test("keeps what the user has entered when the rest of the widget changes", async () => {
    const page = await mounted(card(text("one", { id: "t" }), FORM));
    const name = page.find("[name=name]");
    enter(name, "Grace");
    await page.show(card(text("two", { id: "t" }), structuredClone(FORM)));
    expect(page.find("[name=name]")).toBe(name);
    expect((name as HTMLInputElement).value).toBe("Grace");
    await page.show(card({ type: "Divider" }, text("new"), text("two", { id: "t" }), FORM));
    expect(page.find("[name=name]")).toBe(name);
    expect((name as HTMLInputElement).value).toBe("Grace");
  });

  test("is not another one of the same key elsewhere", async () => {
    const entry = (value: string) => ({
      type: "ListViewItem",
      children: [
        {
          type: "Form",
          key: "edit",
          onSubmitAction: { type: "save" },
          children: [{ type: "Input", name: "title", defaultValue: value }],
        },
      ],
    });
    const page = await mounted({ type: "ListView", children: [entry("one"), entry("two")] });
    const [one, two] = page.all("input") as HTMLInputElement[];
    expect([one?.value, two?.value]).toEqual(["one", "two"]);
    if (one) enter(one, "changed");
    await page.settled();
    expect(two?.value).toBe("two");
    for (const form of page.all("form")) {
      form.dispatchEvent(new Event("submit"));
      await page.settled();
    }
    expect(page.act.mock.calls.map(([{ payload }]) => payload)).toEqual([
      { title: "changed" },
      { title: "two" },
    ]);
  });

  test("controls have names, and say whether they are needed", async () => {
    const page = await mounted(card(FORM));
    const name = page.find("[name=name]");
    expect(page.find("label.label").getAttribute("for")).toBe(name.id);
    expect(name.hasAttribute("aria-label")).toBe(false);
    expect(page.find("[name=mail]").getAttribute("aria-label")).toBe("Mail");
    expect(page.find("[role=radiogroup]").getAttribute("aria-label")).toBe("size");
    expect((name as HTMLInputElement).required).toBe(true);
    expect(page.find("[name=mail]").dataset["1pIgnore"]).toBe("true");
  });

  test("a change sends the control's value even outside of a form", async () => {
    const page = await mounted(
      card({
        type: "Select",
        name: "city",
        options: [{ value: "b", label: "Bern" }],
        onChangeAction: { type: "city", payload: { id: 1 } },
      }),
    );
    page.find(".chooser").click();
    await page.settled();
    page.find("[role=option]").click();
    await page.settled();
    expect(page.act).toHaveBeenCalledWith({ type: "city", payload: { id: 1, city: "b" } }, "item");
    expect(page.find(".value").textContent).toBe("Bern");
  });
});
