/** What the colours of a chart mean: in its legend, and where it is pointed at. */
import { html, type TemplateResult } from "lit";

import { styled } from "../styled";
import type { Texts } from "../texts";
import type { Plot } from "./chart-plot";
import { category, named, rowsOf, valueOf } from "./chart-table";
import type { Chart } from "./components";

/** The series and their colours. */
export function legend({ series }: Chart, colors: readonly string[]): TemplateResult {
  return html`<ul class="legend" aria-hidden="true">
    ${series.map((one, place) => html`<li>${swatch(colors[place])}${named(one)}</li>`)}
  </ul>`;
}

/** The values of one row, beside it. */
export function tooltip(
  { chart, x, width }: Plot,
  colors: readonly string[],
  texts: Texts,
  place: number,
): TemplateResult {
  const isLeft = x(place) < width / 2;
  const style = isLeft ? { left: `${x(place) + 12}px` } : { right: `${width - x(place) + 12}px` };
  const row = rowsOf(chart)[place];
  return html`<div class="tooltip" role="status" style=${styled(style)}>
    <p>${category(chart, place)}</p>
    ${chart.series.map(
      (one, index) =>
        html`<p>${swatch(colors[index])}${named(one)}: ${valueOf(row, one, texts)}</p>`,
    )}
  </div>`;
}

function swatch(color: string | undefined): TemplateResult {
  return html`<span class="swatch" style=${styled({ "--color": color })}></span>`;
}
