import { html } from "lit";
import { describe, expect, it, vi } from "vitest";

import type { Question, StructuredInputItem } from "../protocol/items";
import { all, find, settled, shown, stage, type Stage } from "./staging";
import "./structured-input";

const options = [{ value: "Red" }, { value: "Green" }];
const inputs: Question[] = [
  { id: "q1", question: "Which?", type: "multiple_choice", options },
  { id: "q2", question: "Why?", type: "freeform", description: "In a word." },
];

async function form(scene: Stage, part: Partial<StructuredInputItem> = {}): Promise<HTMLElement> {
  const item: StructuredInputItem = {
    id: "s",
    thread_id: "thr",
    created_at: "2026-01-01T00:00:00Z",
    type: "structured_input",
    status: "pending",
    inputs,
    ...part,
  };
  return scene.show(html`<chatkit-structured-input .item=${item}></chatkit-structured-input>`);
}

function press(element: HTMLElement, words: string): void {
  all(element, "button")
    .find((button) => shown(button) === words)
    ?.click();
}

async function answered(element: HTMLElement): Promise<void> {
  find(element, "input[type=radio]")?.click();
  const text = find(element, "textarea") as HTMLTextAreaElement;
  text.value = "So.";
  text.dispatchEvent(new InputEvent("input"));
  await settled();
}

function submits(scene: Stage) {
  return vi.spyOn(scene.chat.conversation, "submit").mockResolvedValue();
}

describe("<chatkit-structured-input>", () => {
  it("sends the answers", async () => {
    const scene = stage();
    const submit = submits(scene);
    const element = await form(scene);
    await answered(element);
    press(element, "Submit");
    expect(submit).toHaveBeenCalledWith("s", "answered", {
      q1: { values: ["Red"] },
      q2: { values: ["So."] },
    });
  });

  it("marks what is missing and sends nothing", async () => {
    const scene = stage();
    const submit = submits(scene);
    const element = await form(scene);
    press(element, "Submit");
    await settled();
    expect(submit).not.toHaveBeenCalled();
    expect(all(element, ".problem")).toHaveLength(2);
    expect(find(element, "textarea")?.getAttribute("aria-invalid")).toBe("true");
  });

  it("lets one question be skipped", async () => {
    const scene = stage();
    const submit = submits(scene);
    const element = await form(scene);
    await answered(element);
    all(element, "button.one")[1]?.click();
    await settled();
    press(element, "Submit");
    expect(submit.mock.calls[0]?.[2]).toEqual({
      q1: { values: ["Red"] },
      q2: { values: [], skipped: true },
    });
  });

  it("skips all questions without looking at them", async () => {
    const scene = stage();
    const submit = submits(scene);
    press(await form(scene), "Skip all");
    expect(submit).toHaveBeenCalledWith("s", "skipped", {});
  });

  it("is not sent twice", async () => {
    const scene = stage();
    const submit = vi
      .spyOn(scene.chat.conversation, "submit")
      .mockReturnValue(new Promise(() => undefined));
    const element = await form(scene);
    press(element, "Skip all");
    press(element, "Skip all");
    expect(submit).toHaveBeenCalledTimes(1);
  });

  it("waits while an answer is being written", async () => {
    const scene = stage();
    scene.chat.conversation.activity.value = "answering";
    const element = await form(scene);
    expect(find(element, "button.primary")?.hasAttribute("disabled")).toBe(true);
  });

  it("shows what was answered", async () => {
    const element = await form(stage(), {
      status: "answered",
      inputs: [
        { ...inputs[0], answer: { values: ["Red"] } } as Question,
        { ...inputs[1], answer: { values: [], skipped: true } } as Question,
      ],
    });
    expect(find(element, "form")).toBeNull();
    expect(shown(element)).toBe("Which? Red Why? Skipped");
  });

  it("leaves out a question that it does not know, and tells the page", async () => {
    const scene = stage();
    const odd = { id: "q3", question: "How far?", type: "slider" };
    const element = await form(scene, { inputs: [...inputs, odd] as Question[] });
    expect(all(element, "fieldset")).toHaveLength(2);
    expect(scene.told.map(({ name }) => name)).toEqual(["chatkit.log"]);
  });
});
