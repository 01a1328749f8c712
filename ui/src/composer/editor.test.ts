import { beforeEach, describe, expect, test, vi } from "vitest";

import type { UserContent } from "../protocol/items";
import { text, type Content, type Tag } from "./content";
import { Editor } from "./editor";
import { select } from "./surface";

const ADA: Tag = { type: "input_tag", id: "1", text: "Ada", data: {}, interactive: true };

let editor: Editor;
const edited = vi.fn<(content: Content) => void>();
const submitted = vi.fn<() => void>();

beforeEach(async () => {
  vi.clearAllMocks();
  editor = new Editor();
  editor.placeholder = "Message";
  editor.addEventListener("chatkit-edit", ({ detail }) => edited(detail.content));
  editor.addEventListener("chatkit-submit", () => submitted());
  document.body.replaceChildren(editor);
  await editor.updateComplete;
  editor.focus();
});

const surface = (): HTMLElement => {
  const found = editor.surface;
  if (found === null) throw new Error("no surface");
  return found;
};
const put = async (content: Content): Promise<void> => {
  editor.content = content;
  await editor.updateComplete;
};
/** As the browser does it: text first, then the event. */
const type = async (value: string): Promise<void> => {
  surface().append(value);
  const end = surface().childNodes.length;
  document.getSelection()?.setBaseAndExtent(surface(), end, surface(), end);
  surface().dispatchEvent(new Event("input"));
  await editor.updateComplete;
};
const press = async (key: string, more: KeyboardEventInit = {}): Promise<KeyboardEvent> => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  surface().dispatchEvent(event);
  await editor.updateComplete;
  return event;
};
const before = (inputType: string): Event => {
  const event = new InputEvent("beforeinput", { inputType, cancelable: true });
  surface().dispatchEvent(event);
  return event;
};
const now = (): readonly UserContent[] => edited.mock.lastCall?.[0] ?? [];

describe("the field", () => {
  test("tells what was typed, and shows a placeholder while there is nothing", async () => {
    expect(editor.renderRoot.querySelector(".placeholder")?.textContent).toBe("Message");
    await type("Hi");
    expect(now()).toEqual([text("Hi")]);
    expect(editor.renderRoot.querySelector(".placeholder")).toBeNull();
  });

  test("shows what the page puts in, and does not tell the page of it", async () => {
    await put([text("Ask "), ADA]);
    expect(surface().textContent.trim()).toBe("Ask");
    expect(surface().querySelector("chatkit-entity")?.entity).toMatchObject({ title: "Ada" });
    expect(edited).not.toHaveBeenCalled();
  });

  test("is a text box of several lines with a name", () => {
    expect(surface().getAttribute("role")).toBe("textbox");
    expect(surface().getAttribute("aria-multiline")).toBe("true");
    expect(surface().getAttribute("aria-label")).toBe("Message");
  });

  test("that is disabled cannot be edited", async () => {
    editor.disabled = true;
    await editor.updateComplete;
    expect(surface().getAttribute("contenteditable")).toBe("false");
    expect(surface().getAttribute("aria-disabled")).toBe("true");
  });
});

describe("keys", () => {
  test("Enter sends", async () => {
    const event = await press("Enter");
    expect(submitted).toHaveBeenCalledOnce();
    expect(event.defaultPrevented).toBe(true);
  });

  test("Shift and Enter does not; it is a new line", async () => {
    await press("Enter", { shiftKey: true });
    expect(submitted).not.toHaveBeenCalled();
    await put([text("ab")]);
    select(surface(), { from: 2, to: 2 });
    before("insertLineBreak");
    expect(now()).toEqual([text("ab\n")]);
  });

  test("Enter that ends a composition of characters does not send", async () => {
    await press("Enter", { isComposing: true });
    const safari = new KeyboardEvent("keydown", { key: "Enter" });
    Object.defineProperty(safari, "keyCode", { value: 229 });
    surface().dispatchEvent(safari);
    expect(submitted).not.toHaveBeenCalled();
  });

  test("Backspace behind a tag removes the tag", async () => {
    await put([text("Ask "), ADA, text("!")]);
    select(surface(), { from: 5, to: 5 });
    expect(before("deleteContentBackward").defaultPrevented).toBe(true);
    expect(now()).toEqual([text("Ask !")]);
  });

  test("undo brings it back, redo removes it again", async () => {
    await put([text("Ask "), ADA]);
    select(surface(), { from: 5, to: 5 });
    before("deleteContentBackward");
    await press("z", { ctrlKey: true });
    expect(now()).toEqual([text("Ask "), ADA]);
    await press("z", { ctrlKey: true, shiftKey: true });
    expect(now()).toEqual([text("Ask ")]);
  });

  test("bold is not for plain text", () => {
    expect(before("formatBold").defaultPrevented).toBe(true);
  });
});

