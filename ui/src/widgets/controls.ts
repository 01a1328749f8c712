/** What is filled in. The values are kept in `Fields`; these show them. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { ref } from "lit/directives/ref.js";

import { styled, type Styles } from "../styled";
import { CONTROL_SIZES, VARIANTS } from "./buttons";
import { shown, type Component, type Editable, type Of, type SelectOption } from "./components";
import { fieldOf, type Field, type FieldValue } from "./fields";
import type { Frame } from "./frame";
import { entered } from "./focus";
import "./select";

const INPUT_TYPES = ["number", "email", "text", "password", "tel", "url"] as const;
const GUTTERS = ["2xs", "xs", "sm", "md", "lg", "xl"];
const MAX_ROWS = 40;

interface Looks {
  variant?: string;
  size?: string;
  gutterSize?: string;
  pill?: boolean;
  block?: boolean;
}

function looks({ variant, size, gutterSize, pill, block }: Looks, fallback: string) {
  return {
    classes: `${pill ? " pill" : ""}${block ? " block" : ""}`,
    variant: VARIANTS.find((one) => one === variant) ?? fallback,
    size: CONTROL_SIZES.find((one) => one === size) ?? "lg",
    gutter: GUTTERS.find((one) => one === gutterSize),
  };
}

/** A field that is shown, with what its element says of it to those who do not see it. */
interface Shown {
  field: Field;
  value: FieldValue;
  disabled: boolean;
  invalid: "true" | typeof nothing;
  describedBy: string | typeof nothing;
  /** Its name, if no label has it. */
  ariaLabel: string | typeof nothing;
  edit: (value: FieldValue) => void;
}

/** Show a control, and below it what is wrong with its value. */
function control(
  component: Component,
  frame: Frame,
  name: string | undefined,
  template: (shown: Shown) => TemplateResult,
): TemplateResult | typeof nothing {
  const field = fieldOf(component, frame.form?.path ?? null);
  if (field === null) return nothing;
  const { fields, outline, texts, isBusy } = frame.widget;
  const problem = fields.problem(field);
  const body = template({
    field,
    value: fields.value(field),
    disabled: field.disabled || isBusy || frame.isLoading,
    invalid: problem === null ? nothing : "true",
    describedBy: problem === null ? nothing : `problem-${field.id}`,
    ariaLabel: outline.labelled.has(field.id) ? nothing : name || field.name,
    edit: (value) => fields.edit(field, value),
  });
  return html`<div
    class="control ${component.type}"
    aria-busy=${frame.isLoading ? "true" : nothing}
  >
    ${body}${
      problem === null
        ? nothing
        : html`<p class="problem" id=${`problem-${field.id}`}>
            <chatkit-icon name="circle-alert"></chatkit-icon>${texts[problem]}
          </p>`
    }
  </div>`;
}

/** Says to browsers' extensions, which do not ask the form, that this is no login. */
function autofill(allowed: boolean | undefined): { ignore: "true" | typeof nothing } {
  return { ignore: allowed ? nothing : "true" };
}

export function input(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as Of<"Input">;
  const { classes, variant, size, gutter } = looks(given, "outline");
  const { ignore } = autofill(given.allowAutofillExtensions);
  return control(
    component,
    frame,
    given.placeholder,
    ({ field, value, disabled, invalid, describedBy, ariaLabel, edit }) =>
      html`<input
        class="field${classes}"
        id=${field.id}
        name=${field.name}
        type=${INPUT_TYPES.find((one) => one === given.inputType) ?? "text"}
        dir=${given.inputType === "email" || given.inputType === "url" ? "ltr" : "auto"}
        data-variant=${variant}
        data-size=${size}
        data-gutter=${gutter ?? nothing}
        placeholder=${shown(given.placeholder) || nothing}
        autocomplete=${given.allowAutofillExtensions ? nothing : "off"}
        data-1p-ignore=${ignore}
        data-lpignore=${ignore}
        data-bwignore=${ignore}
        ?required=${field.required}
        ?disabled=${disabled}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
        aria-label=${ariaLabel}
        .value=${live(shown(value))}
        @input=${(event: InputEvent) => edit((event.target as HTMLInputElement).value)}
        ${ref(entered(given))}
      />`,
  );
}

