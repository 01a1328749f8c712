import { html } from "lit";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { all, find, shown, stage } from "../items/staging";
import { text, type Tag } from "./content";
import "./editor";

const ADA: Tag = { type: "input_tag", id: "1", text: "Ada", data: {}, interactive: true };
const onClick = vi.fn();
const submitted = vi.fn();
let editor: HTMLElement;

beforeEach(async () => {
  vi.clearAllMocks();
  const content = [text("Ask "), ADA, { ...ADA, id: "2", text: "<b>Bob</b>", interactive: false }];
  editor = await stage({ entities: { onClick } }).show(
    html`<chatkit-editor .content=${content} @chatkit-submit=${submitted}></chatkit-editor>`,
  );
});

const button = (): HTMLElement => find(editor, "button") as HTMLElement;

describe("a tag in the text", () => {
  test("is shown by its name, whatever that is", () => {
    expect(all(editor, "chatkit-entity").map(shown)).toEqual(["Ada", "<b>Bob</b>"]);
  });

  test("that is interactive is a button, which the keyboard reaches; others are not", () => {
    expect(all(editor, "button").map(shown)).toEqual(["Ada"]);
    button().focus();
    expect((editor.shadowRoot?.activeElement as HTMLElement | null)?.localName).toBe(
      "chatkit-entity",
    );
  });

  test("tells the page that it was pressed", () => {
    button().click();
    expect(onClick).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: "1" }));
  });

  test("has Enter for itself: it does not send the message", () => {
    button().focus();
    const enter = new KeyboardEvent("keydown", {
      key: "Enter",
      bubbles: true,
      composed: true,
      cancelable: true,
    });
    button().dispatchEvent(enter);
    expect(enter.defaultPrevented).toBe(false);
    expect(submitted).not.toHaveBeenCalled();
  });
});
