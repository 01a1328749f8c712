/** What is written into. */
import { html, type nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { ref } from "lit/directives/ref.js";

import { styled, type Styles } from "../styled";
import { attributes, type Attributes } from "./attributes";
import { shown, type Component, type Editable, type Of } from "./components";
import { control, fieldAttributes, looks, type ControlState } from "./control";
import { count } from "./counts";
import { entered, type Wishes } from "./focus";
import type { Frame } from "./frame";

const INPUT_TYPES = ["number", "email", "text", "password", "tel", "url"] as const;
const MAX_ROWS = 40;
/** How far a text that grows does so, unless it says otherwise. */
const GROWN_ROWS = 12;

interface Written {
  placeholder?: string;
  allowAutofillExtensions?: boolean;
}

/** Browsers' extensions do not ask the form; the marks say to each of them that this is no login. */
function writing(given: Written, autocomplete = "off"): Attributes {
  const ignore = given.allowAutofillExtensions ? undefined : "true";
  return {
    placeholder: shown(given.placeholder) || undefined,
    autocomplete,
    "data-1p-ignore": ignore,
    "data-lpignore": ignore,
    "data-bwignore": ignore,
  };
}

/** `Input`: one line. */
export function input(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as Of<"Input">;
  const { inputType, allowAutofillExtensions } = given;
  return control(component, frame, { name: given.placeholder }, (state) => {
    const all = {
      type: INPUT_TYPES.find((one) => one === inputType) ?? "text",
      dir: inputType === "email" || inputType === "url" ? "ltr" : "auto",
      ...looks("field", given),
      ...fieldAttributes(state),
      ...writing(given, allowAutofillExtensions ? undefined : "off"),
    };
    return html`<input
      ${attributes(all)}
      .value=${live(shown(state.value))}
      @input=${(event: InputEvent) => state.edit((event.target as HTMLInputElement).value)}
      ${ref(entered(given))}
    />`;
  });
}

/** `Textarea`: several lines. */
export function textarea(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as Of<"Textarea">;
  const { autoResize, allowAutofillExtensions } = given;
  const min = rows(given.rows) ?? 3;
  return control(component, frame, { name: given.placeholder }, (state) =>
    lines(state, given, {
      min,
      max: autoResize ? (rows(given.maxRows) ?? GROWN_ROWS) : min,
      attributes: {
        ...looks(autoResize ? "field growing" : "field", given),
        ...writing(given, allowAutofillExtensions ? undefined : "off"),
      },
    }),
  );
}

/** A `Text` that can be changed where it stands. */
export function editableText(
  component: Of<"Text">,
  editable: Editable,
  frame: Frame,
  style: Styles,
): TemplateResult | typeof nothing {
  return control(component, frame, { name: editable.placeholder }, (state) =>
    lines(state, editable, {
      min: rows(component.minLines) ?? 1,
      max: rows(component.maxLines) ?? GROWN_ROWS,
      attributes: {
        class: "field editable growing",
        ...writing(editable, shown(editable.autoComplete) || "off"),
      },
      style,
    }),
  );
}

interface Lines {
  /** Rows that are there from the start. */
  readonly min: number;
  /** Rows that it grows to. */
  readonly max: number;
  readonly attributes: Attributes;
  readonly style?: Styles;
}

function lines(state: ControlState, wishes: Wishes, look: Lines): TemplateResult {
  const { min, max, style } = look;
  const all = { rows: min, dir: "auto", ...look.attributes, ...fieldAttributes(state) };
  return html`<textarea
    ${attributes(all)}
    style=${styled({ ...style, "--w-rows": `${min}`, "--w-max-rows": `${Math.max(min, max)}` })}
    .value=${live(shown(state.value))}
    @input=${(event: InputEvent) => state.edit((event.target as HTMLTextAreaElement).value)}
    ${ref(entered(wishes))}
  ></textarea>`;
}

function rows(value: unknown): number | undefined {
  return count(value, MAX_ROWS);
}
