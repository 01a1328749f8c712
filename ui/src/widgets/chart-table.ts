/** A chart as it is read: its rows as a table. */
import { html, type TemplateResult } from "lit";

import type { Texts } from "../texts";
import { shown, type Chart, type Series } from "./components";

/** More than a chart can show apart. */
const MAX_ROWS = 500;
/** More digits than these are noise of the computer's own numbers: 0.1 + 0.2. */
const DIGITS = 12;

/** What a chart's categories are. */
export type Axis = Exclude<Chart["xAxis"], string>;
type Row = Chart["data"][number];

/** The rows that are shown. */
export function rowsOf({ data }: Chart): readonly Row[] {
  return data.slice(0, MAX_ROWS);
}

/** The axis of the categories, which may be no more than a name. */
export function axisOf({ xAxis }: Chart): Axis {
  return typeof xAxis === "string" ? { dataKey: xAxis } : xAxis;
}

/** What a row is called. */
export function category(chart: Chart, place: number): string {
  const { dataKey, labels = {} } = axisOf(chart);
  const value = shown(chart.data[place]?.[dataKey]);
  return Object.hasOwn(labels, value) ? shown(labels[value]) : value;
}

/** What a series is called. */
export function named({ label, dataKey }: Series): string {
  return shown(label) || shown(dataKey);
}

/** A series' value in a row: numbers as the reader writes them, texts as they are. */
export function valueOf(row: Row | undefined, { dataKey }: Series, { language }: Texts): string {
  const value = row?.[dataKey];
  return typeof value === "number"
    ? new Intl.NumberFormat(language, { maximumSignificantDigits: DIGITS }).format(value)
    : shown(value);
}

/** All of a chart in words and numbers. */
export function chartTable(chart: Chart, texts: Texts, classes: string): TemplateResult {
  const { series } = chart;
  return html`<table class=${classes}>
    <caption>
      ${texts.chart}
    </caption>
    <thead>
      <tr>
        <th scope="col">${axisOf(chart).dataKey}</th>
        ${series.map((one) => html`<th scope="col">${named(one)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rowsOf(chart).map(
        (row, place) =>
          html`<tr>
            <th scope="row">${category(chart, place)}</th>
            ${series.map((one) => html`<td>${valueOf(row, one, texts)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
