import { describe, expect, test } from "vitest";

// Loaded when it is first shown: here it is there from the beginning.
import "./date-picker";
import { card, mounted, type Mounted } from "./testing";

const options = [
  { value: "a", label: "A" },
  { value: "b", label: "B" },
];
const onChangeAction = { type: "change", loadingBehavior: "self" };
const CONTROLS = [
  { type: "Checkbox", name: "x", label: "X" },
  { type: "RadioGroup", name: "x", options, defaultValue: "a" },
  { type: "Select", name: "x", options, clearable: true, defaultValue: "a" },
  { type: "DatePicker", name: "x", clearable: true, defaultValue: "2030-01-02" },
];

/** A control whose action is under way, with what ends it. */
async function sending(component: object): Promise<Mounted & { end: () => Promise<void> }> {
  let resolve = (): void => undefined;
  const page = await mounted(card({ ...component, onChangeAction }));
  await page.settled();
  page.act.mockReturnValueOnce(new Promise((done) => (resolve = done)));
  const [first, second] = page.all(".control input, .control button");
  second?.focus();
  first?.focus();
  (second ?? first)?.click();
  await page.settled();
  const end = async (): Promise<void> => {
    resolve();
    await page.settled();
  };
  return { ...page, end };
}

describe.each(CONTROLS)("while its action is under way, a $type", (component) => {
  test("keeps the focus, since it is not disabled", async () => {
    const page = await sending(component);
    expect(page.act).toHaveBeenCalledOnce();
    for (const control of page.all(".control input, .control button")) {
      expect(control.hasAttribute("disabled")).toBe(false);
      expect(control.getAttribute("aria-disabled")).toBe("true");
    }
    expect(page.tree.activeElement).not.toBeNull();
    await page.end();
    expect(page.all("[aria-disabled]")).toHaveLength(0);
  });

  test("takes nothing", async () => {
    const page = await sending(component);
    for (const control of page.all(".control input, .control button")) control.click();
    await page.settled();
    expect(page.all(".popup")).toHaveLength(0);
    await page.end();
    expect(page.act).toHaveBeenCalledOnce();
  });
});
