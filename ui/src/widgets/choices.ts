/** What is ticked. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import { attributes } from "./attributes";
import { shown, type Component, type Of, type SelectOption } from "./components";
import { control, fieldAttributes, refused, type ControlState } from "./control";
import type { Frame } from "./frame";

/** `Checkbox`: yes or no. */
export function checkbox(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const { label, onChangeAction } = component as Of<"Checkbox">;
  return control(component, frame, { name: label, onChange: onChangeAction }, (state) => {
    const all = { ...fieldAttributes(state), ...(label && { "aria-label": undefined }) };
    return html`<label class="choice">
      <input
        type="checkbox"
        ${attributes(all)}
        .checked=${live(state.value === true)}
        @click=${refused(state)}
        @change=${(event: Event) => state.choose((event.target as HTMLInputElement).checked)}
      />
      ${label ? html`<span dir="auto">${shown(label)}</span>` : nothing}
    </label>`;
  });
}

/** `RadioGroup`: one of a few. */
export function radioGroup(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as Of<"RadioGroup">;
  const { ariaLabel, direction, onChangeAction } = given;
  const options = (given.options ?? []) as readonly SelectOption[];
  return control(component, frame, { name: ariaLabel, onChange: onChangeAction }, (state) => {
    const { field, value, name, problemId } = state;
    const chosen = options.findIndex((option) => option.value === value);
    const all = {
      class: `choices ${direction === "col" ? "col" : "row"}`,
      role: "radiogroup",
      "aria-labelledby": name === undefined ? `label-${field.id}` : undefined,
      "aria-label": name,
      "aria-required": field.required ? "true" : undefined,
      "aria-invalid": problemId === undefined ? undefined : "true",
      "aria-describedby": problemId,
    };
    return html`<div ${attributes(all)}>
      ${options.map((option, place) =>
        radio(option, state, {
          checked: place === chosen,
          // A label of the field leads to what the Tab key would.
          id: place === Math.max(0, chosen) ? field.id : undefined,
        }),
      )}
    </div>`;
  });
}

function radio(
  option: SelectOption,
  state: ControlState,
  { checked, id }: { checked: boolean; id: string | undefined },
): TemplateResult {
  const all = {
    id,
    name: state.field.id,
    disabled: state.disabled || option.disabled === true,
    "aria-disabled": state.waiting ? "true" : undefined,
  };
  return html`<label class="choice">
    <input
      type="radio"
      ${attributes(all)}
      .checked=${live(checked)}
      @click=${refused(state)}
      @change=${() => state.choose(option.value)}
    />
    <span dir="auto">${shown(option.label)}</span>
  </label>`;
}
