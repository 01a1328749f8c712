/** Boxes, and what stands between them. */
import { html, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";

import { styled, type Styles } from "../styled";
import { boxStyle } from "./box-style";
import { color } from "./colors";
import { childrenOf, type BoxProps, type Component, type Of } from "./components";
import type { Frame } from "./frame";
import { pixels, units } from "./lengths";

/** `Box`: its children, without a gap of its own. */
export function box(component: Component, frame: Frame): TemplateResult {
  const { direction } = component as Of<"Box">;
  return flow(component, frame, direction === "row" ? "box row" : "box col");
}

/** `Row`: its children beside each other. */
export function row(component: Component, frame: Frame): TemplateResult {
  return flow(component, frame, "box row spaced");
}

/** `Col`: its children below each other. */
export function col(component: Component, frame: Frame): TemplateResult {
  return flow(component, frame, "box col spaced");
}

function flow(component: Component, frame: Frame, classes: string): TemplateResult {
  const style = boxStyle(component as unknown as BoxProps, frame.scheme);
  return html`<div class=${classes} style=${styled({ ...style, ...flushEdges(style) })}>
    ${frame.children(component)}
  </div>`;
}

/** A form of its own: its fields' values go with every action in it. */
export function form(component: Component, frame: Frame): TemplateResult {
  const { direction, onSubmitAction } = component as Of<"Form">;
  const within = frame.inForm(onSubmitAction ?? null);
  const style = boxStyle(component as unknown as BoxProps, frame.scheme);
  return html`<form
    class=${direction === "row" ? "box row spaced" : "box col spaced form"}
    style=${styled({ ...style, ...flushEdges(style) })}
    novalidate
    aria-busy=${frame.isLoading ? "true" : "false"}
    @submit=${(event: Event) => {
      submitted(event, within);
    }}
  >
    ${within.children(component)}
  </form>`;
}

/** Send a form by its frame, and not by the browser. */
export function submitted(event: Event, form: Frame): void {
  event.preventDefault();
  event.stopPropagation();
  form.submit();
}

/** How far something flush reaches out to the edges of the box around it. */
export function flushEdges(style: Styles): Styles {
  const { padding } = style;
  const whole = typeof padding === "string" && !padding.includes(" ") ? padding : undefined;
  return {
    "--w-flush-start": style["paddingInlineStart"] ?? whole ?? "0px",
    "--w-flush-end": style["paddingInlineEnd"] ?? whole ?? "0px",
    "--w-flush-top": style["paddingBlockStart"] ?? whole ?? "0px",
    "--w-flush-bottom": style["paddingBlockEnd"] ?? whole ?? "0px",
  };
}

/** `Spacer`: takes the room that others leave. */
export function spacer(component: Component): TemplateResult {
  const { minSize } = component as Of<"Spacer">;
  return html`<div class="spacer" style=${styled({ flexBasis: pixels(minSize) })}></div>`;
}

/** `Divider`: a line between others; flush, from edge to edge of the box around it. */
export function divider(component: Component, frame: Frame): TemplateResult {
  const { color: given, size, spacing, flush } = component as Of<"Divider">;
  const style = {
    "--w-line": pixels(size),
    "--w-line-color": color(given, frame.scheme, "border"),
    "--w-line-space": units(spacing),
  };
  return html`<hr class=${flush ? "divider flush" : "divider"} style=${styled(style)} />`;
}

/** Its child comes in gently when it is another one than before. */
export function transition(component: Component, frame: Frame): TemplateResult {
  const [child] = childrenOf(component);
  const name = child === undefined ? "" : (child.key ?? child.id ?? child.type);
  return html`<div class="transition" data-transition>
    ${keyed(name, html`<div class="entering">${frame.children(component)}</div>`)}
  </div>`;
}
