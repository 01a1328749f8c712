/** Lines through points, as SVG paths. */

/** In pixels, from the upper left corner. */
export interface Point {
  x: number;
  y: number;
}

/**
 * A path through points.
 *
 * @param curve `curveType` of the protocol. Closed and open variants are drawn as their plain ones,
 * and all the round ones alike: through every point, and never beyond two neighbours.
 */
export function pathOf(points: readonly Point[], curve: string | null | undefined): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const begin = `M${at(first.x, first.y)}`;
  const kind = curve ?? "linear";
  if (kind.startsWith("step")) return begin + stepped(first, rest, kind);
  return kind.startsWith("linear") || points.length < 3
    ? begin + rest.map(({ x, y }) => `L${at(x, y)}`).join("")
    : begin + rounded(points);
}

function stepped(first: Point, rest: readonly Point[], kind: string): string {
  let before = first;
  return rest
    .map((point) => {
      const middle =
        kind === "stepBefore"
          ? before.x
          : kind === "stepAfter"
            ? point.x
            : (before.x + point.x) / 2;
      const drawn = `L${at(middle, before.y)}L${at(middle, point.y)}L${at(point.x, point.y)}`;
      before = point;
      return drawn;
    })
    .join("");
}

/** Monotone cubic interpolation (Fritsch and Carlson, 1980). */
function rounded(points: readonly Point[]): string {
  const slopes = points.map((point, place) => {
    const before = slope(points[place - 1], point);
    const after = slope(point, points[place + 1]);
    if (before === null || after === null) return before ?? after ?? 0;
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
  return points
    .slice(1)
    .map((point, place) => {
      const from = points[place] ?? point;
      const third = (point.x - from.x) / 3;
      const one = at(from.x + third, from.y + third * (slopes[place] ?? 0));
      const two = at(point.x - third, point.y - third * (slopes[place + 1] ?? 0));
      return `C${one} ${two} ${at(point.x, point.y)}`;
    })
    .join("");
}

function slope(from: Point | undefined, to: Point | undefined): number | null {
  if (from === undefined || to === undefined || to.x === from.x) return null;
  return (to.y - from.y) / (to.x - from.x);
}

function at(x: number, y: number): string {
  return `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`;
}
