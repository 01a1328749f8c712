/** From a chart's values to places in it. */
import type { Series } from "./components";

/** Of one series: from where to where it reaches at each place; null where it has no value. */
export type Extents = readonly ({ from: number; to: number } | null)[];

type Rows = readonly Record<string, string | number>[];

/** Series of the same type and stack stand upon each other. */
export function stacked(rows: Rows, series: readonly Series[]): Extents[] {
  const tops = new Map<string, number>();
  return series.map((one) =>
    rows.map((row, place) => {
      const value = numberOf(row[one.dataKey]);
      if (value === null) return null;
      if (one.stack === undefined || one.type === "line") return { from: 0, to: value };
      // What is below zero hangs from it, on its own.
      const stack = `${one.type}/${one.stack}/${place}/${value < 0 ? "-" : "+"}`;
      const from = tops.get(stack) ?? 0;
      tops.set(stack, from + value);
      return { from, to: from + value };
    }),
  );
}

/** A value as a number, from a text too; null for what is none. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** Round numbers that span some values, zero included; at most about `count` of them. */
export function ticks(values: readonly number[], count = 4): number[] {
  const low = Math.min(0, ...values);
  const above = Math.max(0, ...values);
  const high = above === low ? low + 1 : above;
  const span = high - low;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, place) => round((first + place) * step));
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}
