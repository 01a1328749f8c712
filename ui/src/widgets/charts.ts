/** The place of a chart; what draws it is loaded when there is one. */
import { html, type TemplateResult } from "lit";

import { styled } from "../styled";
import { sizeStyle } from "./box-style";
import { chartTable } from "./chart-table";
import { CHART_COLORS, color } from "./colors";
import { shown, type Component, type Of } from "./components";
import type { Frame } from "./frame";
import { flex } from "./lengths";

/** `Chart`: a drawing, and its table where that cannot be had. */
export function chart(component: Component, { scheme, widget }: Frame): TemplateResult {
  const given = component as unknown as Of<"Chart">;
  const series = rows(given.series);
  const data = { ...given, series, data: rows(given.data), xAxis: axis(given.xAxis) };
  if (!widget.parts.has("Chart", () => import("./chart"))) {
    return html`<div class="table">${chartTable(data, widget.texts, "")}</div>`;
  }
  const colors = series.map(
    (one, place) =>
      color(one.color, scheme, "chart") ??
      color(CHART_COLORS[place % CHART_COLORS.length], scheme, "chart") ??
      "currentcolor",
  );
  return html`<chatkit-chart
    class="chart"
    style=${styled({ ...sizeStyle(given), flex: flex(given.flex) })}
    .chart=${data}
    .colors=${colors}
    .texts=${widget.texts}
  ></chatkit-chart>`;
}

function rows<T extends object>(given: readonly T[]): T[] {
  const all: readonly unknown[] = Array.isArray(given) ? given : [];
  return all.filter((one): one is T => typeof one === "object" && one !== null);
}

function axis(given: unknown): Of<"Chart">["xAxis"] {
  return typeof given === "object" && given !== null
    ? (given as Exclude<Of<"Chart">["xAxis"], string>)
    : { dataKey: shown(given) };
}
