/** How many of something a widget wants. */

/** A number of things from one to `most`; undefined for what is none. */
export function count(value: unknown, most: number): number | undefined {
  return typeof value === "number" && value >= 1 ? Math.min(most, Math.floor(value)) : undefined;
}
