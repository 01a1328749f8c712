/** What opens to choose from. */
import { html, type nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import { attributes, type Attributes } from "./attributes";
import { dateOf } from "./calendar";
import { shown, type ActionConfig, type Component, type Of } from "./components";
import { control, fieldAttributes, looks, type ControlState } from "./control";
import type { Choice } from "./choosing";
import type { Frame } from "./frame";
import "./select";

/** `Select`: one of many. */
export function select(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as unknown as Of<"Select">;
  return chooser(given, frame, ({ look, choice, onChoose }) => {
    return html`<chatkit-select
      ${attributes(look)}
      .choice=${choice}
      .texts=${frame.widget.texts}
      .options=${Array.isArray(given.options) ? given.options : []}
      .searchable=${given.searchable ?? null}
      @chatkit-choose=${onChoose}
    ></chatkit-select>`;
  });
}

/** `DatePicker`: a day, from our calendar or, where that cannot be had, from the browser's. */
export function datePicker(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as Of<"DatePicker">;
  const hasCalendar = frame.widget.parts.has("DatePicker", () => import("./date-picker"));
  return chooser(given, frame, ({ state, look, choice, onChoose }) => {
    if (!hasCalendar) return plainDate(given, state);
    return html`<chatkit-date-picker
      ${attributes(look)}
      .choice=${choice}
      .texts=${frame.widget.texts}
      .language=${frame.widget.language}
      .min=${given.min ?? null}
      .max=${given.max ?? null}
      .side=${given.side ?? "bottom"}
      .align=${given.align ?? "start"}
      @chatkit-choose=${onChoose}
    ></chatkit-date-picker>`;
  });
}

function plainDate(given: Of<"DatePicker">, state: ControlState): TemplateResult {
  const all = {
    type: "date",
    min: dateOf(given.min) ?? undefined,
    max: dateOf(given.max) ?? undefined,
    readonly: state.waiting,
    ...looks("field", given),
    ...fieldAttributes(state),
  };
  return html`<input
    ${attributes(all)}
    .value=${live(dateOf(state.value) ?? "")}
    @change=${(event: Event) => state.choose((event.target as HTMLInputElement).value || null)}
  />`;
}

interface Chooser {
  readonly state: ControlState;
  readonly look: Attributes;
  readonly choice: Choice;
  readonly onChoose: (event: CustomEvent<{ value: string | null }>) => void;
}

/** What the components that are shown as `Choosing` have in common. */
type Given = Component &
  Parameters<typeof looks>[1] & {
    placeholder?: string;
    clearable?: boolean;
    onChangeAction?: ActionConfig;
  };

function chooser(
  given: Given,
  frame: Frame,
  template: (chooser: Chooser) => TemplateResult,
): TemplateResult | typeof nothing {
  const { placeholder, clearable = false, onChangeAction } = given;
  return control(given, frame, { name: placeholder, onChange: onChangeAction }, (state) => {
    const { field, value, name, problemId, disabled, waiting, choose } = state;
    const choice = {
      fieldId: field.id,
      value,
      name: name ?? null,
      labelId: name === undefined ? `label-${field.id}` : null,
      problemId: problemId ?? null,
      placeholder: shown(placeholder),
      ...{ clearable, disabled, waiting },
    };
    const look = looks("choosing", given);
    return template({ state, look, choice, onChoose: ({ detail }) => choose(detail.value) });
  });
}