export function textarea(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as Of<"Textarea">;
  const { classes, variant, size, gutter } = looks(given, "outline");
  const rows = rowsOf(given.rows) ?? 3;
  const most = given.autoResize ? (rowsOf(given.maxRows) ?? 12) : rows;
  const { ignore } = autofill(given.allowAutofillExtensions);
  return control(
    component,
    frame,
    given.placeholder,
    ({ field, value, disabled, invalid, describedBy, ariaLabel, edit }) =>
      html`<textarea
        class="field${classes}${given.autoResize ? " growing" : ""}"
        style=${styled({ "--w-rows": `${rows}`, "--w-max-rows": `${Math.max(rows, most)}` })}
        id=${field.id}
        name=${field.name}
        rows=${rows}
        dir="auto"
        data-variant=${variant}
        data-size=${size}
        data-gutter=${gutter ?? nothing}
        placeholder=${shown(given.placeholder) || nothing}
        autocomplete=${given.allowAutofillExtensions ? nothing : "off"}
        data-1p-ignore=${ignore}
        data-lpignore=${ignore}
        data-bwignore=${ignore}
        ?required=${field.required}
        ?disabled=${disabled}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
        aria-label=${ariaLabel}
        .value=${live(shown(value))}
        @input=${(event: InputEvent) => edit((event.target as HTMLTextAreaElement).value)}
        ${ref(entered(given))}
      ></textarea>`,
  );
}

function rowsOf(value: unknown): number | undefined {
  return typeof value === "number" && value >= 1
    ? Math.min(MAX_ROWS, Math.floor(value))
    : undefined;
}

/** A text that can be changed where it stands. */
export function editableText(
  component: Of<"Text">,
  editable: Editable,
  frame: Frame,
  style: Styles,
  minLines: number,
): TemplateResult | typeof nothing {
  const { ignore } = autofill(editable.allowAutofillExtensions);
  return control(
    component,
    frame,
    editable.placeholder,
    ({ field, value, disabled, invalid, describedBy, ariaLabel, edit }) =>
      html`<textarea
        class="field editable growing"
        style=${styled({
          ...style,
          "--w-rows": `${minLines}`,
          "--w-max-rows": `${Math.max(minLines, rowsOf(component.maxLines) ?? 12)}`,
        })}
        id=${field.id}
        name=${field.name}
        rows=${minLines}
        dir="auto"
        placeholder=${shown(editable.placeholder) || nothing}
        autocomplete=${shown(editable.autoComplete) || "off"}
        data-1p-ignore=${ignore}
        data-lpignore=${ignore}
        data-bwignore=${ignore}
        ?required=${field.required}
        ?disabled=${disabled}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
        aria-label=${ariaLabel}
        .value=${live(shown(value))}
        @input=${(event: InputEvent) => edit((event.target as HTMLTextAreaElement).value)}
        ${ref(entered(editable))}
      ></textarea>`,
  );
}

export function checkbox(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as Of<"Checkbox">;
  return control(
    component,
    frame,
    given.label,
    ({ field, value, disabled, invalid, describedBy, ariaLabel, edit }) =>
      html`<label class="choice">
        <input
          type="checkbox"
          id=${field.id}
          name=${field.name}
          ?required=${field.required}
          ?disabled=${disabled}
          aria-invalid=${invalid}
          aria-describedby=${describedBy}
          aria-label=${given.label ? nothing : ariaLabel}
          .checked=${live(value === true)}
          @change=${(event: Event) => {
            edit((event.target as HTMLInputElement).checked);
            frame.act(given.onChangeAction, { auto: "none", newest: true, own: field });
          }}
        />
        ${given.label ? html`<span dir="auto">${shown(given.label)}</span>` : nothing}
      </label>`,
  );
}

