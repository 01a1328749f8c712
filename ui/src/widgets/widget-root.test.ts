import { beforeEach, describe, expect, test } from "vitest";

import { card, enter, mounted } from "./testing";
import { renderOf } from "./registry";

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    "https://chat.test/",
  );
});

const text = (value: string, more = {}) => ({ type: "Text", value, ...more });
const styleOf = (element: HTMLElement, name: string) => element.style.getPropertyValue(name);

const dataOf = ({ dataset }: HTMLElement) => Object.fromEntries(Object.entries(dataset));

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

describe("texts", () => {
  test("Text has its looks", async () => {
    const page = await mounted(
      card(
        text("x", {
          size: "lg",
          weight: "semibold",
          color: "secondary",
          textAlign: "end",
          italic: true,
          lineThrough: true,
          width: 80,
          minLines: 2,
          maxLines: 3,
        }),
        text("y", { truncate: true }),
      ),
    );
    const [one, two] = page.all(".text");
    expect(one?.className).toBe("text clamp");
    expect(one?.style.cssText).toMatch(/font-weight: 600/);
    expect(one?.querySelector("del")?.textContent).toBe("x");
    expect(one && styleOf(one, "--w-lines")).toBe("3");
    expect(one && styleOf(one, "inline-size")).toBe("80px");
    expect(two?.className).toBe("text truncate");
  });

  test("Title is a heading, Caption is smaller", async () => {
    const page = await mounted(
      card({ type: "Title", value: "T", size: "3xl" }, { type: "Caption", value: "C", size: "lg" }),
    );
    expect(page.find("h2").textContent.trim()).toBe("T");
    expect(page.find("h2").style.fontSize).toContain("2.25");
    expect(page.find(".caption").textContent.trim()).toBe("C");
  });

  test("Markdown is rendered by its own element, with the thread's image domains", async () => {
    const page = await mounted(
      card({ type: "Markdown", id: "m", value: "**x**", streaming: true }),
    );
    const [markdown] = page.tree.querySelectorAll("chatkit-markdown");
    expect([markdown?.text, markdown?.streaming, markdown?.imageDomains]).toEqual([
      "**x**",
      true,
      null,
    ]);
    page.chat.conversation.thread.update((one) => ({ ...one, allowedImageDomains: ["a.test"] }));
    await page.settled();
    expect(markdown?.imageDomains).toEqual(["a.test"]);
  });

  test("text that streams in goes on in the same element", async () => {
    const page = await mounted(card(text("Hel", { id: "t", streaming: true })));
    const before = page.find(".text");
    await page.show(card(text("Hello", { id: "t" })));
    expect(page.find(".text")).toBe(before);
    expect(before.textContent.trim()).toBe("Hello");
  });
});

