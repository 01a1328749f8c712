/** What all controls have in common: a field of the form, a name, and what is wrong with its value. */
import { html, nothing, type TemplateResult } from "lit";

import type { Attributes } from "./attributes";
import { CONTROL_SIZES, VARIANTS } from "./buttons";
import type { ActionConfig, Component } from "./components";
import { fieldOf, type Field, type FieldValue } from "./fields";
import type { Frame } from "./frame";

const GUTTERS = ["2xs", "xs", "sm", "md", "lg", "xl"];

/** A control as it is now. */
export interface ControlState {
  readonly field: Field;
  readonly value: FieldValue;
  /** It takes nothing, and cannot have the focus. */
  readonly disabled: boolean;
  /** Its action is under way: it takes nothing, and keeps the focus. */
  readonly waiting: boolean;
  /** Id of what says that it is wrong. */
  readonly problemId: string | undefined;
  /** Its name, if no label has it. */
  readonly name: string | undefined;
  /** Note what the user enters. */
  readonly edit: (value: FieldValue) => void;
  /** Note what the user has chosen, and send the control's action. */
  readonly choose: (value: FieldValue) => void;
}

interface Own {
  /** What it is called without a label; its field's name if that is empty. */
  readonly name: string | undefined;
  readonly onChange?: ActionConfig;
}

/** Show a control by its template, and below it what is wrong; nothing for one without a field. */
export function control(
  component: Component,
  frame: Frame,
  { name, onChange }: Own,
  template: (state: ControlState) => TemplateResult,
): TemplateResult | typeof nothing {
  const field = fieldOf(component, frame.form?.path ?? null);
  if (field === null) return nothing;
  const { fields, outline, texts, isBusy } = frame.widget;
  const problem = fields.problem(field);
  const problemId = problem === null ? undefined : `problem-${field.id}`;
  const edit = (value: FieldValue): void => fields.edit(field, value);
  const body = template({
    field,
    value: fields.value(field),
    disabled: field.disabled || isBusy,
    waiting: frame.isLoading,
    problemId,
    name: outline.labelled.has(field.id) ? undefined : name || field.name,
    edit,
    choose: (value) => {
      edit(value);
      frame.act(onChange, { auto: "none", newest: true, own: field });
    },
  });
  return html`<div
    class="control ${component.type}"
    aria-busy=${frame.isLoading ? "true" : nothing}
  >
    ${body}${
      problem === null
        ? nothing
        : html`<p class="problem" id=${problemId ?? nothing}>
            <chatkit-icon name="circle-alert"></chatkit-icon>${texts[problem]}
          </p>`
    }
  </div>`;
}

/** What an element says of its field: to the form, and to those who do not see it. */
export function fieldAttributes(state: ControlState): Attributes {
  const { field, disabled, waiting, problemId, name } = state;
  return {
    id: field.id,
    name: field.name,
    required: field.required,
    disabled,
    "aria-disabled": waiting ? "true" : undefined,
    "aria-invalid": problemId === undefined ? undefined : "true",
    "aria-describedby": problemId,
    "aria-label": name,
  };
}

interface Looks {
  variant?: string;
  size?: string;
  gutterSize?: string;
  pill?: boolean;
  block?: boolean;
}

/** What the styles go by. */
export function looks(kind: string, given: Looks): Attributes {
  return {
    class: [kind, given.pill && "pill", given.block && "block"].filter(Boolean).join(" "),
    "data-variant": VARIANTS.find((one) => one === given.variant) ?? "outline",
    "data-size": CONTROL_SIZES.find((one) => one === given.size) ?? "lg",
    "data-gutter": GUTTERS.find((one) => one === given.gutterSize),
  };
}

/** For a click on a control that takes nothing now: what the browser has changed is as before. */
export function refused({ waiting }: ControlState): (event: Event) => void {
  return (event) => {
    if (waiting) event.preventDefault();
  };
}
