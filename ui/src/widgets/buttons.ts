/** What is pressed. */
import { html, nothing, type TemplateResult } from "lit";

import "../icons/icon";
import { styled } from "../styled";
import { word } from "./box-style";
import { shown, type Component, type Of } from "./components";
import type { Frame } from "./frame";

const COLORS = [
  "primary",
  "secondary",
  "info",
  "discovery",
  "success",
  "caution",
  "warning",
  "danger",
];
/** How much a control stands out, from most to least. */
export const VARIANTS = ["solid", "soft", "outline", "ghost"];
/** Of buttons and fields; `sizes.styles.ts` has what they are. */
export const CONTROL_SIZES = ["3xs", "2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl"];
const ICON_SIZES = { sm: "16px", md: "18px", lg: "20px", xl: "24px", "2xl": "28px" };

interface Pressed {
  label: string;
  /** What it is called without a label. */
  name?: string;
  submit?: boolean;
  tone?: string;
  variant?: string;
  size?: string;
  iconStart?: string;
  iconEnd?: string;
  iconSize?: string;
  shape?: string;
  disabled: boolean;
  loading: boolean;
  onPress: () => void;
}

/** `Button`: sends its form, or an action of its own. */
export function button(component: Component, frame: Frame): TemplateResult {
  const given = component as Of<"Button">;
  const form = given.submit === true ? frame.form : null;
  const loading = form === null ? frame.isLoading : frame.widget.actions.isLoading(form.key);
  const { style: preset = "secondary", label, iconStart, iconEnd, iconSize, size } = given;
  const action = given.onClickAction ?? null;
  return pressed(
    {
      label: shown(label),
      // No text of the protocol names an icon's button; what it does says more than how it looks.
      name: spoken(given.submit ? (form?.action ?? action)?.type : action?.type),
      submit: form !== null,
      tone: given.color ?? preset,
      variant: given.variant ?? (preset === "primary" || given.color ? "solid" : "outline"),
      size,
      iconStart,
      iconEnd,
      iconSize,
      shape: [given.pill && "pill", given.uniform && "uniform", given.block && "block"]
        .filter(Boolean)
        .join(" "),
      disabled: given.disabled === true || frame.widget.isBusy,
      loading,
      onPress: () => {
        if (given.submit) frame.submit(action);
        else frame.act(action, { auto: "self" });
      },
    },
    frame,
  );
}

/** A button with its looks; while its action is under way it turns, and keeps the focus. */
export function pressed(look: Pressed, { widget }: Frame): TemplateResult {
  const { label, iconStart, iconEnd, loading } = look;
  const symbol = (name: string): TemplateResult =>
    html`<chatkit-icon
      name=${name}
      style=${styled({ fontSize: word(ICON_SIZES, look.iconSize) })}
    ></chatkit-icon>`;
  return html`<button
    class="button ${look.shape ?? ""}"
    type=${look.submit ? "submit" : "button"}
    data-tone=${COLORS.find((one) => one === look.tone) ?? "secondary"}
    data-variant=${VARIANTS.find((one) => one === look.variant) ?? "outline"}
    data-size=${CONTROL_SIZES.find((one) => one === look.size) ?? "lg"}
    ?disabled=${look.disabled}
    aria-disabled=${loading ? "true" : nothing}
    aria-busy=${loading ? "true" : nothing}
    aria-label=${label === "" ? look.name || spoken(iconStart ?? iconEnd) : nothing}
    @click=${(event: Event) => {
      // A submit button's press would submit the form a second time.
      event.preventDefault();
      if (!loading) look.onPress();
    }}
  >
    ${iconStart ? symbol(shown(iconStart)) : nothing}${label === "" ? nothing : html`<span>${label}</span>`}${
      iconEnd ? symbol(shown(iconEnd)) : nothing
    }${
      loading
        ? html`<span class="spinner" role="img" aria-label=${widget.texts.working}></span>`
        : nothing
    }
  </button>`;
}

/** The words of an identifier, of an action or of an icon: `todo.mark_done`, `lucide:book-open`. */
function spoken(identifier: unknown): string {
  return shown(identifier)
    .replace(/^lucide:/, "")
    .split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u)
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
}