describe("content", () => {
  test("Badge has a colour, a variant, a size", async () => {
    const page = await mounted(
      card({
        type: "Badge",
        label: "New",
        color: "success",
        variant: "solid",
        size: "lg",
        pill: false,
      }),
    );
    expect(dataOf(page.find(".badge"))).toEqual({
      tone: "success",
      variant: "solid",
      size: "lg",
    });
    expect(page.find(".badge").className).toBe("badge");
  });

  test("Icon has a name, a colour, a size", async () => {
    const page = await mounted(card({ type: "Icon", name: "star", color: "danger", size: "2xl" }));
    const icon = page.find("chatkit-icon");
    expect(icon.getAttribute("name")).toBe("star");
    expect([icon.style.color, icon.style.fontSize]).toEqual(["var(--ck-danger)", "32px"]);
  });

  test("Image is shown if its site may be, and is a word otherwise", async () => {
    const image = { type: "Image", alt: "A hill", size: 48, fit: "contain", position: "top left" };
    const page = await mounted(
      card(
        { ...image, src: "/hill.png", radius: "full", frame: true },
        { ...image, src: "https://far.test/hill.png", flush: true },
      ),
    );
    const hill = page.find("img");
    expect([hill.getAttribute("src"), hill.getAttribute("alt")]).toEqual([
      "https://chat.test/hill.png",
      "A hill",
    ]);
    expect(hill.className).toBe("image framed");
    expect([styleOf(hill, "object-fit"), styleOf(hill, "object-position")]).toEqual([
      "contain",
      "top left",
    ]);
    expect(page.all("img")).toHaveLength(1);
    expect(page.find(".blocked").getAttribute("aria-label")).toMatch(/^A hill: /);
    page.chat.conversation.thread.update((one) => ({ ...one, allowedImageDomains: ["far.test"] }));
    await page.settled();
    expect(page.all("img")).toHaveLength(2);
    await page.show(card({ ...image, src: 7 }, { ...image, src: "data:image/svg+xml,<svg/>" }));
    expect(page.all("img")).toEqual([]);
  });

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

describe("a server that errs", () => {
  test("unknown types show nothing and are told once", async () => {
    const page = await mounted(card({ type: "Hologram" }, { type: "Hologram" }, text("x")));
    await page.show(card({ type: "Hologram" }, text("y")));
    expect(page.emitted("chatkit.log")).toEqual([
      { name: "widget.unknown_component", data: { type: "Hologram", itemId: "item" } },
    ]);
    expect(page.find(".text").textContent.trim()).toBe("y");
    expect(renderOf("constructor")).toBeNull();
  });

  test.each([
    { type: "Text", value: { not: "a text" } },
    { type: "Row", children: "none" },
    { type: "Row", children: [null, 7, "x", {}] },
    { type: "Select", name: "a", options: null },
    { type: "RadioGroup", name: "a", options: 7 },
    { type: "Chart", data: null, series: null, xAxis: null },
    { type: "Card", children: null, status: "x", confirm: 1 },
    { type: "Input" },
    { type: "Badge", label: null, color: ["x"] },
    { type: "Box", border: "x", padding: [], background: 7 },
  ])("%j spoils nothing but itself", async (component) => {
    const page = await mounted(card(component, text("still here")));
    expect(page.find(".widget").textContent).toContain("still here");
    expect(page.find(".widget").textContent).not.toContain("[object");
  });

  test.each([null, undefined, 7, "Card", [], {}])("%j as a root shows nothing", async (root) => {
    const page = await mounted(root);
    expect(page.find(".widget").textContent.trim()).toBe("");
  });

  test("2,000 nested boxes are cut off", async () => {
    let deep: object = text("bottom");
    for (let depth = 0; depth < 2000; depth += 1) deep = { type: "Box", children: [deep] };
    const page = await mounted(card(text("top"), deep));
    expect(page.find(".text").textContent.trim()).toBe("top");
    expect(page.all(".box").length).toBeLessThanOrEqual(100);
    expect(page.emitted("chatkit.log")).toHaveLength(1);
  });

  test("so are 20,000 in a row", async () => {
    const page = await mounted(card(...Array.from({ length: 20_000 }, () => ({ type: "Spacer" }))));
    expect(page.all(".spacer").length).toBeLessThan(3000);
    expect(page.emitted("chatkit.log")).toHaveLength(1);
  });
});

const PAYLOADS = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  '"><svg onload=alert(1)>',
  "javascript:alert(1)",
  "' onfocus=alert(1) autofocus x='",
  "url(https://evil.test/x)",
  "red; background: url(https://evil.test/x)",
  "var(--x, url(https://evil.test/x))",
  "data:text/html,<script>alert(1)</script>",
  "</style><script>alert(1)</script>",
];

/** Every property with a text, of every component, with the payload in its place. */
function poisoned(bad: string): object[] {
  const looks = { color: bad, weight: bad, textAlign: bad, size: bad };
  const box = {
    ...{ align: bad, justify: bad, wrap: bad, flex: bad, gap: bad, padding: bad, margin: bad },
    ...{ border: { size: 1, color: bad, style: bad }, background: { light: bad, dark: bad } },
    ...{ height: bad, width: bad, minSize: bad, maxSize: bad, aspectRatio: bad, radius: bad },
    key: bad,
    id: bad,
  };
  const action = { type: bad, payload: { [bad]: bad } };
  const field = {
    ...{ name: bad, placeholder: bad, pattern: bad, defaultValue: bad, inputType: bad },
    ...{ variant: bad, size: bad, gutterSize: bad, onChangeAction: action },
  };
  const options = [{ value: bad, label: bad, description: bad }];
  return [
    { type: "Text", value: bad, ...looks, width: bad },
    { type: "Text", value: bad, editable: { name: bad, autoComplete: bad, placeholder: bad } },
    { type: "Title", value: bad, ...looks },
    { type: "Caption", value: bad, ...looks },
    { type: "Badge", label: bad, color: bad, variant: bad, size: bad },
    { type: "Box", ...box, direction: bad },
    { type: "Row", ...box },
    { type: "Col", ...box },
    { type: "Divider", color: bad, size: bad, spacing: bad },
    { type: "Spacer", minSize: bad },
    { type: "Icon", name: bad, color: bad, size: bad },
    { type: "Image", src: bad, alt: bad, fit: bad, position: bad, ...box },
    { type: "Button", label: bad, iconStart: bad, iconEnd: bad, color: bad, onClickAction: action },
    { type: "Form", ...box, onSubmitAction: action, children: [{ type: "Input", ...field }] },
    { type: "Textarea", ...field },
    { type: "Checkbox", ...field, label: bad },
    { type: "Select", ...field, options },
    { type: "DatePicker", ...field, min: bad, max: bad },
    { type: "RadioGroup", ...field, options, ariaLabel: bad },
    { type: "Label", value: bad, fieldName: bad, ...looks },
    {
      type: "Table",
      children: [
        {
          type: "Table.Row",
          header: true,
          children: [{ type: "Table.Cell", width: bad, align: bad }],
        },
      ],
    },
    { type: "ListViewItem", children: [], gap: bad, align: bad, onClickAction: action },
    { type: "Card", children: [], status: { text: bad, favicon: bad }, background: bad, size: bad },
    { type: "ListView", children: [], limit: bad, status: { text: bad, icon: bad }, theme: bad },
    { type: "Basic", children: [], theme: bad, gap: bad },
    {
      type: "Chart",
      data: [{ [bad]: bad }],
      xAxis: bad,
      series: [{ type: "bar", dataKey: bad, color: bad }],
    },
    { type: "Transition", children: { type: "Text", value: bad, key: bad } },
    { type: bad },
  ];
}

describe("nothing in a text runs or loads", () => {
  test.each(PAYLOADS)("%s", async (bad) => {
    const page = await mounted(card(...poisoned(bad)));
    const elements = page.all("*");
    expect(elements.length).toBeGreaterThan(20);
    for (const element of elements) {
      expect(["script", "iframe", "object", "embed", "svg", "link", "base"]).not.toContain(
        element.localName,
      );
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on/);
        if (["src", "href", "action", "formaction", "srcset"].includes(name)) {
          expect(value).toMatch(/^https:\/\/chat\.test\//);
        }
        if (name === "style") expect(value).not.toMatch(/url\(|var\(--x|evil/);
      }
    }
  });
});
