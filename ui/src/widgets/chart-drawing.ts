/** A chart as it is seen: axes, bars, areas and lines. */
import { nothing, svg, type SVGTemplateResult } from "lit";

import { styled } from "../styled";
import type { Plot } from "./chart-plot";
import { axisOf, category, rowsOf } from "./chart-table";
import type { Series } from "./components";
import { pathOf, type Point } from "./curves";
import type { Extents } from "./scales";

/** Less room than this is not enough for what a category is called. */
const LABEL_PX = 64;
const LETTER_PX = 7;
const MAX_BAR_PX = 48;

/** The inside of an `<svg>`; the place that is pointed at, if any, stands out. */
export function drawing(
  plot: Plot,
  colors: readonly string[],
  at: number | null,
): SVGTemplateResult {
  return svg`${grid(plot)}${at === null ? nothing : here(plot, at)}
    ${plot.chart.series.map((one, place) => {
      const extents = plot.extents[place] ?? [];
      const drawn = one.type === "bar" ? bars(one, extents, plot) : curve(one, extents, plot, at);
      return svg`<g style=${styled({ "--color": colors[place] })}>${drawn}</g>`;
    })}
    ${categories(plot)}`;
}

function grid({ chart, steps, left, width, y }: Plot): SVGTemplateResult[] {
  return steps.map(
    ({ value, label }) =>
      svg`<line class=${value === 0 ? "grid zero" : "grid"} x1=${left} x2=${width} y1=${y(value)} y2=${y(value)}></line>
        ${chart.showYAxis ? svg`<text x=${left - 8} y=${y(value) + 4} text-anchor="end">${label}</text>` : nothing}`,
  );
}

function categories({ chart, x, height, column }: Plot): SVGTemplateResult[] | typeof nothing {
  if (axisOf(chart).hide) return nothing;
  const every = Math.max(1, Math.ceil(LABEL_PX / Math.max(1, column)));
  const most = Math.max(3, Math.floor((column * every) / LETTER_PX));
  return rowsOf(chart).flatMap((_, place) => {
    if (place % every !== 0) return [];
    const label = category(chart, place);
    const short = label.length > most ? `${label.slice(0, most - 1)}…` : label;
    return [svg`<text x=${x(place)} y=${height - 5} text-anchor="middle">${short}</text>`];
  });
}

function here({ x, column, top, bottom }: Plot, place: number): SVGTemplateResult {
  return svg`<rect class="here" x=${x(place) - column / 2} y=${top} width=${column} height=${Math.max(0, bottom - top)} rx="4"></rect>`;
}

/** A line through the values; of an area, what is below it too. */
function curve(
  { type, curveType }: Series,
  extents: Extents,
  { x, y }: Plot,
  marked: number | null,
): SVGTemplateResult {
  const known = extents.flatMap((one, at) => (one === null ? [] : [{ at, ...one }]));
  const tops = known.map(({ at, to }): Point => ({ x: x(at), y: y(to) }));
  const line = svg`<path class="line" d=${pathOf(tops, curveType)}></path>`;
  // A single value has no line, only its dot.
  const dots = known
    .filter(({ at }) => at === marked || known.length === 1)
    .map(({ at, to }) => svg`<circle class="dot" cx=${x(at)} cy=${y(to)} r="4"></circle>`);
  if (type !== "area") return svg`${line}${dots}`;
  const floor = known.map(({ at, from }): Point => ({ x: x(at), y: y(from) }));
  const back = pathOf(floor.toReversed(), curveType).replace(/^M/, "L");
  const area = known.length === 0 ? "" : `${pathOf(tops, curveType)}${back}Z`;
  return svg`<path class="area" d=${area}></path>${line}${dots}`;
}

/** Bars of one stack share a column. */
function bars(series: Series, extents: Extents, plot: Plot): SVGTemplateResult[] {
  const { chart, x, y, column } = plot;
  const stacks = [...new Set(chart.series.filter(({ type }) => type === "bar").map(stackOf))];
  const { barGap = 4, barCategoryGap } = chart;
  const room = Math.max(2, column - (barCategoryGap ?? column * 0.3));
  const gaps = barGap * (stacks.length - 1);
  const width = Math.max(1, Math.min(MAX_BAR_PX, (room - gaps) / stacks.length));
  const whole = width * stacks.length + gaps;
  const shift = stacks.indexOf(stackOf(series)) * (width + barGap) - whole / 2;
  return extents.flatMap((one, place) => {
    if (one === null) return [];
    const top = Math.min(y(one.from), y(one.to));
    const height = Math.abs(y(one.from) - y(one.to));
    const round = Math.min(4, width / 3, height);
    return [
      svg`<rect class="series" x=${x(place) + shift} y=${top} width=${width} height=${height} rx=${round}></rect>`,
    ];
  });
}

function stackOf({ stack, dataKey }: Series): string {
  return stack === undefined ? `key/${dataKey}` : `stack/${stack}`;
}
