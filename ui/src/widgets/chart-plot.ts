/** Where in a drawing the values of a chart are. */
import type { Texts } from "../texts";
import { axisOf, rowsOf } from "./chart-table";
import type { Chart } from "./components";
import { stacked, ticks, type Extents } from "./scales";

const AXIS_PX = 22;
const TOP_PX = 8;
/** Of a digit of an axis, about. */
const DIGIT_PX = 7;

/** A chart in a box of pixels. */
export interface Plot {
  readonly chart: Chart;
  /** Of each series, where its values are. */
  readonly extents: readonly Extents[];
  /** Values that have a line. */
  readonly steps: readonly { value: number; label: string }[];
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  /** Width of a row's column. */
  readonly column: number;
  /** The middle of a row's column. */
  readonly x: (place: number) => number;
  readonly y: (value: number) => number;
}

/** Find room for a chart's axes, and the scale for what is left. */
export function plotOf(
  chart: Chart,
  { width, height }: { width: number; height: number },
  texts: Texts,
): Plot {
  const rows = rowsOf(chart);
  const extents = stacked(rows, chart.series);
  const values = ticks(extents.flat().flatMap((one) => (one === null ? [] : [one.from, one.to])));
  const steps = values.map((value) => ({ value, label: compact(value, texts) }));
  const longest = Math.max(...steps.map(({ label }) => label.length));
  const left = chart.showYAxis ? 12 + longest * DIGIT_PX : 0;
  const bottom = height - (axisOf(chart).hide ? 2 : AXIS_PX);
  const column = (width - left) / Math.max(1, rows.length);
  const low = values[0] ?? 0;
  const high = values.at(-1) ?? 1;
  return {
    ...{ chart, extents, steps, width, height, left, bottom, column },
    top: TOP_PX,
    x: (place) => left + column * (place + 0.5),
    y: (value) => bottom - ((value - low) / (high - low)) * (bottom - TOP_PX),
  };
}

function compact(value: number, { language }: Texts): string {
  const options = { notation: "compact", maximumFractionDigits: 2 } as const;
  return new Intl.NumberFormat(language, options).format(value);
}
