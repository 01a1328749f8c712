/** Everything that is read. */
import { html, nothing, type TemplateResult } from "lit";

import "../markdown/markdown-text";
import { styled, type Styles } from "../styled";
import { word } from "./box-style";
import { color } from "./colors";
import { shown, type Color, type Component, type Of } from "./components";
import { count } from "./counts";
import { fieldId, isEditable } from "./fields";
import type { Frame } from "./frame";
import { editableText } from "./inputs";
import { pixels } from "./lengths";

const WEIGHTS = { normal: "400", medium: "500", semibold: "600", bold: "700" };
const ALIGNS = { start: "start", center: "center", end: "end" };
/** Shares of the theme's text size. */
const TEXT_SIZES = { xs: ".75", sm: ".875", md: "1", lg: "1.125", xl: "1.25" };
const CAPTION_SIZES = { sm: ".6875", md: ".8125", lg: ".875" };
const TITLE_SIZES = {
  sm: "1",
  md: "1.125",
  lg: "1.25",
  xl: "1.5",
  "2xl": "1.875",
  "3xl": "2.25",
  "4xl": "3",
  "5xl": "3.75",
};
const MAX_LINES = 200;

interface Looks {
  color?: Color;
  weight?: string;
  textAlign?: string;
  truncate?: boolean;
  maxLines?: number;
  size?: string;
}

function looks(given: Looks, frame: Frame, sizes: Record<string, string>): Styles {
  const size = word(sizes, given.size);
  return {
    color: color(given.color, frame.scheme, "text"),
    fontWeight: word(WEIGHTS, given.weight),
    textAlign: word(ALIGNS, given.textAlign),
    fontSize: size === undefined ? undefined : `calc(var(--ck-size-m) * ${size})`,
    "--w-lines": lines(given.maxLines)?.toString(),
  };
}

function classes(kind: string, { truncate, maxLines }: Looks): string {
  return `${kind}${truncate ? " truncate" : lines(maxLines) === undefined ? "" : " clamp"}`;
}

function lines(value: unknown): number | undefined {
  return count(value, MAX_LINES);
}

/** `Text`: words, which can be edited if it says so. */
export function text(component: Component, frame: Frame): TemplateResult | typeof nothing {
  const given = component as Of<"Text">;
  const min = lines(given.minLines);
  const style = {
    ...looks(given, frame, TEXT_SIZES),
    inlineSize: pixels(given.width),
    minBlockSize: min === undefined ? undefined : `${min}lh`,
    fontStyle: given.italic ? "italic" : undefined,
    textDecoration: given.lineThrough ? "line-through" : undefined,
  };
  if (isEditable(given.editable)) return editableText(given, given.editable, frame, style);
  const value = shown(given.value);
  return html`<p class=${classes("text", given)} style=${styled(style)}>
    ${given.lineThrough ? html`<del dir="auto">${value}</del>` : html`<span dir="auto">${value}</span>`}
  </p>`;
}

/** `Title`: a heading. */
export function title(component: Component, frame: Frame): TemplateResult {
  const given = component as Of<"Title">;
  return html`<h2
    class=${classes("title", given)}
    style=${styled(looks(given, frame, TITLE_SIZES))}
  >
    <span dir="auto">${shown(given.value)}</span>
  </h2>`;
}

/** `Caption`: words that go with something. */
export function caption(component: Component, frame: Frame): TemplateResult {
  const given = component as Of<"Caption">;
  return html`<p
    class=${classes("caption", given)}
    style=${styled(looks(given, frame, CAPTION_SIZES))}
  >
    <span dir="auto">${shown(given.value)}</span>
  </p>`;
}

/** `Markdown`: rendered by the element that renders answers. */
export function markdown(component: Component, frame: Frame): TemplateResult {
  const { value, streaming = false } = component as Of<"Markdown">;
  return html`<chatkit-markdown
    class="markdown"
    .text=${shown(value)}
    .streaming=${streaming}
    .imageDomains=${frame.widget.imageDomains}
  ></chatkit-markdown>`;
}

/** The name of a field; a press on it leads there. */
export function label(component: Component, frame: Frame): TemplateResult {
  const given = component as Of<"Label">;
  const field = fieldId(frame.form?.path ?? null, shown(given.fieldName));
  const required = frame.widget.outline.fields.find(({ id }) => id === field)?.required ?? false;
  return html`<label
    class="label"
    id=${`label-${field}`}
    for=${field}
    style=${styled(looks(given, frame, TEXT_SIZES))}
    ><span dir="auto">${shown(given.value)}</span
    >${required ? html`<span class="star" aria-hidden="true"> *</span>` : nothing}</label
  >`;
}