export function radioGroup(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as Of<"RadioGroup">;
  const options = (given.options ?? []) as readonly SelectOption[];
  return control(
    component,
    frame,
    given.ariaLabel,
    ({ field, value, disabled, invalid, describedBy, ariaLabel, edit }) => {
      const chosen = options.findIndex((option) => option.value === value);
      return html`<div
        class="choices ${given.direction === "col" ? "col" : "row"}"
        role="radiogroup"
        aria-labelledby=${ariaLabel === nothing ? `label-${field.id}` : nothing}
        aria-label=${ariaLabel}
        aria-required=${field.required ? "true" : nothing}
        aria-invalid=${invalid}
        aria-describedby=${describedBy}
      >
        ${options.map(
          (option, place) =>
            html`<label class="choice">
              <input
                type="radio"
                id=${place === Math.max(0, chosen) ? field.id : nothing}
                name=${field.id}
                ?disabled=${disabled || option.disabled === true}
                .checked=${live(place === chosen)}
                @change=${() => {
                  edit(option.value);
                  frame.act(given.onChangeAction, { auto: "none", newest: true, own: field });
                }}
              />
              <span dir="auto">${shown(option.label)}</span>
            </label>`,
        )}
      </div>`;
    },
  );
}

export function select(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as unknown as Of<"Select">;
  const { classes, variant, size } = looks(given, "outline");
  return control(component, frame, given.placeholder, ({ field, value, ariaLabel, ...shownAs }) => {
    const { disabled, invalid, describedBy, edit } = shownAs;
    return html`<chatkit-select
      class="choosing${classes}"
      data-variant=${variant}
      data-size=${size}
      .fieldId=${field.id}
      .name=${ariaLabel === nothing ? null : ariaLabel}
      .labelId=${ariaLabel === nothing ? `label-${field.id}` : null}
      .problemId=${describedBy === nothing ? null : describedBy}
      .texts=${frame.widget.texts}
      .options=${Array.isArray(given.options) ? given.options : []}
      .value=${value}
      .placeholder=${shown(given.placeholder)}
      .clearable=${given.clearable ?? false}
      .searchable=${given.searchable ?? null}
      .disabled=${disabled}
      .invalid=${invalid !== nothing}
      @chatkit-choose=${(event: CustomEvent<{ value: string | null }>) => {
        edit(event.detail.value);
        frame.act(given.onChangeAction, { auto: "none", newest: true, own: field });
      }}
    ></chatkit-select>`;
  });
}

export function datePicker(component: Component, frame: Frame): TemplateResult | typeof nothing {
  void import("./date-picker");
  const given = component as Of<"DatePicker">;
  const { classes, variant, size } = looks(given, "outline");
  return control(component, frame, given.placeholder, ({ field, value, ariaLabel, ...shownAs }) => {
    const { disabled, invalid, describedBy, edit } = shownAs;
    return html`<chatkit-date-picker
      class="choosing${classes}"
      data-variant=${variant}
      data-size=${size}
      .fieldId=${field.id}
      .name=${ariaLabel === nothing ? null : ariaLabel}
      .labelId=${ariaLabel === nothing ? `label-${field.id}` : null}
      .problemId=${describedBy === nothing ? null : describedBy}
      .texts=${frame.widget.texts}
      .language=${frame.widget.language}
      .value=${value}
      .min=${given.min ?? null}
      .max=${given.max ?? null}
      .side=${given.side ?? "bottom"}
      .align=${given.align ?? "start"}
      .placeholder=${shown(given.placeholder)}
      .clearable=${given.clearable ?? false}
      .disabled=${disabled}
      .invalid=${invalid !== nothing}
      @chatkit-choose=${(event: CustomEvent<{ value: string | null }>) => {
        edit(event.detail.value);
        frame.act(given.onChangeAction, { auto: "none", newest: true, own: field });
      }}
    ></chatkit-date-picker>`;
  });
}
