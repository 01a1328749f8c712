import { describe, expect, test, vi } from "vitest";

import { Fields, outlineOf, problemOf, type Field, type FieldValue } from "./fields";

function field(more: Partial<Field>): Field {
  const plain = { id: "f", name: "f", form: null, kind: "text", initial: "", inputType: "text" };
  return { ...plain, required: false, disabled: false, pattern: null, ...more } as Field;
}

describe("the fields of a widget", () => {
  test("each kind of control is found with its initial value and its form", () => {
    const outline = outlineOf({
      type: "Card",
      children: [
        { type: "Input", name: "outside" },
        {
          type: "Form",
          key: "form",
          children: [
            { type: "Row", children: [{ type: "Textarea", name: "b", defaultValue: "B" }] },
            { type: "Checkbox", name: "c", defaultChecked: true },
            { type: "Select", name: "d", options: [] },
            { type: "DatePicker", name: "e", defaultValue: "2030-01-02T00:00:00Z" },
            { type: "RadioGroup", name: "g", defaultValue: "x" },
            { type: "Text", value: "T", editable: { name: "h" } },
            { type: "Text", value: "only read", editable: false },
            { type: "Label", value: "B", fieldName: "b" },
          ],
        },
      ],
    });
    expect(outline.fields.map(({ name, form, initial }) => [name, form, initial])).toEqual([
      ["outside", null, ""],
      ["b", "/form", "B"],
      ["c", "/form", true],
      ["d", "/form", null],
      ["e", "/form", "2030-01-02T00:00:00Z"],
      ["g", "/form", "x"],
      ["h", "/form", "T"],
    ]);
    expect(outline.labelled).toEqual(new Set([outline.fields[1]?.id]));
  });

  test.each<[string, Partial<Field>, FieldValue, string | null]>([
    ["something is needed", { required: true }, "", "required"],
    ["a box must be ticked", { required: true, kind: "check" }, false, "required"],
    ["a choice must be made", { required: true, kind: "choice" }, null, "required"],
    ["nothing is needed", { pattern: "x+" }, "", null],
    ["a pattern is for the whole value", { pattern: "[0-9]{2}" }, "123", "invalid"],
    ["a pattern fits", { pattern: "[0-9]{3}" }, "123", null],
    ["a broken pattern says nothing", { pattern: "(" }, "123", null],
    ["no mail", { inputType: "email" }, "a@", "invalid"],
    ["a mail", { inputType: "email" }, "a@b.test", null],
    ["no address", { inputType: "url" }, "b.test", "invalid"],
    ["an address", { inputType: "url" }, "https://b.test", null],
    ["no number", { inputType: "number" }, "12a", "invalid"],
    ["a number", { inputType: "number" }, "-1.5", null],
    ["a disabled field is never wrong", { required: true, disabled: true }, "", null],
  ])("%s", (_, more, value, problem) => {
    expect(problemOf(field(more), value)).toBe(problem);
  });

  test("an edit counts until the server gives the field another value", () => {
    const fields = new Fields(vi.fn());
    fields.edit(field({}), "mine");
    expect(fields.value(field({}))).toBe("mine");
    expect(fields.value(field({ initial: "theirs" }))).toBe("theirs");
  });

  test("a problem goes when it is mended, not before", () => {
    const fields = new Fields(vi.fn());
    const one = field({ required: true, pattern: "ab" });
    expect(fields.check([one])).toBe(one);
    expect(fields.problem(one)).toBe("required");
    fields.edit(one, "a");
    expect(fields.problem(one)).toBe("invalid");
    fields.edit(one, "ab");
    expect(fields.problem(one)).toBeNull();
  });

  test("disabled fields give no value", () => {
    const fields = new Fields(vi.fn());
    const all = [field({ name: "a", initial: "A" }), field({ name: "b", disabled: true })];
    expect(fields.values(all)).toEqual(new Map([["a", "A"]]));
  });
});