describe("pasting", () => {
  const paste = (data: string, files: File[] = []): void => {
    const event = new Event("paste", { cancelable: true });
    Object.assign(event, { clipboardData: { files, getData: () => data } });
    surface().dispatchEvent(event);
  };

  test("takes plain text, with the lines of any system", async () => {
    await put([text("a")]);
    select(surface(), { from: 1, to: 1 });
    paste("b\r\nc");
    expect(now()).toEqual([text("ab\nc")]);
  });

  test("tells of files", () => {
    const told = vi.fn<(files: readonly File[]) => void>();
    editor.addEventListener("chatkit-files", ({ detail }) => told(detail.files));
    const file = new File(["x"], "x.png", { type: "image/png" });
    paste("", [file]);
    expect(told).toHaveBeenCalledWith([file]);
  });
});

test("copying gives plain text", async () => {
  await put([text("Ask "), ADA]);
  select(surface(), { from: 2, to: 5 });
  const setData = vi.fn();
  const event = new Event("copy", { cancelable: true });
  Object.assign(event, { clipboardData: { setData } });
  surface().dispatchEvent(event);
  expect(setData).toHaveBeenCalledWith("text/plain", "k Ada");
});

describe("suggestions", () => {
  const options = () => [...editor.renderRoot.querySelectorAll("[role=option]")];
  const suggested = async (): Promise<void> => {
    editor.sources = {
      "@": () =>
        Promise.resolve(
          ["Ada", "Alan"].map((title) => ({
            key: title,
            title,
            description: null,
            icon: null,
            group: "People",
            choose: () => ({ type: "tag" as const, tag: { ...ADA, text: title } }),
          })),
        ),
    };
    await editor.updateComplete;
    await type("Ask @a");
    await vi.waitFor(() => expect(options()).toHaveLength(2));
  };

  test("are a list that the field controls", async () => {
    await suggested();
    const field = surface();
    expect(field.getAttribute("role")).toBe("combobox");
    expect(field.getAttribute("aria-expanded")).toBe("true");
    expect(field.getAttribute("aria-controls")).toBe("suggestions");
    expect(field.getAttribute("aria-activedescendant")).toBe(options()[0]?.id);
    const group = editor.renderRoot.querySelector("#suggestions [role=group]");
    expect(group?.getAttribute("aria-label")).toBe("People");
    expect(editor.renderRoot.querySelector("[role=status]")?.textContent).toBe("Found: 2");
  });

  test("Enter puts the active one in the place of what was typed", async () => {
    await suggested();
    await press("ArrowDown");
    expect(surface().getAttribute("aria-activedescendant")).toBe(options()[1]?.id);
    await press("Enter");
    expect(submitted).not.toHaveBeenCalled();
    expect(now()).toEqual([text("Ask "), { ...ADA, text: "Alan" }, text(" ")]);
    expect(options()).toEqual([]);
  });

  test("Escape closes the list, and the next Enter sends", async () => {
    await suggested();
    await press("Escape");
    expect(options()).toEqual([]);
    await press("Enter");
    expect(submitted).toHaveBeenCalledOnce();
  });
});
