/** What a widget's controls hold: found in its tree, kept apart from it, so that a new tree from the
 * server takes away nothing that the user has entered. */
import {
  isComponent,
  namedChildrenOf,
  shown,
  type Component,
  type Editable,
  type Of,
} from "./components";

/** A text, whether something is ticked, or null where nothing is chosen. */
export type FieldValue = string | boolean | null;
/** Why a form is not sent; the name of the text that says so. */
export type Problem = "required" | "invalid";

/** A control, whatever it looks like. */
export interface Field {
  /** Also the `id` of its element. */
  readonly id: string;
  readonly name: string;
  /** Path of the form that it belongs to; null outside of all. */
  readonly form: string | null;
  readonly kind: "text" | "check" | "choice";
  /** What it holds until the user changes it. */
  readonly initial: FieldValue;
  readonly required: boolean;
  readonly pattern: string | null;
  readonly inputType: string;
  readonly disabled: boolean;
}

/** Deeper than any widget that is read; deeper trees would overflow the stack. */
export const MAX_DEPTH = 100;
/** Longer patterns are not for a form. */
const MAX_PATTERN = 500;

/** Whether the fields in a component are sent together. */
export function isForm(component: Component): boolean {
  return (
    component.type === "Form" ||
    (component.type === "Card" && "asForm" in component && component.asForm === true)
  );
}

/** The `id` of a field by the path of its form: the same for a label and its control. */
export function fieldId(form: string | null, name: string): string {
  const plain = (text: string): string =>
    text.replace(/[^\w.-]/g, (one) => `_${one.charCodeAt(0).toString(16)}`);
  return `field-${plain(form ?? "")}-${plain(name)}`;
}

/** The field of a control; null for what is none. */
export function fieldOf(component: Component, form: string | null): Field | null {
  const made = reading(component);
  if (made === null || typeof made.name !== "string" || made.name === "") return null;
  const { required = false, disabled = false, pattern = null, inputType = "text", ...rest } = made;
  return {
    ...rest,
    name: made.name,
    required,
    disabled,
    pattern,
    inputType,
    form,
    id: fieldId(form, made.name),
  };
}

type Reading = Pick<Field, "kind" | "initial"> &
  Partial<Pick<Field, "required" | "pattern" | "inputType" | "disabled">> & { name: unknown };

function reading(component: Component): Reading | null {
  switch (component.type) {
    case "Input":
    case "Textarea": {
      const { name, defaultValue, ...rest } = component as Of<"Input"> | Of<"Textarea">;
      const { required, pattern, disabled } = rest;
      const inputType = "inputType" in rest ? rest.inputType : "text";
      return {
        name,
        kind: "text",
        initial: shown(defaultValue),
        required,
        pattern,
        inputType,
        disabled,
      };
    }
    case "Text": {
      const { editable, value } = component as Of<"Text">;
      if (!isEditable(editable)) return null;
      const { name, required, pattern } = editable;
      return { name, kind: "text", initial: shown(value), required, pattern };
    }
    case "Checkbox": {
      const { name, defaultChecked, required, disabled } = component as Of<"Checkbox">;
      return { name, kind: "check", initial: defaultChecked ?? false, required, disabled };
    }
    case "Select":
    case "DatePicker":
    case "RadioGroup": {
      const { name, defaultValue, disabled, ...rest } = component as Of<"RadioGroup">;
      return {
        name,
        kind: "choice",
        initial: defaultValue ?? null,
        required: rest.required,
        disabled,
      };
    }
    default:
      return null;
  }
}

/** Whether a text is a field, and not only read. */
export function isEditable(editable: unknown): editable is Editable {
  return typeof editable === "object" && editable !== null && "name" in editable;
}

/** What is in a tree: its fields, and which of them have a label. */
export interface Outline {
  readonly fields: readonly Field[];
  readonly labelled: ReadonlySet<string>;
}

/** Find the fields in a tree. Of two with one name in one form the last counts. */
export function outlineOf(root: unknown): Outline {
  const fields = new Map<string, Field>();
  const labelled = new Set<string>();
  const walk = (component: Component, path: string, form: string | null, depth: number): void => {
    const field = fieldOf(component, form);
    if (field !== null) fields.set(field.id, field);
    if (component.type === "Label")
      labelled.add(fieldId(form, (component as Of<"Label">).fieldName));
    if (depth === MAX_DEPTH) return;
    const within = isForm(component) ? path : form;
    for (const [name, child] of namedChildrenOf(component)) {
      walk(child, `${path}/${name}`, within, depth + 1);
    }
  };
  if (isComponent(root)) walk(root, "", null, 0);
  return { fields: [...fields.values()], labelled };
}

/** The values that the user has entered, and what is wrong with them. */
export class Fields {
  readonly #edits = new Map<string, { initial: FieldValue; value: FieldValue }>();
  readonly #problems = new Map<string, Problem>();

  constructor(private readonly changed: () => void) {}

  /** What a field holds. An edit counts until the server gives the field another initial value. */
  value(field: Field): FieldValue {
    const edit = this.#edits.get(field.id);
    return edit !== undefined && edit.initial === field.initial ? edit.value : field.initial;
  }

  edit(field: Field, value: FieldValue): void {
    this.#edits.set(field.id, { initial: field.initial, value });
    // Only what was found wrong is judged while it is being written.
    if (this.#problems.has(field.id)) this.#judge(field);
    this.changed();
  }

  problem(field: Field): Problem | null {
    return this.#problems.get(field.id) ?? null;
  }

  /** Judge fields; returns the first that is wrong. */
  check(fields: readonly Field[]): Field | null {
    for (const field of fields) this.#judge(field);
    this.changed();
    return fields.find((field) => this.#problems.has(field.id)) ?? null;
  }

  /** What fields hold by name; disabled ones hold nothing, as in every form. */
  values(fields: readonly Field[]): Map<string, FieldValue> {
    return new Map(
      fields.filter(({ disabled }) => !disabled).map((field) => [field.name, this.value(field)]),
    );
  }

  #judge(field: Field): void {
    const problem = problemOf(field, this.value(field));
    if (problem === null) this.#problems.delete(field.id);
    else this.#problems.set(field.id, problem);
  }
}

/** What is wrong with a value, by the rules of HTML's own forms. */
export function problemOf(field: Field, value: FieldValue): Problem | null {
  if (field.disabled) return null;
  if (value === null || value === false || value === "") return field.required ? "required" : null;
  if (typeof value !== "string" || field.kind !== "text") return null;
  return matches(field.pattern, value) && hasType(field.inputType, value) ? null : "invalid";
}

function matches(pattern: string | null, value: string): boolean {
  if (typeof pattern !== "string" || pattern === "" || pattern.length > MAX_PATTERN) return true;
  try {
    return new RegExp(`^(?:${pattern})$`, "v").test(value);
  } catch {
    return true; // as HTML has it: a pattern that is none says nothing
  }
}

function hasType(type: string, value: string): boolean {
  switch (type) {
    case "email":
      return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*$/.test(value);
    case "url":
      return URL.canParse(value);
    case "number":
      return Number.isFinite(Number(value));
    default:
      return true;
  }
}
